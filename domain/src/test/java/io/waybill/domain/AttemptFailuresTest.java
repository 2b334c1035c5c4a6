package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.LifecyclePropertiesTest.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What a state says of what went wrong before. */
final class AttemptFailuresTest {
    private static final FailureKind[] KINDS = {FailureKind.STALLED, FailureKind.DISK_FULL, FailureKind.UNREACHABLE};

    private static AttemptFailure deferral(FailureKind kind, int number, String detail) {
        Instant at = Example.NOW.plusSeconds(number);
        return new AttemptFailure(
                AttemptFailure.Kind.DEFERRED,
                at,
                at,
                Stage.DELIVERY,
                Attempt.FIRST,
                new Failure(kind, detail),
                at.plusSeconds(5),
                1);
    }

    private static AttemptFailures noted(List<Integer> kinds) {
        var noted = AttemptFailures.NONE;
        for (int number = 0; number < kinds.size(); number++) {
            noted = noted.plus(deferral(KINDS[kinds.get(number)], number, "no " + number));
        }
        return noted;
    }

    @Property(tries = 2000, seed = "20261129")
    void theListIsBoundedAndCountsWhatItDropped(@ForAll("kinds") List<Integer> kinds) {
        AttemptFailures noted = noted(kinds);

        assertThat(noted.all()).hasSizeLessThanOrEqualTo(AttemptFailures.KEPT);
        assertThat(counted(noted)).isEqualTo(kinds.size());
        assertThat(noted.dropped() > 0).isEqualTo(runs(kinds) > AttemptFailures.KEPT);
        assertThat(noted).isEqualTo(noted(kinds));
    }

    @Property(tries = 2000, seed = "20261130")
    void theNewestStayInTheOrderOfTime(@ForAll("kinds") List<Integer> kinds) {
        AttemptFailures noted = noted(kinds);

        assertInOrder(noted);
        assertThat(noted.all().getLast().until()).isEqualTo(Example.NOW.plusSeconds(kinds.size() - 1));
        assertThat(noted.all().getLast().failure())
                .isEqualTo(new Failure(KINDS[kinds.getLast()], "no " + (kinds.size() - 1)));
        // What is kept tells all that happened since it began.
        assertThat(noted.all().getFirst().from()).isEqualTo(Example.NOW.plusSeconds(noted.dropped()));
    }

    @Property(tries = 3000, seed = "20261201")
    void theRulesNoteEveryMoveThatKeptAFileFromItsEnd(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        var expected = AttemptFailures.NONE;
        int moves = 0;
        for (Step step : new RandomLife(route).live(nudges)) {
            if (step.moved()) {
                FileState file = step.known();
                AttemptFailure told = AttemptFailure.of(file);
                // Nothing is kept of a file that is forgotten.
                boolean completed = file.phase() instanceof Phase.Completed || file.forgotten();
                boolean refused = file.refusedResend().isPresent();
                if (!onlyKnowsMore(step) || file.forgotten()) {
                    moves = completed ? (refused ? 1 : 0) : moves + (told == null ? 0 : 1);
                    expected = completed
                            ? (refused ? new AttemptFailures(List.of(file.failures().all().getLast()), 0)
                                    : AttemptFailures.NONE)
                            : told == null ? expected : expected.plus(told);
                    assertThat(refused).isEqualTo(completed
                            && step.event() instanceof FileEvent.Failed
                            && step.before() != null
                            && step.before().resent());
                }

                assertThat(counted(file.failures())).isEqualTo(moves);
                // In the order of the moves: clocks may go back, the story does not.
                assertThat(file.failures()).isEqualTo(expected);
                assertThat(told != null)
                        .isEqualTo(file.phase() instanceof Phase.Waiting
                                || file.phase() instanceof Phase.Failed
                                || file.phase() instanceof Phase.TimedOut);
            }
        }
    }

    /** A delivery is noted that a report speaks of. */
    private static boolean onlyKnowsMore(Step step) {
        return step.before() != null
                && step.before().phase().equals(step.known().phase())
                && step.before().arrivedAt().equals(step.known().arrivedAt());
    }

    /** What the version before wrote has no list; the rules begin one with what comes next. */
    @Property(tries = 1000, seed = "20261202")
    void aStateWithoutAListBeginsOne(@ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        var rules = new Lifecycle(route);
        for (Step step : new RandomLife(route).live(nudges)) {
            if (step.moved() && step.before() != null && !step.known().forgotten()) {
                FileState before = step.before().with(AttemptFailures.NONE);
                FileState after = ((Decision.Moved) rules.apply(before, step.event())).state();

                assertThat(after.with(step.known().failures())).isEqualTo(step.known());
                AttemptFailure told = onlyKnowsMore(step) ? null : AttemptFailure.of(after);
                if (after.refusedResend().isEmpty()) {
                    assertThat(after.failures().all()).isEqualTo(told == null ? List.of() : List.of(told));
                }
            }
        }
    }

    @Test
    void shouldCutALongDetail() {
        AttemptFailure failure = deferral(FailureKind.STALLED, 1, "a".repeat(4_000));

        assertThat(failure.failure()).isNotNull();
        assertThat(failure.failure().detail()).hasSize(AttemptFailure.LONGEST_DETAIL).endsWith("…");
    }

    @Test
    void shouldCutAListThatAnotherVersionMadeLonger() {
        var longer = new ArrayList<AttemptFailure>();
        for (int number = 0; number < 25; number++) {
            longer.add(deferral(KINDS[number % 2], number, ""));
        }

        var cut = new AttemptFailures(longer, 3);

        assertThat(cut.all()).isEqualTo(longer.subList(5, 25));
        assertThat(cut.dropped()).isEqualTo(8);
    }

    private static int counted(AttemptFailures noted) {
        return noted.dropped() + noted.all().stream().mapToInt(AttemptFailure::count).sum();
    }

    private static int runs(List<Integer> kinds) {
        int runs = 1;
        for (int i = 1; i < kinds.size(); i++) {
            runs += kinds.get(i).equals(kinds.get(i - 1)) ? 0 : 1;
        }
        return runs;
    }

    private static void assertInOrder(AttemptFailures noted) {
        List<AttemptFailure> all = noted.all();
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).until()).isAfterOrEqualTo(all.get(i).from());
            if (i > 0) {
                assertThat(all.get(i).from()).isAfterOrEqualTo(all.get(i - 1).until());
            }
        }
    }

    @Provide
    static Arbitrary<List<Integer>> kinds() {
        return Arbitraries.integers().between(0, 2).list().ofMinSize(1).ofMaxSize(120);
    }

    @Provide
    static Arbitrary<Route> routes() {
        return LifecyclePropertiesTest.routes();
    }

    @Provide
    static Arbitrary<List<Nudge>> nudges() {
        return LifecyclePropertiesTest.nudges();
    }
}
