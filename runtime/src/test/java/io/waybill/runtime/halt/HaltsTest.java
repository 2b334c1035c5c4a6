package io.waybill.runtime.halt;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.domain.Suspension.Subject;
import io.waybill.domain.schedule.OpeningWindow;
import io.waybill.domain.schedule.Schedule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HaltsTest {
    private static final DestinationName ACME = new DestinationName("acme");
    private static final RouteName INVOICES = new RouteName("invoices");
    /** A Wednesday. */
    private static final Instant NOON = Instant.parse("2026-01-14T12:00:00Z");
    private static final Instant EVENING = Instant.parse("2026-01-14T18:00:00Z");
    private static final Instant MORNING = Instant.parse("2026-01-15T08:00:00Z");

    private final Halts halts = new Halts(Map.of(
            ACME, new Schedule(List.of(OpeningWindow.parse("Mon-Fri 08:00-18:00 UTC")), List.of())));

    private void pause(Subject subject, Instant at, @Nullable Instant until) {
        halts.heard(halts.of(subject).paused(at, until, "ann", "maintenance"));
    }

    private Optional<Halt> at(Instant now) {
        return halts.of(INVOICES, ACME, now);
    }

    @Test
    void shouldSayWhoPausedItAndUntilWhen() {
        pause(new Subject.Destination(ACME), NOON, NOON.plusSeconds(600));

        assertThat(at(NOON).orElseThrow().text())
                .isEqualTo("destination acme is paused by ann until 2026-01-14T12:10:00Z: maintenance");
        assertThat(halts.of(new RouteName("other"), ACME, NOON)).isPresent();
        assertThat(halts.of(INVOICES, new DestinationName("beta"), NOON)).isEmpty();
    }

    @Test
    void shouldPauseOneRouteOfADestination() {
        pause(new Subject.OfRoute(INVOICES), NOON, null);

        assertThat(at(NOON).orElseThrow().text())
                .isEqualTo("route invoices is paused by ann, until somebody resumes it: maintenance");
        assertThat(halts.of(new RouteName("other"), ACME, NOON)).isEmpty();
    }

    @Test
    void shouldSayWhenItOpens() {
        assertThat(at(EVENING).orElseThrow().text()).isEqualTo(
                "destination acme is closed until 2026-01-15T08:00:00Z (open Mon,Tue,Wed,Thu,Fri 08:00-18:00 UTC)");
    }

    @Test
    void shouldCountTheClosedNightBehindAPauseThatEndsInIt() {
        pause(new Subject.Destination(ACME), NOON, EVENING.plusSeconds(60));

        assertThat(at(NOON).orElseThrow().until()).contains(MORNING);
    }

    @Test
    void shouldForgetAPauseOfWhichItHearsThatItEnded() {
        var acme = new Subject.Destination(ACME);
        pause(acme, NOON, null);

        halts.heard(halts.of(acme).resumed(NOON.plusSeconds(60), "bob", ""));

        assertThat(at(NOON.plusSeconds(60))).isEmpty();
        assertThat(halts.now(NOON.plusSeconds(60))).isEmpty();
    }

    @Test
    void shouldObeyAnOrderOfAProcessWhoseClockIsAheadOfThisOne() {
        var route = new Subject.OfRoute(INVOICES);
        Instant soon = NOON.plusSeconds(30);
        pause(route, soon, soon.plusSeconds(600));

        assertThat(at(NOON).orElseThrow().until()).contains(soon.plusSeconds(600));
        assertThat(halts.halted(INVOICES, ACME, NOON)).isTrue();

        halts.heard(halts.of(route).resumed(soon.plusSeconds(60), "ann", ""));
        assertThat(at(NOON)).isEmpty();
        assertThat(halts.halted(INVOICES, ACME, NOON)).isFalse();
    }
}
