package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Decision.Moved;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Promises of the rules that hold for whatever comes, in whatever order and however often. */
final class LifecyclePropertiesTest {
    /** One step of a file's life: what was, what came, and what it led to. */
    record Step(@Nullable FileState before, FileEvent event, Decision decision, @Nullable FileState after) {
        FileState known() {
            return Objects.requireNonNull(after);
        }

        boolean moved() {
            return decision instanceof Moved;
        }

        List<Effect> effects() {
            return decision instanceof Moved moved ? moved.effects() : List.of();
        }
    }

    @Property(tries = 3000, seed = "20260301")
    void replayOfTheLastEventNeverMoves(@ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        eachMove(route, nudges, step -> assertThat(new Lifecycle(route).apply(step.known(), step.event()))
                .isNotInstanceOf(Moved.class));
    }

    @Property(tries = 3000, seed = "20260302")
    void aTerminalFileMovesOnlyByAPersonALateProofOrALateDoubt(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        eachMove(route, nudges, step -> {
            if (step.before() != null && step.before().phase() instanceof Phase.Terminal) {
                assertThat(step.event())
                        .isInstanceOfAny(
                                FileEvent.RedriveRequested.class,
                                FileEvent.ResolveRequested.class,
                                FileEvent.ResendRequested.class,
                                FileEvent.ForgetRequested.class,
                                FileEvent.Completed.class,
                                FileEvent.Failed.class);
                if (step.event() instanceof FileEvent.Failed failed) {
                    assertThat(failed.failure().kind()).isEqualTo(FailureKind.IN_DOUBT);
                    assertThat(LateReports.inDoubt(step.known().phase())).isTrue();
                }
                if (step.event() instanceof FileEvent.Completed(_, _, _, _, Receipt receipt, _)) {
                    assertThat(receipt).isNotNull();
                    boolean noted = step.known().phase().equals(step.before().phase());
                    assertThat(step.before().receipt() == null || step.before().resent() || noted).isTrue();
                }
            }
        });
    }

    @Property(tries = 3000, seed = "20260312")
    void aSendingIsRedrivenOrResolvedAtMostOnce(@ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        // A delivery that was resolved as delivered is followed by an import of the same sending.
        var ended = new HashSet<String>();
        eachMove(route, nudges, step -> {
            if (step.event() instanceof FileEvent.RedriveRequested
                    || step.event() instanceof FileEvent.ResendRequested
                    || step.event() instanceof FileEvent.ResolveRequested) {
                Stage stage = Objects.requireNonNull(step.before()).phase().stage();
                // A file that was redriven too soon is at its delivered sending again, and may then be resent once. So is
                // one whose resend was refused, and proven to be delivered all the same.
                int sending = step.event() instanceof FileEvent.ResendRequested
                        ? -step.known().phase().attempt().sending()
                        : ((FileEvent.Request) step.event()).sending();
                assertThat(ended.add(stage + " " + sending)).isTrue();
            }
        });
    }

    @Property(tries = 3000, seed = "20260313")
    void aDeliveryInDoubtIsNeverSentAgainWithoutAPersonWhoResolvesIt(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        eachMove(route, nudges, step -> {
            boolean inDoubt = step.before() != null
                    && step.before().phase() instanceof Phase.Failed(var stage, _, var failure)
                    && stage == Stage.DELIVERY
                    && failure.kind() == FailureKind.IN_DOUBT;
            boolean sent = step.effects().stream().anyMatch(Effect.Dispatch.class::isInstance);
            if (inDoubt && sent) {
                assertThat(step.event()).isInstanceOfSatisfying(
                        FileEvent.ResolveRequested.class,
                        resolve -> assertThat(resolve.resolution()).isEqualTo(Resolution.RESEND));
            }
            if (step.event() instanceof FileEvent.ResolveRequested) {
                assertThat(inDoubt).isTrue();
            }
        });
    }

    @Property(tries = 3000, seed = "20260303")
    void attemptsOnlyGrow(@ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        eachMove(route, nudges, step -> {
            Phase after = step.known().phase();
            if (step.event() instanceof FileEvent.ResendRequested) {
                // From the last stage it goes back to the first.
                assertThat(after.attempt().sending()).isGreaterThan(step.before().lastSending());
                return;
            }
            // A completed delivery names the attempt that delivered, which may be of an earlier sending.
            if (step.before() != null && !(after instanceof Phase.Completed)) {
                Phase before = step.before().phase();
                assertThat(after.stage()).isGreaterThanOrEqualTo(before.stage());
                assertThat(after.attempt().sending())
                        .isGreaterThanOrEqualTo(before.attempt().sending());
                if (after.stage() == before.stage()) {
                    assertThat(after.attempt()).isGreaterThanOrEqualTo(before.attempt());
                }
            }
        });
    }

