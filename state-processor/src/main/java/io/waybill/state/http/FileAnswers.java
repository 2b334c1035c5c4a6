package io.waybill.state.http;

import io.waybill.domain.AttemptFailure;
import io.waybill.domain.AttemptFailures;
import io.waybill.domain.Failure;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Receipt;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import io.waybill.runtime.api.AttemptFailureAnswer;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FileHistory;
import io.waybill.runtime.api.MoveAnswer;
import io.waybill.runtime.api.MoveAnswer.StepAnswer;
import io.waybill.runtime.api.PhaseAnswer;
import io.waybill.runtime.api.ReceiptAnswer;
import io.waybill.runtime.api.SourceAnswer;
import io.waybill.state.table.HistoryEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows files of the table as the API describes them. */
final class FileAnswers {
    private FileAnswers() {}

    /** A file as lists show it, without its failures, which may be long. */
    static FileAnswer of(FileState file) {
        return of(file, AttemptFailures.NONE);
    }

    /** A file with everything that is known about it. */
    static FileAnswer whole(FileState file) {
        return of(file, file.failures());
    }

    private static FileAnswer of(FileState file, AttemptFailures failures) {
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
                phase(file.phase()),
                receipt(file.receipt()),
                failures.all().isEmpty()
                        ? null
                        : failures.all().stream().map(FileAnswers::failure).toList(),
                failures.dropped() == 0 ? null : failures.dropped());
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
                why == null ? null : why.kind().name(),
                why == null ? null : why.detail(),
                failure.next() == null ? null : failure.next().toString());
    }

    private static SourceAnswer source(SourceObject source) {
        return new SourceAnswer(
                source.bucket(),
                source.key(),
                source.versionId(),
                source.etag(),
                source.size(),
                source.lastModified().toString());
    }

    private static PhaseAnswer phase(Phase phase) {
        return switch (phase) {
            case Phase.Queued queued -> PhaseAnswer.queued(queued.claimBy().toString());
            case Phase.Waiting waiting ->
                PhaseAnswer.waiting(
                        waiting.reason().kind().name(),
                        waiting.reason().detail(),
                        waiting.cause().name(),
                        waiting.due().toString(),
                        waiting.claimBy().toString());
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
