package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FileEvent;
import io.waybill.worker.partition.CommitEntry;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a worker that is stopping reports about its items. */
final class DrainedItemsTest extends ItemsFixture {
    @Test
    void shouldNotBeginAnItem() {
        deliverer.onDeliver = ItemsFixture::delivered;
        progress.drain(() -> Duration.ofSeconds(3));

        handle(work);

        assertThat(entries).isEmpty();
    }

    @Test
    void shouldReportAFileThatEndsInTime() {
        deliverer.onDeliver = journal -> {
            progress.drain(() -> Duration.ofSeconds(3));
            return prepare(journal);
        };

        handle(work);

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Started.class, FileEvent.Completed.class);
    }

    @Test
    void shouldReportNothingAboutAFileThatIsLeftToTheNextOwner() {
        deliverer.onDeliver = _ -> {
            progress.drain(() -> Duration.ofSeconds(3));
            return new Outcome.Dropped();
        };

        handle(work);

        assertThat(entries).extracting(CommitEntry::finished).doesNotContain(OptionalLong.of(0));
        assertThat(events()).noneMatch(FileEvent.Failed.class::isInstance);
    }

    @Test
    void shouldReportAFileThatIsGivenUpWhileTheWorkerIsNotStopping() {
        handle(work);

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Failed.class);
    }
}