    @Property(tries = 3000, seed = "20260304")
    void theVersionGrowsByOneWithEachMove(@ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        eachMove(route, nudges, step -> assertThat(step.known().version())
                .isEqualTo(step.before() == null ? 1 : step.before().version() + 1));
    }

    @Property(tries = 3000, seed = "20260305")
    void aFileIsAnnouncedOnceWhenReadyAndOnceMoreForEachResendThatAsksForIt(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        List<Step> life = new RandomLife(route).live(nudges);
        List<Step> announcing = life.stream()
                .filter(step -> step.effects().stream().anyMatch(Effect.Announce.class::isInstance))
                .toList();

        long again = life.stream()
                .filter(step -> step.moved()
                        && step.event() instanceof FileEvent.ResendRequested resend
                        && resend.announce())
                .count();
        assertThat((long) announcing.size()).isLessThanOrEqualTo(1 + again);
        boolean ready = life.stream()
                .anyMatch(step -> step.after() != null
                        && (step.after().receipt() != null || step.after().phase().stage() == Stage.IMPORT));
        if (again == 0) {
            assertThat(announcing).hasSize(ready ? 1 : 0);
        }
    }

    @Property(tries = 3000, seed = "20260306")
    void anAttemptIsHandedOutAgainOnlyAfterItWasDeferred(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        Set<Attempt> handedOut = new HashSet<>();
        eachMove(route, nudges, step -> {
            if (step.event() instanceof FileEvent.Deferred deferred) {
                handedOut.remove(deferred.attempt());
            }
            for (Effect effect : step.effects()) {
                if (effect instanceof Effect.Dispatch(var work)) {
                    assertThat(work.attempt()).isEqualTo(step.known().phase().attempt());
                    assertThat(step.known().phase()).isInstanceOf(Phase.Queued.class);
                    assertThat(handedOut.add(work.attempt())).isTrue();
                }
            }
        });
    }

    @Property(tries = 3000, seed = "20260307")
    void aFileThatWaitsForAWorkerHasBeenHandedOut(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        eachMove(route, nudges, step -> {
            if (step.known().phase() instanceof Phase.Queued(Stage stage, _, _) && stage == Stage.DELIVERY) {
                assertThat(step.effects()).hasOnlyElementsOfType(Effect.Dispatch.class).hasSize(1);
            }
        });
    }

    @Property(tries = 3000, seed = "20260308")
    void anOpenFileMovesByTheClockAlone(@ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        eachMove(route, nudges, step -> {
            if (step.known().phase() instanceof Phase.Open open) {
                Deadline deadline = open.deadline();
                var reached = new FileEvent.DeadlineReached(
                        Example.ID, deadline.at(), deadline.kind(), step.known().version());
                assertThat(new Lifecycle(route).apply(step.known(), reached)).isInstanceOf(Moved.class);
            }
        });
    }

    @Property(tries = 3000, seed = "20260311")
    void onlyADeadlineOfTheStateOfTheMomentMovesAFile(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        eachMove(route, nudges, step -> {
            if (step.event() instanceof FileEvent.DeadlineReached(_, _, var kind, var version, _)) {
                FileState before = Objects.requireNonNull(step.before());
                assertThat(version).isEqualTo(before.version());
                assertThat(before.phase())
                        .isInstanceOfAny(
                                switch (kind) {
                                    case RETRY_DUE -> new Class<?>[] {Phase.Waiting.class};
                                    case UNCLAIMED -> new Class<?>[] {Phase.Queued.class, Phase.Waiting.class};
                                    case UNFINISHED -> new Class<?>[] {Phase.Started.class};
                                });
            }
        });
    }

    @Property(tries = 3000, seed = "20260314")
    void anOpenFileIsDueByTheTimeOutsOfTheMomentCountedFromWhenItBeganToWait(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        var other = new Timeouts(Duration.ofMinutes(3), Duration.ofSeconds(40), Duration.ofSeconds(30));
        eachMove(route, nudges, step -> {
            FileState file = step.known();
            if (file.phase() instanceof Phase.Open open) {
                Window window = Window.of(file, open);
                assertThat(window.deadline(route.timeouts())).isEqualTo(open.deadline());
                assertThat(window.deadline(other))
                        .isEqualTo(((Phase.Open) file.under(other).phase()).deadline());
                assertThat(file.under(other).under(route.timeouts())).isEqualTo(file);
            } else {
                assertThat(file.under(other)).isEqualTo(file);
            }
        });
    }

    @Property(tries = 3000, seed = "20260316")
    void aReceiptIsNeverLostWhileTheFileIsRemembered(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        eachMove(route, nudges, step -> {
            boolean delivered = step.before() != null && step.before().receipt() != null;
            if (delivered && !step.known().forgotten()) {
                assertThat(step.known().receipt()).isNotNull();
            }
        });
    }

