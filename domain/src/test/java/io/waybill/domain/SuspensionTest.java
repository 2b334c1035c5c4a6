package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Suspension.Subject;
import io.waybill.domain.schedule.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SuspensionTest {
    private static final Instant NOW = Example.NOW;
    private static final Subject ACME = new Subject.Destination(new DestinationName("acme"));
    private static final Suspension NEVER = Suspension.none(ACME);

    private static Instant hour(int hours) {
        return NOW.plus(Duration.ofHours(hours));
    }

    @Test
    void shouldStayPausedUntilSomebodyResumes() {
        Suspension paused = NEVER.paused(NOW, null, "ann", "maintenance");

        assertThat(paused.halted(NOW)).isTrue();
        assertThat(paused.halted(hour(10_000))).isTrue();
        assertThat(paused.haltedUntil(NOW)).isEmpty();
        assertThat(paused.resumed(hour(8), "ann", "").halted(hour(8))).isFalse();
    }

    @Test
    void shouldEndByItselfAtTheGivenTime() {
        Suspension paused = NEVER.paused(NOW, hour(8), "ann", "maintenance");

        assertThat(paused.haltedUntil(hour(1))).contains(hour(8));
        assertThat(paused.halted(hour(8))).isFalse();
    }

    @Test
    void shouldKeepItsBeginIfAnotherOrderMovesItsEnd() {
        Suspension paused = NEVER.paused(NOW, hour(1), "ann", "").paused(hour(0).plusSeconds(1), hour(4), "bob", "");

        assertThat(paused.pauses()).containsExactly(new Span(NOW, hour(4)));
    }

    @Test
    void shouldNotCountTheTimeOfAPauseThatIsOver() {
        Suspension over = NEVER.paused(NOW, null, "ann", "").resumed(hour(8), "ann", "");

        assertThat(over.after(hour(-1), Duration.ofHours(2))).contains(hour(9));
        assertThat(over.after(hour(8), Duration.ofHours(2))).contains(hour(10));
    }

    @Test
    void shouldKnowNoEndOfTheWindowWhileNobodyKnowsTheEndOfThePause() {
        assertThat(NEVER.paused(NOW, null, "ann", "").after(hour(-1), Duration.ofHours(2))).isEmpty();
    }

    @Test
    void shouldLeaveNothingOfAPauseIfTheClockOfTheResumingProcessIsBehind() {
        Suspension resumed = NEVER.paused(NOW, null, "ann", "").resumed(hour(-1), "ann", "");

        assertThat(resumed.halted(NOW)).isFalse();
        assertThat(resumed.pauses()).isEmpty();
    }

    @Test
    void shouldHoldAndEndForWhoeverKnowsTheOrderThoughItsClockIsBehind() {
        Suspension paused = NEVER.paused(NOW, hour(8), "ann", "");

        assertThat(paused.present(hour(-1))).contains(new Span(NOW, hour(8)));
        assertThat(paused.resumed(hour(1), "ann", "").present(NOW)).isEmpty();
    }

    @Test
    void shouldTakeAnOrderThoughTheClockOfTheOneBeforeWasAhead() {
        Suspension paused = NEVER.paused(hour(100), null, "ann", "").paused(NOW, hour(1), "bob", "");

        assertThat(paused.pauses()).containsExactly(new Span(NOW, hour(1)));
    }

    @Test
    void shouldForgetTheOldestPausesAndNeverThePresentOne() {
        Suspension many = IntStream.range(0, 300).boxed().reduce(
                NEVER,
                (before, i) -> before.paused(hour(2 * i), hour(2 * i + 1), "ann", ""),
                (one, _) -> one);

        assertThat(many.pauses()).hasSize(Suspension.MOST_PAUSES);
        assertThat(many.halted(hour(598))).isTrue();
    }

    @Test
    void shouldHaveAKeyThatNoReleaseOfThePlaceHas() {
        var release = new Release(
                new Place.Destination(new DestinationName("acme")), NOW, Release.Cause.STARTED, "worker-1");

        assertThat(NEVER.key()).isNotEqualTo(release.key());
        assertThat(NEVER.key()).isNotEqualTo(Suspension.none(new Subject.OfRoute(new RouteName("acme"))).key());
    }
}
