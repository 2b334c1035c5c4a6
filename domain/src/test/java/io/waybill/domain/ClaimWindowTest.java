package io.waybill.domain;

import static io.waybill.domain.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Decision.Moved;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A partner that is down is told of, however often somebody tries to reach it. */
final class ClaimWindowTest {
    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final Failure DOWN = new Failure(FailureKind.UNREACHABLE, "no route to host");

    private FileState file = ((Moved) new Lifecycle(Example.DELIVERY_ONLY).apply(null, Example.arrived())).state();

    private void happens(Route route, FileEvent event) {
        if (new Lifecycle(route).apply(file, event) instanceof Moved(var state, _)) {
            file = state;
        }
    }

    /** One try of a worker, which says Started before it finds the partner down, and then waits; as do the deadlines. */
    private void tries(Route route, Instant at) {
        Attempt attempt = file.phase().attempt();
        happens(route, new FileEvent.Started(Example.ID, at, Stage.DELIVERY, attempt, "worker-1"));
        happens(route, new FileEvent.Deferred(Example.ID, at, Stage.DELIVERY, attempt, at.plus(PAUSE), DOWN));
        Instant next = at.plus(PAUSE);
        if (file.under(route.timeouts()).phase() instanceof Phase.Open open
                && !open.deadline().at().isAfter(next)) {
            var reached = new FileEvent.DeadlineReached(
                    Example.ID, next, open.deadline().kind(), file.version());
            happens(route, reached);
        }
    }

    private Duration openFor(Route route) {
        Instant at = NOW;
        while (file.phase() instanceof Phase.Open && at.isBefore(NOW.plus(Duration.ofDays(60)))) {
            tries(route, at);
            at = at.plus(PAUSE);
        }
        return Duration.between(NOW, file.changedAt());
    }

    @Test
    void shouldTimeOutUnclaimedAfterAWeekThoughAWorkerTriesEveryTenMinutes() {
        Duration open = openFor(Example.DELIVERY_ONLY);

        assertThat(file.phase())
                .isEqualTo(new Phase.TimedOut(Stage.DELIVERY, Attempt.FIRST, DeadlineKind.UNCLAIMED));
        assertThat(open).isBetween(Duration.ofDays(7), Duration.ofDays(7).plus(PAUSE));
    }

    @Test
    void shouldCountAChangedTimeOutFromTheBeginningThoughItChangedWhileAWorkerTried() {
        Route three = unclaimed(Duration.ofDays(3));
        tries(Example.DELIVERY_ONLY, NOW);
        Instant later = NOW.plus(Duration.ofDays(2));
        happens(Example.DELIVERY_ONLY, Example.deadline(DeadlineKind.RETRY_DUE, file.version()));
        happens(Example.DELIVERY_ONLY,
                new FileEvent.Started(Example.ID, later, Stage.DELIVERY, Attempt.FIRST, "worker-1"));

        happens(three,
                new FileEvent.Deferred(Example.ID, later, Stage.DELIVERY, Attempt.FIRST, later.plus(PAUSE), DOWN));

        assertThat(file.since()).isEqualTo(NOW);
        assertThat(((Phase.Open) file.phase()).claimBy()).isEqualTo(NOW.plus(Duration.ofDays(3)));
        assertThat(file.under(Example.TIMEOUTS).phase())
                .extracting(phase -> ((Phase.Open) phase).claimBy())
                .isEqualTo(NOW.plus(Example.TIMEOUTS.unclaimed()));
    }

    @Test
    void shouldKeepTheWindowOfAFileThatAnEarlierVersionSawStarted() {
        var started = new Phase.Started(
                Stage.DELIVERY, Attempt.FIRST, NOW.plus(Example.TIMEOUTS.unclaimed()), NOW, "worker-1");
        file = Example.file(Example.DELIVERY_ONLY, started);
        Instant later = NOW.plus(Duration.ofDays(2));

        happens(Example.DELIVERY_ONLY,
                new FileEvent.Deferred(Example.ID, later, Stage.DELIVERY, Attempt.FIRST, later.plus(PAUSE), DOWN));

        assertThat(file.since()).isEqualTo(NOW);
    }

    private static Route unclaimed(Duration unclaimed) {
        return new Route(
                Example.INVOICES,
                Example.DELIVERY_ONLY.source(),
                Example.DELIVERY,
                Example.RETRY,
                new Timeouts(unclaimed, Example.TIMEOUTS.unfinished()),
                false,
                Route.DEFAULT_RETENTION);
    }
}
