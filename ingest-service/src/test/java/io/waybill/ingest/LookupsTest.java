package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.waybill.ingest.parked.Buckets;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.ObjectCatalog;
import io.waybill.store.ObjectVersion;
import io.waybill.store.StoreException;
import io.waybill.testkit.CaughtWarnings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(30)
class LookupsTest {
    private static final Lookups.Policy PATIENT =
            new Lookups.Policy(8, Duration.ofSeconds(20), Duration.ofSeconds(20));

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(Lookups.class);

    private final ProcessClock clock = ProcessClock.system();
    private final Buckets buckets = new Buckets(clock, Duration.ofMillis(50));
    private final FakeCatalog store = new FakeCatalog();

    @Test
    void shouldAnswerEveryQuestionOnce() throws InterruptedException {
        assertThat(asked(store, questions("outbound", 100), PATIENT).answers()).hasSize(100);
        assertThat(store.questions).hasValue(100);
    }

    @Test
    void shouldAskSideBySide() throws InterruptedException {
        var together = new CyclicBarrier(PATIENT.concurrency());
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
        assertThat(asked(patient, questions("outbound", PATIENT.concurrency()), PATIENT).answers())
                .hasSize(PATIENT.concurrency());
    }

    @Test
    void shouldGoOnWithoutTheAnswerThatTheStoreRefuses() throws InterruptedException {
        store.forbidden.add("key-1");
        BatchResult.Answers answers = asked(store, questions("outbound", 3), PATIENT);
        assertThat(answers.answers()).hasSize(2);
        assertThat(answers.failures().values()).containsExactly(new BatchResult.Failure("403 for key-1", true));
    }

    @Test
    void shouldNotLetASlowBucketHoldUpAnother() throws InterruptedException {
        var silence = new CountDownLatch(1);
        IntStream.range(0, 100).forEach(i -> store.silent.put("slow-" + i, silence));
        var questions = new ArrayList<Question>();
        IntStream.range(0, 100).forEach(i -> questions.add(question("tarpit", "slow-" + i)));
        questions.addAll(questions("outbound", 20));
        var brisk = new Lookups.Policy(8, Duration.ofSeconds(20), Duration.ofMillis(100));

        assertThat(asked(store, questions, brisk).answers()).hasSize(20);

        assertThat(buckets.isPrompt("tarpit")).isFalse();
        assertThat(buckets.isPrompt("outbound")).isTrue();
        silence.countDown();
    }

    @Test
    void shouldEndWithTheBudgetOfABatchHoweverManyQuestionsItHas() throws InterruptedException {
        var silence = new CountDownLatch(1);
        List<Question> questions = questions("outbound", 10_000);
        questions.forEach(question -> store.silent.put(question.object().key(), silence));
        var small = new Lookups.Policy(8, Duration.ofMillis(200), Duration.ofSeconds(20));

        assertThat(asked(store, questions, small).answers()).isEmpty();

        assertThat(store.questions).hasValueLessThanOrEqualTo(8);
        silence.countDown();
    }

    @Test
    void shouldNotLetKeysThatHangTakeMoreAndMoreConnections() throws InterruptedException {
        var silence = new CountDownLatch(1);
        var brisk = new Lookups.Policy(8, Duration.ofSeconds(20), Duration.ofMillis(20));
        for (int batch = 0; batch < 10; batch++) {
            List<Question> hanging = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                store.silent.put("hangs-" + batch + "-" + i, silence);
                hanging.add(question("outbound", "hangs-" + batch + "-" + i));
            }
            asked(store, hanging, brisk);
        }

        assertThat(store.questions).hasValueLessThanOrEqualTo(8);
        assertThat(asked(store, questions("other", 3), brisk).answers()).hasSize(3);
        silence.countDown();
    }

    @Test
    void shouldBlameAnObjectForWhateverItProvokes() throws InterruptedException {
        store.bug = new IllegalStateException("broken");
        assertThat(asked(store, questions("outbound", 1), PATIENT).failures().values())
                .containsExactly(new BatchResult.Failure("unforeseen: java.lang.IllegalStateException: broken", true));
        assertThat(warnings.traces()).isEqualTo(1);
    }

    @Test
    void shouldNotWaitForEverForAQuestionWhoseThreadDied() {
        ObjectCatalog dying = new FakeCatalog() {
            @Override
            public Answer describe(ObjectVersion object) {
                throw new OutOfMemoryError("Java heap space");
            }
        };
        assertThatIllegalStateException()
                .isThrownBy(() -> asked(dying, questions("outbound", 3), PATIENT))
                .withRootCauseInstanceOf(OutOfMemoryError.class);
    }

    private BatchResult.Answers asked(ObjectCatalog catalog, List<Question> questions, Lookups.Policy policy)
            throws InterruptedException {
        try (var lookups = new Lookups(catalog, questions, buckets, policy, clock)) {
            return lookups.await();
        }
    }

    private static Question question(String bucket, String key) {
        return new Question(new ObjectVersion(bucket, key, null), null);
    }

    private static List<Question> questions(String bucket, int count) {
        return IntStream.range(0, count).mapToObj(i -> question(bucket, "key-" + i)).toList();
    }
}
