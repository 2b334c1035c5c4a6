package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.LifecyclePropertiesTest.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * Promises about files that were given up and sent again, whatever comes, in whatever order and however often: of doubts, of
 * the work that is out, and of what the workers are told.
 */
final class GivenUpPropertiesTest {
    @Property(tries = 6000, seed = "20261101")
    void aDoubtIsNeverLost(@ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        boolean open = false;
        for (Step step : new RandomLife(route).live(nudges)) {
            open = open || raises(step);
            if (step.moved()
                    && (step.event() instanceof FileEvent.ResolveRequested
                            || step.event() instanceof FileEvent.Completed)) {
                open = false;
            }
            if (open) {
                assertThat(LateReports.inDoubt(step.known().phase())).isTrue();
            }
        }
    }

    /** Whether an event says that a sending is in doubt, of which nobody has decided or told otherwise. */
    private static boolean raises(Step step) {
        FileState file = step.before();
        return file != null
                && step.event() instanceof FileEvent.Failed failed
                && failed.failure().kind() == FailureKind.IN_DOUBT
                && failed.stage() == Stage.DELIVERY
                && file.phase().stage() == Stage.DELIVERY
                && (file.receipt() == null || file.resent())
                && !file.forgotten()
                && !file.sendings().delivered(failed.attempt().sending())
                && failed.attempt().sending() <= file.phase().attempt().sending()
                && failed.attempt().sending() > file.settledSendings()
                && !(failed.resend() && file.phase() instanceof Phase.Open)
                && !failedOtherwise(file, failed);
    }

    /** The same sending has failed for another reason since: what is said is older than that. */
    private static boolean failedOtherwise(FileState file, FileEvent.Failed failed) {
        return file.phase() instanceof Phase.Failed(_, var attempt, var failure)
                && attempt.sending() == failed.attempt().sending()
                && failure.kind() != FailureKind.CANCELLED
                && failure.kind() != FailureKind.IN_DOUBT;
    }

    @Property(tries = 6000, seed = "20261102")
    void aDoubtMovesAFileAtMostOnceBeforeItIsResent(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        Set<FileEvent> moved = new HashSet<>();
        for (Step step : new RandomLife(route).live(nudges)) {
            if (step.moved() && step.event() instanceof FileEvent.ResendRequested) {
                // A doubt about a sending that was given up counts for the resend, too: it errs to the safe side.
                moved.clear();
            }
            if (step.moved() && step.event() instanceof FileEvent.Failed failed && !failed.resend()
                    && failed.failure().kind() == FailureKind.IN_DOUBT) {
                assertThat(moved.add(failed)).isTrue();
            }
        }
    }

    @Property(tries = 6000, seed = "20261103")
    void atMostOneAttemptIsOutThatTheWorkersMayBegin(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        Set<Attempt> out = new HashSet<>();
        for (Step step : new RandomLife(route).live(nudges)) {
            Attempt told = lastWord(step.event());
            if (told != null) {
                out.remove(told);
            }
            step.effects().forEach(effect -> {
                switch (effect) {
                    case Effect.Dispatch(var work) -> out.add(work.attempt());
                    case Effect.GiveUp(var control) -> out.removeIf(control::means);
                    case Effect.Announce _ -> {
                        // Says nothing of deliveries.
                    }
                }
            });
            boolean open = step.after() != null && step.after().phase() instanceof Phase.Open
                    && step.after().phase().stage() == Stage.DELIVERY;
            assertThat(out).hasSizeLessThanOrEqualTo(open ? 1 : 0);
        }
    }

    private static @Nullable Attempt lastWord(FileEvent event) {
        return event instanceof FileEvent.Report report
                && report.stage() == Stage.DELIVERY
                && !(report instanceof FileEvent.Started)
                && !(report instanceof FileEvent.Heartbeat)
                        ? report.attempt()
                        : null;
    }

    @Property(tries = 6000, seed = "20261104")
    void whatWasGivenUpIsReleasedByTheLastWordOnItOrWhenTheFileLeaves(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        Attempt givenUp = null;
        FileState last = null;
        for (Step step : new RandomLife(route).live(nudges)) {
            if (Controls.released(step.before(), step.event(), step.decision())) {
                assertThat(givenUp == null || neverEarly(givenUp, step)).isTrue();
                givenUp = null;
            }
            if (step.effects().stream().anyMatch(Effect.GiveUp.class::isInstance)) {
                givenUp = Objects.requireNonNull(step.before()).phase().attempt();
            }
            last = step.after();
        }
        if (givenUp != null) {
            FileState file = Objects.requireNonNull(last);
            assertThat(Controls.mayStand(file)).isTrue();
            if (file.phase().stage() == Stage.DELIVERY && file.phase().attempt().equals(givenUp)) {
                FileEvent word = Example.failed(Stage.DELIVERY, givenUp, FailureKind.CANCELLED);
                // An earlier sending of which nothing is known may still wait in another lane, and the control means it, too.
                boolean alone = givenUp.sending() == 1 || file.settledSendings() >= givenUp.sending() - 1;
                assertThat(Controls.released(file, word, new Lifecycle(route).apply(file, word)))
                        .isEqualTo(alone);
            }
        }
    }

    /** Of a file that was delivered, the workers know it. */
    private static boolean neverEarly(Attempt givenUp, Step step) {
        Attempt told = Objects.requireNonNull(lastWord(step.event()));
        return told.sending() >= givenUp.sending() || step.known().receipt() != null;
    }

    @Property(tries = 6000, seed = "20261105")
    void deferralsNeverMoveTheClaimWindowOfAnAttempt(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        Map<List<Object>, Object> since = new HashMap<>();
        for (Step step : new RandomLife(route).live(nudges)) {
            if (step.after() != null && step.after().phase() instanceof Phase.Open open) {
                var attempt = List.<Object>of(open.stage(), open.attempt());
                var now = Window.claimableSince(step.after(), open, route.timeouts());
                assertThat(now).isEqualTo(since.computeIfAbsent(attempt, _ -> now));
            }
        }
    }

    @Property(tries = 6000, seed = "20261106")
    void noWorkSaysThatItsOwnSendingIsSettled(@ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        var sendings = new ArrayList<Integer>();
        for (Step step : new RandomLife(route).live(nudges)) {
            if (step.moved()) {
                FileState file = step.known();
                sendings.add(file.settledSendings());
                assertThat(sendings).isSorted();
                if (file.phase() instanceof Phase.Open && file.phase().stage() == Stage.DELIVERY) {
                    assertThat(file.settledSendings())
                            .isLessThan(file.phase().attempt().sending());
                }
            }
        }
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
