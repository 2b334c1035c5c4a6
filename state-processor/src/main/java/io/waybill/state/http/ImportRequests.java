package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.Attempt;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Heartbeat;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Stage;
import io.waybill.runtime.api.ImportReport;
import io.waybill.state.table.StateChangeListeners;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Requests of importers about a file: they claim it, and report how its import went.
 *
 * <p>Of several claims the first one in file-events wins. An importer gets the answer to its claim when the claim is
 * decided, so it knows whether it has the file. If the decision takes too long, the answer is 202, and the file's state
 * shows the result later.
 */
public final class ImportRequests {
    private final FileRequests requests;
    private final StateChangeListeners changes;
    private final Duration patience;

    /**
     * @param patience the longest wait for the decision about a claim
     */
    public ImportRequests(FileRequests requests, StateChangeListeners changes, Duration patience) {
        this.requests = requests;
        this.changes = changes;
        this.patience = patience;
    }

    void report(Context http) throws InterruptedException {
        switch (RequestBodies.report(http)) {
            case ImportReport.Claim claim -> claim(http, claim);
            case ImportReport.Heartbeat heartbeat -> heartbeat(http, heartbeat);
            case ImportReport.Completed completed -> ended(http, completed);
            case ImportReport.Failed failed -> ended(http, failed);
        }
    }

    private void claim(Context http, ImportReport.Claim report) throws InterruptedException {
        FileId id = Parameters.id(http);
        FileState file = requests.state(http, id);
        var claim = new Started(
                id, requests.instant(), Stage.IMPORT, attempt(report, file), report.by(), report.claimId());
        try (StateChangeListeners.Listener decided = changes.listen(id, state -> decides(state, claim))) {
            // Read the state again, now that the listener is there. Otherwise a move between the first read and the
            // listener would be missed.
            FileState now = requests.state(http, id);
            if (holds(now, claim)) {
                // The importer has already won with this claim. It lost the first answer and asks again.
                http.json(requests.answer(now));
                return;
            }
            free(now);
            requests.check(now, claim);
            requests.write(http, claim, "claim, " + claim.attempt());
            answer(http, claim, decided);
        }
    }

    /** Whether this very claim holds the file. The importer may have sent it before. */
    private static boolean holds(FileState file, Started claim) {
        return file.phase() instanceof Phase.Started started && started.heldBy(claim);
    }

    /** Whether the claim can no longer change the file: it has won, or the file has moved in another way. */
    private static boolean decides(FileState file, Started claim) {
        return !(file.phase() instanceof Phase.Queued || file.phase() instanceof Phase.Waiting)
                || file.phase().stage() != claim.stage()
                || !file.phase().attempt().equals(claim.attempt());
    }

    private void answer(Context http, Started claim, StateChangeListeners.Listener decided)
            throws InterruptedException {
        try {
            StateChangeListeners.Change change = decided.change().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            FileState file = change.after();
            // Two claims with the same name and without a claimId differ only in the event's time. The time of the
            // state does not distinguish them: it is corrected where clocks disagree.
            boolean won = holds(file, claim) || change.event().equals(claim);
            if (!won) {
                free(file);
                throw FileRequests.conflict(file, "the file moved before the claim was decided");
            }
            http.status(200).json(requests.answer(file));
        } catch (TimeoutException e) {
            FileRequests.accepted(http, claim);
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes a wait with a failure", e);
        }
    }

    /** The answer is the same whether the heartbeat moves a deadline or not: the file belongs to the sender. */
    private void heartbeat(Context http, ImportReport.Heartbeat report) {
        FileId id = Parameters.id(http);
        FileState file = requests.state(http, id);
        var heartbeat = new Heartbeat(id, requests.instant(), Stage.IMPORT, attempt(report, file), report.by());
        if (!(file.phase() instanceof Phase.Started(var stage, var attempt, _, _, _, var by, _))
                || stage != Stage.IMPORT
                || !attempt.equals(heartbeat.attempt())) {
            throw FileRequests.conflict(file, "attempt " + heartbeat.attempt() + " of the import is not claimed, or no"
                    + " longer; the file is at " + file.phase().stage() + " " + file.phase().attempt());
        }
        if (!by.equals(heartbeat.by())) {
            throw claimed(file, by);
        }
        if (requests.decide(file, heartbeat) instanceof Moved) {
            requests.write(heartbeat);
        }
        FileRequests.accepted(http, heartbeat);
    }

    private void ended(Context http, ImportReport report) {
        FileId id = Parameters.id(http);
        FileState file = requests.state(http, id);
        Attempt attempt = attempt(report, file);
        FileEvent event = report instanceof ImportReport.Failed failed
                ? new FileEvent.Failed(id, requests.instant(), Stage.IMPORT, attempt, failure(failed))
                : new Completed(id, requests.instant(), Stage.IMPORT, attempt, null);
        if (file.phase() instanceof Phase.Started started && !started.by().equals(report.by())) {
            throw claimed(file, started.by());
        }
        requests.check(file, event);
        requests.write(http, event, (report instanceof ImportReport.Failed ? "failed, " : "completed, ") + attempt);
        FileRequests.accepted(http, event);
    }

    /** The attempt that the report names; the current one if it names none. */
    private static Attempt attempt(ImportReport report, FileState file) {
        Attempt current = file.phase().attempt();
        return new Attempt(
                report.sending() == null ? current.sending() : report.sending(),
                report.attempt() == null ? current.number() : report.attempt());
    }

    private static Failure failure(ImportReport.Failed report) {
        String kind = report.kind() == null ? FailureKind.IMPORT_FAILED.name() : report.kind();
        String detail = report.detail() == null ? "the importer gives no detail" : report.detail();
        return switch (kind) {
            case "IMPORT_FAILED" -> new Failure(FailureKind.IMPORT_FAILED, detail);
            case "IMPORT_REJECTED" -> new Failure(FailureKind.IMPORT_REJECTED, detail);
            default ->
                throw ApiException.badRequest(
                        "kind: expected IMPORT_FAILED (is tried again) or IMPORT_REJECTED (is not), was '" + kind
                                + "'");
        };
    }

    /** Throws a 409 that names the importer that has the file, if any. */
    private static void free(FileState file) {
        if (file.phase().stage() == Stage.IMPORT && file.phase() instanceof Phase.Started started) {
            throw claimed(file, started.by());
        }
    }

    private static ApiException claimed(FileState file, String by) {
        return ApiException.claimed(file.status(), by);
    }
}
