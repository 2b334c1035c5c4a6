package io.waybill.domain.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Windows and blackouts around the nights in which the clocks are put forward or back. The judge looks at a clock on the
 * wall every minute, and knows nothing of transitions.
 */
class SchedulePropertiesTest {
    /** One hour, half an hour, at midnight, in the south, none. */
    private static final List<String> ZONES = List.of(
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "America/Havana",
            "America/Asuncion",
            "Asia/Beirut",
            "Asia/Kolkata",
            "UTC");
    private static final int YEAR = 2024;
    private static final Duration LOOK = Duration.ofHours(60);

    record Case(Schedule schedule, Instant at) {}

    @Provide
    Arbitrary<Case> cases() {
        return Arbitraries.of(ZONES).map(ZoneId::of).flatMap(zone -> {
            Arbitrary<Instant> moments = moments(zone);
            Arbitrary<Schedule> schedules = Combinators.combine(
                    windows(zone).list().ofMaxSize(3), blackouts(zone).list().ofMaxSize(1))
                    .as(Schedule::new);
            return Combinators.combine(schedules, moments).as(Case::new);
        });
    }

    /** In the two days around each transition of a year, or anywhere in it. */
    private static Arbitrary<Instant> moments(ZoneId zone) {
        Instant begin = LocalDate.of(YEAR, 1, 1).atStartOfDay(zone).toInstant();
        var nights = new ArrayList<Instant>();
        var transition = zone.getRules().nextTransition(begin);
        while (transition != null && transition.getInstant().isBefore(begin.plus(Duration.ofDays(366)))) {
            nights.add(transition.getInstant());
            transition = zone.getRules().nextTransition(transition.getInstant());
        }
        if (nights.isEmpty()) {
            nights.add(begin);
        }
        return Combinators.combine(Arbitraries.of(nights), Arbitraries.integers().between(-2880, 1440))
                .as((night, minutes) -> night.plus(minutes, ChronoUnit.MINUTES));
    }

    private static Arbitrary<OpeningWindow> windows(ZoneId zone) {
        Arbitrary<Set<DayOfWeek>> days = Arbitraries.of(DayOfWeek.class).set().ofMinSize(1);
        return Combinators.combine(
                days, Arbitraries.integers().between(0, 1439), Arbitraries.integers().between(1, 1440))
                .as((some, from, to) -> new OpeningWindow(some, from, to, zone));
    }

    private static Arbitrary<ClosedDays> blackouts(ZoneId zone) {
        return Arbitraries.integers().between(1, 366).set().ofMaxSize(200).map(days -> new ClosedDays(
                "holidays", zone, Days.of(days.stream().map(day -> LocalDate.ofYearDay(YEAR, day).toString())
                        .map(Days::parse).toList())));
    }

    private static boolean judged(Schedule schedule, Instant at) {
        for (ClosedDays blackout : schedule.blackouts()) {
            if (blackout.days().dates().contains(LocalDateTime.ofInstant(at, blackout.zone()).toLocalDate())) {
                return true;
            }
        }
        return !schedule.windows().isEmpty() && schedule.windows().stream().noneMatch(window -> {
            ZonedDateTime wall = at.atZone(window.zone());
            LocalTime time = wall.toLocalTime();
            boolean today = window.days().contains(wall.getDayOfWeek());
            boolean yesterday = window.days().contains(wall.getDayOfWeek().minus(1));
            LocalTime from = LocalTime.ofSecondOfDay(window.from() * 60L);
            boolean begun = !time.isBefore(from);
            boolean before = window.to() == 1440 || time.isBefore(LocalTime.ofSecondOfDay(window.to() * 60L));
            return window.to() > window.from() ? today && begun && before : today && begun || yesterday && before;
        });
    }

    @Property(seed = "4711", tries = 300)
    void shouldJudgeEachMinuteAsAClockOnTheWallDoes(@ForAll("cases") Case each) {
        for (int minute = 0; minute < LOOK.toMinutes(); minute++) {
            Instant at = each.at().plus(minute, ChronoUnit.MINUTES);

            assertThat(each.schedule().halted(at)).as("at %s", at).isEqualTo(judged(each.schedule(), at));
        }
    }

    @Property(seed = "4711", tries = 1000)
    void shouldNotChangeBeforeTheMomentThatItNames(@ForAll("cases") Case each) {
        Instant next = each.schedule().next(each.at());

        assertThat(next).isAfter(each.at());
        boolean now = each.schedule().halted(each.at());
        for (Instant at = each.at(); at.isBefore(next) && at.isBefore(each.at().plus(LOOK)); at = at.plusSeconds(60)) {
            assertThat(judged(each.schedule(), at)).as("at %s, before %s", at, next).isEqualTo(now);
        }
    }

    @Property(seed = "4711", tries = 300)
    void shouldFindTheFirstOpenMinute(@ForAll("cases") Case each) {
        Instant end = each.at().plus(LOOK);
        Instant at = each.at();
        while (at.isBefore(end) && judged(each.schedule(), at)) {
            at = at.plusSeconds(60);
        }
        if (at.isBefore(end)) {
            assertThat(each.schedule().haltedUntil(each.at())).contains(at);
        } else {
            assertThat(each.schedule().haltedUntil(each.at()).orElse(Instant.MAX)).isAfterOrEqualTo(end);
        }
    }

    @Property(seed = "4711", tries = 300)
    void shouldCountEveryOpenMinuteOnceAndNoClosedOne(@ForAll("cases") Case each) {
        Duration allowed = Duration.ofMinutes(90);
        long open = 0;
        Instant at = each.at();
        while (open < allowed.toMinutes() && at.isBefore(each.at().plus(LOOK))) {
            open += judged(each.schedule(), at) ? 0 : 1;
            at = at.plusSeconds(60);
        }
        if (open == allowed.toMinutes()) {
            assertThat(each.schedule().after(each.at(), allowed)).contains(at);
        } else {
            assertThat(each.schedule().after(each.at(), allowed).orElse(Instant.MAX)).isAfterOrEqualTo(at);
        }
    }
}
