package io.waybill.domain;

import io.waybill.domain.Decision.Moved;
import io.waybill.domain.LifecyclePropertiesTest.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lives one file through likely and unlikely events, with duplicates, reorderings and replays, and records all. */
final class RandomLife {
    private final Lifecycle rules;
    private final List<Step> steps = new ArrayList<>();
    private @Nullable FileState file;
    private Instant now = Example.NOW;

    RandomLife(Route route) {
        this.rules = new Lifecycle(route);
    }

    List<Step> live(List<Nudge> nudges) {
        // Nine lives of ten begin as they should; the first event of the others finds no file.
        if (nudges.getFirst().pick() % 10 != 0) {
            happens(Example.arrived());
        }
        for (Nudge nudge : nudges) {
            now = now.plusMillis(nudge.pick());
            happens(event(nudge));
        }
        return steps;
    }

    private void happens(FileEvent event) {
        FileState before = file;
        Decision decision = rules.apply(before, event);
        file = decision instanceof Moved moved ? moved.state() : before;
        steps.add(new Step(before, event, decision, file));
    }

    private FileEvent event(Nudge nudge) {
        Stage stage = file == null ? Stage.DELIVERY : file.phase().stage();
        Attempt attempt = file == null ? Attempt.FIRST : file.phase().attempt();
        long version = file == null ? 1 : file.version();
        return switch (nudge.kind()) {
            case ARRIVAL -> new FileEvent.Arrived(Example.ID, now, Example.INVOICES, Example.OBJECT);
            case START, HEARTBEAT, COMPLETION, FAILURE, DEFERRAL -> report(nudge.kind(), nudge.pick(), stage, attempt);
            case STRAY_REPORT -> {
                var stray = new Attempt(
                        Math.max(1, attempt.sending() + nudge.sendingOffset()),
                        Math.max(1, attempt.number() + nudge.attemptOffset()));
                Stage any = one(Stage.values(), nudge.pick());
                var kinds = List.of(
                        Nudge.Kind.START,
                        Nudge.Kind.HEARTBEAT,
                        Nudge.Kind.COMPLETION,
                        Nudge.Kind.FAILURE,
                        Nudge.Kind.DEFERRAL);
                yield report(kinds.get(nudge.pick() % kinds.size()), nudge.pick(), any, stray);
            }
            case DOUBT -> doubt(earlier(attempt, nudge), nudge.pick() % 3 == 0);
            case LATE_WORD -> {
                var kinds = List.of(Nudge.Kind.COMPLETION, Nudge.Kind.FAILURE, Nudge.Kind.DEFERRAL);
                yield report(kinds.get(nudge.pick() % kinds.size()), nudge.pick(), Stage.DELIVERY,
                        earlier(attempt, nudge));
            }
            case DEADLINE -> new FileEvent.DeadlineReached(Example.ID, now, kind(nudge), version);
            case STALE_DEADLINE ->
                new FileEvent.DeadlineReached(Example.ID, now, kind(nudge), version + nudge.sendingOffset());
            case REDRIVE -> new FileEvent.RedriveRequested(Example.ID, now, attempt.sending(), "ann", "again");
            case CANCELLATION -> new FileEvent.CancelRequested(Example.ID, now, attempt.sending(), "ann", "stop");
            case RESOLUTION ->
                new FileEvent.ResolveRequested(
                        Example.ID, now, attempt.sending(), "ann", "asked", one(Resolution.values(), nudge.pick()));
            case RESEND ->
                new FileEvent.ResendRequested(
                        Example.ID, now, attempt.sending(), "ann", "once more", nudge.pick() % 3 == 0);
            // Seldom, because it ends nearly all that may happen.
            case FORGETTING -> nudge.pick() % 5 == 0
                    ? new FileEvent.ForgetRequested(Example.ID, now, attempt.sending(), "ann", "asked")
                    : Example.redrive(attempt.sending());
            case REPLAY ->
                steps.isEmpty()
                        ? Example.cancel(1)
                        : steps.get(nudge.pick() % steps.size()).event();
        };
    }

    /** The attempt of the moment, or one of before. */
    private static Attempt earlier(Attempt attempt, Nudge nudge) {
        return new Attempt(
                Math.max(1, attempt.sending() - Math.abs(nudge.sendingOffset())),
                Math.max(1, attempt.number() - Math.abs(nudge.attemptOffset())));
    }

    private FileEvent doubt(Attempt attempt, boolean resend) {
        var failure = new Failure(FailureKind.IN_DOUBT, "nobody can tell");
        return new FileEvent.Failed(Example.ID, now, Stage.DELIVERY, attempt, failure, Map.of(), resend);
    }

    /** Mostly the deadline that is next, at times another. */
    private DeadlineKind kind(Nudge nudge) {
        return file != null && file.phase() instanceof Phase.Open open && nudge.pick() % 4 != 0
                ? open.deadline().kind()
                : one(DeadlineKind.values(), nudge.pick());
    }

    private static <T> T one(T[] all, int pick) {
        return all[pick % all.length];
    }

    private FileEvent report(Nudge.Kind kind, int pick, Stage stage, Attempt attempt) {
        return switch (kind) {
            case START -> new FileEvent.Started(Example.ID, now, stage, attempt, "worker-" + pick % 3);
            // Mostly by whoever has the file.
            case HEARTBEAT ->
                new FileEvent.Heartbeat(
                        Example.ID,
                        now,
                        stage,
                        attempt,
                        file != null && file.phase() instanceof Phase.Started started && pick % 4 != 0
                                ? started.by()
                                : "worker-" + pick % 3);
            case COMPLETION ->
                new FileEvent.Completed(
                        Example.ID, now, stage, attempt, stage == Stage.DELIVERY ? Example.RECEIPT : null);
            case FAILURE -> {
                FailureKind failure = one(FailureKind.values(), pick);
                yield new FileEvent.Failed(Example.ID, now, stage, attempt, new Failure(failure, "as it goes"));
            }
            case DEFERRAL ->
                new FileEvent.Deferred(
                        Example.ID,
                        now,
                        stage,
                        attempt,
                        now.plusMillis(pick - 100L),
                        new Failure(FailureKind.UNREACHABLE, "down"));
            case ARRIVAL, DEADLINE, STALE_DEADLINE, REDRIVE, CANCELLATION, RESOLUTION, RESEND, FORGETTING, DOUBT,
                    LATE_WORD, STRAY_REPORT, REPLAY ->
                throw new IllegalArgumentException("no report: " + kind);
        };
    }
}
