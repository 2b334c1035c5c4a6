package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.Place;
import io.waybill.domain.Suspension;
import io.waybill.domain.Suspension.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Work of a destination or a route that is paused. */
final class HaltedItemsTest extends ItemsFixture {
    private static final Duration SECOND_CALL = Duration.ofSeconds(5);

    private final Subject acme = new Subject.Destination(work.target().destination());
    private final Suspension none = Suspension.none(acme);

    private Instant now() {
        return haltClock.instant();
    }

    private void pauses(Subject subject, @Nullable Instant until) {
        halted.heard(Suspension.none(subject).paused(now(), until, "ann", "maintenance"));
    }

    private void resumes() {
        halted.heard(none.paused(now().minusSeconds(60), null, "ann", "").resumed(now(), "ann", ""));
    }

    private FileEvent.Deferred putOff() {
        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Deferred.class);
        return (FileEvent.Deferred) events().getLast();
    }

    @Test
    void shouldPutAFileOffWithoutAnAttemptWhileItsDestinationIsPaused() {
        deliverAll();
        pauses(acme, null);

        handle(work);

        assertThat(putOff().attempt()).isEqualTo(work.attempt());
        assertThat(putOff().reason().kind()).isEqualTo(FailureKind.UNREACHABLE);
        assertThat(putOff().reason().detail()).contains("destination acme is paused by ann", "maintenance");
        assertThat(deliverer.asked).isEmpty();
    }

    @Test
    void shouldPutAFileOffWhileItsRouteIsPaused() {
        deliverAll();
        pauses(new Subject.OfRoute(work.route()), now().plus(Duration.ofHours(8)));

        handle(work);

        assertThat(putOff().until()).isAfter(now().plus(Duration.ofHours(8)));
        assertThat(putOff().until()).isBefore(now().plus(Duration.ofHours(9)));
    }

    @Test
    void shouldNotStartAFileThatWaitedForItsConnectionSinceBeforeThePause() {
        deliverer.onDeliver = journal -> {
            pauses(acme, null);
            Optional<Outcome.Deferred> late = journal.halted();
            return late.<Outcome>map(outcome -> outcome).orElseGet(() -> delivered(journal));
        };

        handle(work);

        assertThat(putOff().attempt()).isEqualTo(work.attempt());
    }

    @Test
    void shouldLetAFileEndThatWasUnderWayWhenItsDestinationWasPaused() {
        deliverer.onDeliver = journal -> {
            Outcome outcome = delivered(journal);
            pauses(acme, null);
            return outcome;
        };

        handle(work);

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Started.class, FileEvent.Completed.class);
    }

    @Test
    void shouldSayThatFilesMayBeTriedWhenThePauseEndsAndOnceMoreForThoseThatItPutOffMeanwhile() {
        pauses(acme, null);
        handle(work);
        halted.handOut();
        assertThat(released).isEmpty();

        resumes();
        halted.handOut();
        halted.handOut();
        assertThat(released).containsExactly(new Place.Destination(work.target().destination()));

        haltClock.pass(SECOND_CALL);
        halted.handOut();
        halted.handOut();
        assertThat(released).hasSize(2);
    }

    @Test
    void shouldSayThatFilesMayBeTriedWhenThePauseEndsByItself() {
        pauses(acme, now().plusSeconds(60));
        handle(work);

        haltClock.pass(Duration.ofSeconds(60));
        halted.handOut();

        assertThat(released).hasSize(1);
    }

    @Test
    void shouldDeliverAsSoonAsItHearsThatThePauseEnded() {
        deliverAll();
        pauses(acme, null);
        resumes();

        handle(work);

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Started.class, FileEvent.Completed.class);
    }
}
