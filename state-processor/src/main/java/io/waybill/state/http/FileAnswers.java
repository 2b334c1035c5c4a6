package io.waybill.state.http;

import io.waybill.domain.AttemptFailure;
import io.waybill.domain.AttemptFailures;
import io.waybill.domain.Failure;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Origin;
import io.waybill.domain.Phase;
import io.waybill.domain.Receipt;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.domain.Target;
import io.waybill.runtime.api.AttemptFailureAnswer;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FileHistory;
import io.waybill.runtime.api.MoveAnswer;
import io.waybill.runtime.api.MoveAnswer.StepAnswer;
import io.waybill.runtime.api.PhaseAnswer;
import io.waybill.runtime.api.ReceiptAnswer;
import io.waybill.runtime.api.SourceAnswer;
import io.waybill.runtime.halt.Halt;
import io.waybill.runtime.halt.Halts;
import io.waybill.state.table.HistoryEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows files of the table as the API describes them. */
final class FileAnswers {
    private FileAnswers() {}

    /** A file as lists show it, without its failures, which may be long. */
    static FileAnswer of(FileState file, Halts halts, Instant now) {
        return of(file, AttemptFailures.NONE, halts, now);
    }

    /** A file with everything that is known about it. */
    static FileAnswer whole(FileState file, Halts halts, Instant now) {
        return of(file, file.failures(), halts, now);
    }

    private static FileAnswer of(FileState file, AttemptFailures failures, Halts halts, Instant now) {
        Target target = file.target();
        return new FileAnswer(
                file.id().value(),
                file.route().value(),
                file.status().name(),
                file.phase().stage().name(),
                file.phase().attempt().sending(),
                file.phase().attempt().number(),
                file.version(),
                source(file.source()),
                target == null ? null : target.destination().value(),
                target == null ? null : target.path().value(),
                file.lane(),
                file.arrivedAt().toString(),
                file.changedAt().toString(),
                phase(file, halts, now),
                receipt(file.receipt()),
                failures.all().isEmpty()
                        ? null
                        : failures.all().stream().map(FileAnswers::failure).toList(),
                failures.dropped() == 0 ? null : failures.dropped(),
                halts.of(file, now).map(FileAnswers::halt).orElse(null),
                file.resent() ? Boolean.TRUE : null,
                file.forgotten() ? Boolean.TRUE : null,
                null);
    }

    private static AttemptFailureAnswer failure(AttemptFailure failure) {
        Failure why = failure.failure();
        return new AttemptFailureAnswer(
                failure.kind().name(),
                failure.stage().name(),
                failure.attempt().sending(),
                failure.attempt().number(),
                failure.from().toString(),
                failure.until().toString(),
                failure.count(),
                why == null || Halt.putOff(why) ? null : why.kind().name(),
                why == null ? null : why.detail(),
                failure.next() == null ? null : failure.next().toString());
    }

    private static SourceAnswer source(SourceObject source) {
        @Nullable Origin origin = source.origin();
        return new SourceAnswer(
                source.bucket(),
                source.key(),
                source.versionId(),
                source.etag(),
                source.size(),
                source.lastModified().toString(),
                origin == null ? null : origin.kind(),
                origin == null ? null : origin.source(),
                origin == null ? null : origin.identity(),
                origin == null ? null : origin.user());
    }

    static FileAnswer.HaltAnswer halt(Halt halt) {
        return new FileAnswer.HaltAnswer(
                halt.kind().name(),
                halt.text(),
                halt.since().map(Instant::toString).orElse(null),
                halt.until().map(Instant::toString).orElse(null));
    }

    /**
     * Until when somebody must take a file up: the time in which it may not start does not count. While nobody knows the
     * end of that time, it counts.
     */
    private static String claimBy(FileState file, Phase.Open open, Halts halts) {
        if (open.stage() != Stage.DELIVERY || file.target() == null || !open.claimBy().isAfter(file.since())) {
            return open.claimBy().toString();
        }
        return halts.timeline(file.route(), file.target().destination())
                .after(file.since(), Duration.between(file.since(), open.claimBy()))
                .orElse(open.claimBy())
                .toString();
    }

    /** Whether a pause, a window or a blackout is why a file waits: now, or when it was put off. */
    private static boolean halted(FileState file, Phase.Waiting waiting, Halts halts, Instant now) {
        return waiting.cause() == Phase.Waiting.Cause.DEFERRAL
                && (Halt.putOff(waiting.reason()) || halts.of(file, now).isPresent());
    }

    private static PhaseAnswer phase(FileState file, Halts halts, Instant now) {
        return switch (file.phase()) {
            case Phase.Queued queued -> PhaseAnswer.queued(claimBy(file, queued, halts));
            case Phase.Waiting waiting when halted(file, waiting, halts, now) ->
                PhaseAnswer.halted(waiting.due().toString(), claimBy(file, waiting, halts));
            case Phase.Waiting waiting ->
                PhaseAnswer.waiting(
                        waiting.reason().kind().name(),
                        waiting.reason().detail(),
                        waiting.cause().name(),
                        waiting.due().toString(),
                        claimBy(file, waiting, halts));
            case Phase.Started started ->
                PhaseAnswer.started(
                        started.by(),
                        started.claimId(),
                        started.finishBy().toString(),
                        started.heartbeatBy() == null ? null : started.heartbeatBy().toString());
            case Phase.Completed completed -> PhaseAnswer.completed(completed.late());
            case Phase.Failed failed ->
                PhaseAnswer.failed(failed.failure().kind().name(), failed.failure().detail());
            case Phase.TimedOut timedOut -> PhaseAnswer.timedOut(timedOut.kind().name());
        };
    }

    private static @Nullable ReceiptAnswer receipt(@Nullable Receipt receipt) {
        return receipt == null
                ? null
                : new ReceiptAnswer(
                        receipt.path().value(),
                        receipt.bytes(),
                        receipt.sha256().isEmpty() ? null : receipt.sha256(),
                        receipt.proof().name(),
                        receipt.destinationClass().letter(),
                        receipt.duration().toMillis());
    }

    static FileHistory history(FileId id, List<HistoryEntry> entries) {
        return new FileHistory(
                id.value(), entries.stream().map(FileAnswers::move).toList());
    }

    private static MoveAnswer move(HistoryEntry entry) {
        return new MoveAnswer(
                entry.at(),
                entry.event(),
                entry.status().name(),
                entry.sending(),
                entry.attempt(),
                entry.version(),
                entry.detail(),
                entry.steps().stream()
                        .map(done -> new StepAnswer(done.step(), done.at()))
                        .toList());
    }
}
