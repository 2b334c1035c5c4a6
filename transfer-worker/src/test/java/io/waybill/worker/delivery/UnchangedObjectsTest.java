package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferWork;
import io.waybill.worker.Works;
import io.waybill.worker.metrics.Unwanted;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Versions of one object that have the ETag and the size of one before. */
final class UnchangedObjectsTest extends ItemsFixture {
    @ParameterizedTest
    @EnumSource(ConflictPolicy.class)
    void shouldNotDeliverAnObjectAgainThatWasWrittenAgainAsItWas(ConflictPolicy policy) {
        deliverAll();
        handle(version("A", 0, policy, true));
        assertDelivered();

        handle(version("A", 1, policy, true));
        assertSkipped();
        handle(version("A", 2, policy, true));
        assertSkipped();

        handle(version("B", 3, policy, true));
        assertDelivered();
        assertThat(unwanted).containsExactly(Unwanted.UNCHANGED, Unwanted.UNCHANGED);
    }

    @Test
    void shouldDeliverContentThatCameBack() {
        deliverAll();
        handle(version("A", 0));
        handle(version("B", 1));
        handle(version("A", 2));
        assertDelivered();
        assertThat(unwanted).isEmpty();
    }

    @Test
    void shouldDeliverWhatTheRouteDoesNotSkip() {
        deliverAll();
        handle(version("A", 0, ConflictPolicy.REPLACE, false));
        handle(version("A", 1, ConflictPolicy.REPLACE, false));
        assertDelivered();
    }

    @Test
    void shouldDeliverAnObjectWhoseEqualVersionFailed() {
        TransferWork first = version("A", 0);
        deliverer.onDeliver = journal -> {
            Outcome outcome = prepare(journal, Works.intentOf(first));
            return outcome instanceof Outcome.Delivered ? new Outcome.NotDelivered(NO) : outcome;
        };
        handle(first);
        assertThat(failed()).isEqualTo(NO);

        deliverAll();
        handle(version("A", 1));
        assertDelivered();
    }

    @Test
    void shouldDeliverAnObjectWithTheSameEtagAndAnotherSize() {
        deliverAll();
        handle(version("A", 0));
        handle(work(new SourceObject("outbound", "a", "v1", "A", 2, NOON.plusSeconds(1)), Attempt.FIRST,
                ConflictPolicy.REPLACE, true));
        assertDelivered();
    }

    @Test
    void shouldNotLetALateVersionReplaceWhatIsCurrentAgain() {
        deliverAll();
        handle(version("A", 0));
        handle(version("A", 2));
        assertSkipped();

        handle(version("B", 1));

        assertThat(failed().kind()).isEqualTo(FailureKind.SUPERSEDED);
        assertThat(failed().detail()).contains("a newer version");
    }

    @Test
    void shouldDeliverASkippedObjectThatAPersonRedrives() {
        deliverAll();
        handle(version("A", 0));
        TransferWork skipped = version("A", 1);
        handle(skipped);
        assertSkipped();

        handle(work(skipped.source(), Attempt.FIRST.nextSending(), ConflictPolicy.REPLACE, true));

        assertDelivered();
    }

    private void assertDelivered() {
        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);
    }

    private void assertSkipped() {
        assertThat(failed().kind()).isEqualTo(FailureKind.SUPERSEDED);
        assertThat(failed().detail()).startsWith("unchanged: ").contains("source.unchanged", "./waybill redrive");
    }

    private static TransferWork version(String etag, int second) {
        return version(etag, second, ConflictPolicy.REPLACE, true);
    }

    private static TransferWork version(String etag, int second, ConflictPolicy policy, boolean skip) {
        return work(
                new SourceObject("outbound", "a", "v" + second, etag, 1, NOON.plus(Duration.ofSeconds(second))),
                Attempt.FIRST,
                policy,
                skip);
    }

    private static TransferWork work(SourceObject source, Attempt attempt, ConflictPolicy policy, boolean skip) {
        TransferWork like = of(source);
        return new TransferWork(
                like.id(),
                like.route(),
                attempt,
                source,
                like.target(),
                policy,
                like.verify(),
                false,
                attempt.sending() - 1,
                KEEP,
                like.attributes(),
                skip);
    }
}
