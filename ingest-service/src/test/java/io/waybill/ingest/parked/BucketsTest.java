package io.waybill.ingest.parked;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.ingest.parked.Buckets.Fault;
import io.waybill.ingest.parked.Buckets.Pause;
import io.waybill.store.StoreException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private static final Duration PROMPT = Duration.ofMillis(10);
    private static final StoreException OF_BUCKET = new StoreException("no connection");
    private static final StoreException OF_OBJECT = StoreException.ofObject("403", new IllegalStateException("403"));

    private final ManualClock clock = new ManualClock();
    private final Buckets buckets = new Buckets(clock, Duration.ofMillis(250));

    @Test
    void shouldBlameAnObjectThatIsRefusedAlone() {
        assertThat(buckets.failed("outbound", "a", false, OF_OBJECT)).isEqualTo(Fault.OBJECT);
        assertThat(buckets.isPaused("outbound")).isFalse();
    }

    @Test
    void shouldBlameEveryRefusedObjectWhileAnotherKeyIsAnswered() {
        buckets.answered("outbound", PROMPT);
        assertThat(buckets.failed("outbound", "a", false, OF_OBJECT)).isEqualTo(Fault.OBJECT);
        assertThat(buckets.failed("outbound", "b", false, OF_OBJECT)).isEqualTo(Fault.OBJECT);
        assertThat(buckets.failed("outbound", "c", false, OF_BUCKET)).isEqualTo(Fault.OBJECT);
        assertThat(buckets.pauses()).isEmpty();
    }

    @Test
    void shouldBlameTheBucketIfAnotherKeyIsRefusedTooAndNoneIsAnswered() {
        buckets.failed("outbound", "a", false, OF_OBJECT);
        assertThat(buckets.failed("outbound", "a", false, OF_OBJECT)).isEqualTo(Fault.OBJECT);
        assertThat(buckets.failed("outbound", "b", false, OF_OBJECT)).isEqualTo(Fault.BUCKET);
        assertThat(buckets.isPaused("outbound")).isTrue();
    }

    @Test
    void shouldPauseOnlyTheBucketThatDoesNotAnswer() {
        assertThat(buckets.failed("away", "a", false, OF_BUCKET)).isEqualTo(Fault.BUCKET);
        clock.advance(Duration.ofMinutes(7));
        assertThat(buckets.pauses()).containsExactly(new Pause("away", Duration.ofMinutes(7), "no connection"));
        assertThat(buckets.isPrompt("outbound")).isTrue();
        assertThat(buckets.isPrompt("away")).isFalse();
    }

    @Test
    void shouldEndAPauseWithAnyAnswer() {
        buckets.failed("outbound", "a", false, OF_BUCKET);
        buckets.answered("outbound", PROMPT);
        assertThat(buckets.pauses()).isEmpty();
        assertThat(buckets.isPrompt("outbound")).isTrue();
    }

    @Test
    void shouldBlameTheBucketWhenItsLastAnswerIsLongAgo() {
        buckets.answered("outbound", PROMPT);
        clock.advance(Duration.ofMinutes(2));
        assertThat(buckets.failed("outbound", "a", false, OF_BUCKET)).isEqualTo(Fault.BUCKET);
    }

    @Test
    void shouldNotPauseABucketForObjectsThatWereFoundToBeAtFault() {
        buckets.answered("outbound", PROMPT);
        clock.advance(Duration.ofMinutes(2));
        assertThat(buckets.failed("outbound", "a", true, OF_OBJECT)).isEqualTo(Fault.OBJECT);
        assertThat(buckets.failed("outbound", "b", true, OF_OBJECT)).isEqualTo(Fault.OBJECT);
        assertThat(buckets.pauses()).isEmpty();
    }

    @Test
    void shouldAskAPausedBucketLessAndLessOften() {
        buckets.failed("outbound", "a", false, OF_BUCKET);
        assertThat(buckets.isProbeDue("outbound")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(buckets.isProbeDue("outbound")).isTrue();
        buckets.failed("outbound", "b", false, OF_BUCKET);
        clock.advance(Duration.ofSeconds(1));
        assertThat(buckets.isProbeDue("outbound")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(buckets.isProbeDue("outbound")).isTrue();
    }

    @Test
    void shouldTakeABucketForSlowUntilAnAnswerIsPrompt() {
        buckets.slow("outbound");
        buckets.answered("outbound", Duration.ofSeconds(2));
        assertThat(buckets.isPrompt("outbound")).isFalse();
        buckets.answered("outbound", PROMPT);
        assertThat(buckets.isPrompt("outbound")).isTrue();
    }
}
