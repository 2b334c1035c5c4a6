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
import io.waybill.state.table.Moves;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What importers say of a file: that they take it, and how it went.
 *
 * <p>Of several claims the first in file-events wins. A claim is answered when it is decided, so that its sender knows
 * whether the file is its own; where that takes too long, the answer is 202 and the file's state tells it later.
 */
public final class ImportRequests {
    private static final List<String> FIELDS =
            List.of("action", "by", "claimId", "attempt", "sending", "kind", "detail");

    private final FileRequests requests;
    private final Moves moves;
    private final Duration patience;

    /**
     * @param patience how long a claim may take to be decided
     */
    public ImportRequests(FileRequests requests, Moves moves, Duration patience) {
        this.requests = requests;
        this.moves = moves;
        this.patience = patience;
    }

    void report(Context http) throws InterruptedException {
        Body body = Body.of(http, FIELDS);
        String action = body.text("action");
        switch (action) {
            case "claim" -> claim(http, body);
            case "heartbeat" -> heartbeat(http, body);
            case "completed", "failed" -> ended(http, body, action.equals("completed"));
            default ->
                throw ApiException
                        .badRequest("action: expected claim, heartbeat, completed or failed, was '" + action + "'");
        }
    }

    private void claim(Context http, Body body) throws InterruptedException {
        FileId id = Parameters.id(http);
        String claimId = body.optionalText("claimId", FileEvent.LONGEST_CLAIM_ID).orElse(null);
        FileState file = requests.state(id);
        var claim = new Started(id, requests.instant(), Stage.IMPORT, attempt(body, file), body.by(), claimId);
        try (Moves.Waiter decided = moves.await(id, state -> decides(state, claim))) {
            // Read again, now that the wait has begun: a move between the two would never be heard of.
            FileState now = requests.state(id);
            if (holds(now, claim)) {
                // The answer to the first time was lost on its way, and who asks again is its claimant.
                http.json(FileJson.of(now));
                return;
            }
            free(now);
            requests.check(now, claim);
            requests.write(claim);
            answer(http, claim, decided);
        }
    }

    /** Whether the file is held by this very claim, which may have been made before. */
    private static boolean holds(FileState file, Started claim) {
        return file.phase() instanceof Phase.Started started && started.heldBy(claim);
    }

    /** Whether the claim cannot change the file any more: it has won, or the file has gone elsewhere. */
    private static boolean decides(FileState file, Started claim) {
        return !(file.phase() instanceof Phase.Queued || file.phase() instanceof Phase.Waiting)
                || file.phase().stage() != claim.stage()
                || !file.phase().attempt().equals(claim.attempt());
    }

    private void answer(Context http, Started claim, Moves.Waiter decided) throws InterruptedException {
        try {
            FileState file = decided.state().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            // The event's own instant tells two claims of one name apart that are not called anything.
            boolean won = holds(file, claim)
                    || claim.claimId() == null
                            && file.phase() instanceof Phase.Started started
                            && started.by().equals(claim.by())
                            && file.changedAt().equals(claim.at());
            if (!won) {
                free(file);
                throw FileRequests.conflict(file, "the file moved before the claim was decided");
            }
            http.status(200).json(FileJson.of(file));
        } catch (TimeoutException e) {
            FileRequests.accepted(http, claim);
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes a wait with a failure", e);
        }
    }

    /** Answered alike whether the heartbeat moves a deadline or none needs to be moved: the file is the sender's. */
    private void heartbeat(Context http, Body body) {
        FileId id = Parameters.id(http);
        FileState file = requests.state(id);
        var heartbeat = new Heartbeat(id, requests.instant(), Stage.IMPORT, attempt(body, file), body.by());
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

    private void ended(Context http, Body body, boolean completed) {
        FileId id = Parameters.id(http);
        String by = body.by();
        FileState file = requests.state(id);
        Attempt attempt = attempt(body, file);
        FileEvent event = completed
                ? new Completed(id, requests.instant(), Stage.IMPORT, attempt, null)
                : new FileEvent.Failed(id, requests.instant(), Stage.IMPORT, attempt, failure(body));
        if (file.phase() instanceof Phase.Started started && !started.by().equals(by)) {
            throw claimed(file, started.by());
        }
        requests.check(file, event);
        requests.write(event);
        FileRequests.accepted(http, event);
    }

    /** The attempt that is spoken of; the current one if the request does not say. */
    private static Attempt attempt(Body body, FileState file) {
        Attempt current = file.phase().attempt();
        return new Attempt(
                body.count("sending").orElse(current.sending()),
                body.count("attempt").orElse(current.number()));
    }

    private static Failure failure(Body body) {
        String kind = body.optionalText("kind").orElse(FailureKind.IMPORT_FAILED.name());
        String detail = body.optionalText("detail", Failure.LONGEST_DETAIL)
                .orElse("the importer gives no detail");
        return switch (kind) {
            case "IMPORT_FAILED" -> new Failure(FailureKind.IMPORT_FAILED, detail);
            case "IMPORT_REJECTED" -> new Failure(FailureKind.IMPORT_REJECTED, detail);
            default ->
                throw ApiException.badRequest(
                        "kind: expected IMPORT_FAILED (is tried again) or IMPORT_REJECTED (is not), was '" + kind
                                + "'");
        };
    }

    /** A 409 that says who has the file, if somebody has. */
    private static void free(FileState file) {
        if (file.phase().stage() == Stage.IMPORT && file.phase() instanceof Phase.Started started) {
            throw claimed(file, started.by());
        }
    }

    private static ApiException claimed(FileState file, String by) {
        return FileRequests.conflict(file, "the file is claimed by '" + by + "'").with("by", by);
    }
}