    @Property(tries = 3000, seed = "20260317")
    void nothingMovesAForgottenFileAndNothingIsKeptThatSaysWhatItWas(
            @ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        eachMove(route, nudges, step -> {
            assertThat(step.before() != null && step.before().forgotten()).isFalse();
            if (step.known().forgotten()) {
                FileState before = Objects.requireNonNull(step.before());
                assertThat(step.known().status()).isEqualTo(before.status());
                assertThat(step.known().changedAt()).isEqualTo(before.changedAt());
                assertThat(step.known().toString()).doesNotContain("march.csv", "outbound", "acme", "0000");
            }
        });
    }

    @Property(tries = 1000, seed = "20260309")
    void deadlinesAloneEndEveryFile(@ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        List<Step> life = new RandomLife(route).live(nudges);
        FileState file = life.getLast().after();
        for (int i = 0; file != null && file.phase() instanceof Phase.Open open; i++) {
            Deadline next = open.deadline();
            var reached = new FileEvent.DeadlineReached(Example.ID, next.at(), next.kind(), file.version());
            file = ((Moved) new Lifecycle(route).apply(file, reached)).state();
            assertThat(i).isLessThan(2);
        }
    }

    @Property(tries = 1000, seed = "20260310")
    void aChangeOfTheRouteNeverMakesTheRulesThrow(
            @ForAll("routes") Route first, @ForAll("routes") Route second, @ForAll("nudges") List<Nudge> nudges) {
        List<Step> life = new RandomLife(first).live(nudges);
        for (Step step : life) {
            assertThat(new Lifecycle(second).apply(step.after(), step.event())).isNotNull();
            for (Step other : life) {
                assertThat(new Lifecycle(second).apply(step.after(), other.event())).isNotNull();
            }
        }
    }

    @Property(tries = 3000, seed = "20260315")
    void aStateTellsWhatSetItsFileBack(@ForAll("routes") Route route, @ForAll("nudges") List<Nudge> nudges) {
        eachMove(route, nudges, step -> {
            AttemptFailure setback = AttemptFailure.of(step.known());
            switch (step.event()) {
                case FileEvent.ForgetRequested _ -> assertThat(step.known().failures()).isEqualTo(AttemptFailures.NONE);
                case FileEvent.Failed failed when LateReports.doubts(Objects.requireNonNull(step.before()), failed) ->
                    // It sets back the sending that the file is at, too.
                    assertThat(Objects.requireNonNull(setback).attempt())
                            .isEqualTo(step.before().phase().attempt());
                case FileEvent.Failed failed when step.known().refusedResend().isPresent() ->
                    assertThat(step.known().refusedResend()).hasValue(failed.failure());
                case FileEvent.Failed failed ->
                    assertThat(setback).isEqualTo(setback(step, AttemptFailure.Kind.FAILED, failed, failed.failure()));
                case FileEvent.Deferred deferred ->
                    assertThat(setback)
                            .isEqualTo(setback(step, AttemptFailure.Kind.DEFERRED, deferred, deferred.reason()));
                case FileEvent.DeadlineReached _, FileEvent.CancelRequested _,FileEvent.Arrived _ ->
                    assertThat(setback == null)
                            .isEqualTo(!(step.known().phase() instanceof Phase.Failed)
                                    && !(step.known().phase() instanceof Phase.TimedOut));
                case FileEvent.Completed _ when step.before().phase().equals(step.known().phase()) ->
                    // It is noted that it was delivered once more.
                    assertThat(step.known().failures()).isEqualTo(step.before().failures());
                case FileEvent.Started _, FileEvent.Heartbeat _,FileEvent.Completed _,FileEvent.Request _ ->
                    assertThat(setback).isNull();
            }
        });
    }

    private static AttemptFailure setback(Step step, AttemptFailure.Kind kind, FileEvent.Report report, Failure why) {
        Instant next = step.known().phase() instanceof Phase.Waiting waiting ? waiting.due() : null;
        return new AttemptFailure(kind, report.at(), report.at(), report.stage(), report.attempt(), why, next, 1);
    }

    private static void eachMove(Route route, List<Nudge> nudges, Consumer<Step> promise) {
        new RandomLife(route).live(nudges).stream().filter(Step::moved).forEach(promise);
    }

    @Provide
    static Arbitrary<Route> routes() {
        return Arbitraries.of(
                Example.DELIVERY_ONLY,
                Example.DELIVERY_THEN_IMPORT,
                Example.HOSTED_DROP,
                Example.HEARTBEATS,
                Example.BAD_NAME);
    }

    @Provide
    static Arbitrary<List<Nudge>> nudges() {
        Arbitrary<Nudge> nudge = Combinators.combine(
                Arbitraries.of(Nudge.Kind.class),
                Arbitraries.integers().between(0, 999),
                Arbitraries.integers().between(-1, 1),
                Arbitraries.integers().between(-1, 1))
                .as(Nudge::new);
        return nudge.list().ofMinSize(1).ofMaxSize(60).map(ArrayList::new);
    }
}
