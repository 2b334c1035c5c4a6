package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.waybill.runtime.time.Backoff;
import io.waybill.store.ObjectCatalog;
import io.waybill.store.ObjectCatalog.Answer;
import io.waybill.store.ObjectVersion;
import io.waybill.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LookupsTest {
    private static final Duration AT_MOST = Duration.ofSeconds(20);
    private static final Lookups.Policy BRISK =
            new Lookups.Policy(8, new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)));

    private final FakeCatalog store = new FakeCatalog();

    @Test
    void shouldAnswerEveryQuestionOnce() throws InterruptedException {
        try (var lookups = new Lookups(store, objects(100), BRISK)) {
            assertThat(lookups.answeredWithin(AT_MOST)).isTrue();
            assertThat(lookups.answers()).hasSize(100);
            assertThat(store.questions).hasValue(100);
        }
    }

    @Test
    void shouldAskSideBySide() throws InterruptedException {
        var together = new CyclicBarrier(BRISK.concurrency());
        ObjectCatalog patient = new FakeCatalog() {
            @Override
            public Answer describe(ObjectVersion object) throws StoreException {
                try {
                    together.await(10, TimeUnit.SECONDS);
                    return new Answer.Gone();
                } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                    throw new StoreException("asked alone", e);
                }
            }
        };
        try (var lookups = new Lookups(patient, objects(BRISK.concurrency()), BRISK)) {
            assertThat(lookups.answeredWithin(AT_MOST)).isTrue();
        }
    }

    @Test
    void shouldAskAgainUntilTheStoreAnswers() throws InterruptedException {
        store.forbidden.add("key-1");
        try (var lookups = new Lookups(store, objects(3), BRISK)) {
            while (store.questions.get() < 6) {
                assertThat(lookups.answeredWithin(Duration.ofMillis(1))).isFalse();
            }
            assertThat(lookups.trouble()).contains("403 for key-1");
            store.forbidden.clear();
            assertThat(lookups.answeredWithin(AT_MOST)).isTrue();
            assertThat(lookups.trouble()).isEmpty();
        }
    }

    @Test
    void shouldHandOnWhatNoAnswerExplains() {
        store.bug = new IllegalStateException("broken");
        try (var lookups = new Lookups(store, objects(3), BRISK)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> lookups.answeredWithin(AT_MOST))
                    .withRootCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void shouldNotWaitForEverForAQuestionWhoseThreadDied() {
        ObjectCatalog dying = new FakeCatalog() {
            @Override
            public Answer describe(ObjectVersion object) {
                throw new OutOfMemoryError("Java heap space");
            }
        };
        try (var lookups = new Lookups(dying, objects(3), BRISK)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> lookups.answeredWithin(AT_MOST))
                    .withRootCauseInstanceOf(OutOfMemoryError.class);
        }
    }

    private static List<ObjectVersion> objects(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ObjectVersion("outbound", "key-" + i, null))
                .toList();
    }
}
