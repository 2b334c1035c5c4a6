package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.Failure;
import io.waybill.domain.FileEvent;
import io.waybill.runtime.api.BulkRequest;
import io.waybill.runtime.api.FilterRequest;
import io.waybill.runtime.api.ImportReport;
import io.waybill.runtime.api.OperatorRequest;
import io.waybill.runtime.api.PauseRequest;
import io.waybill.runtime.api.ReleaseRequest;
import io.waybill.runtime.api.ResolveRequest;
import io.waybill.state.audit.AuditTrail;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of requests. A body that does not fit its record is a 400, before the table is read. */
final class RequestBodies {
    private static final List<String> REPORT_FIELDS =
            List.of("action", "by", "claimId", "attempt", "sending", "kind", "detail");

    private RequestBodies() {}

    static OperatorRequest operator(Context http, Action action) {
        Body body = Body.of(http, Body.fields(OperatorRequest.class));
        Integer sending = body.count("sending").orElse(null);
        boolean dryRun = dryRun(http, body);
        return new OperatorRequest(
                Callers.operator(http, body), Callers.reason(http, body), sending, force(body, action), dryRun,
                announce(body, action));
    }

    static ResolveRequest resolve(Context http) {
        Body body = Body.of(http, Body.fields(ResolveRequest.class));
        return new ResolveRequest(
                body.text("resolution"),
                Callers.operator(http, body),
                Callers.reason(http, body),
                body.count("sending").orElse(null));
    }

    static ReleaseRequest release(Context http) {
        Body body = Body.of(http, Body.fields(ReleaseRequest.class));
        return new ReleaseRequest(Callers.operator(http, body), Callers.reason(http, body));
    }

    static PauseRequest pause(Context http) {
        Body body = Body.of(http, Body.fields(PauseRequest.class));
        return new PauseRequest(Callers.operator(http, body), Callers.reason(http, body), text(body, "until"));
    }

    static BulkRequest bulk(Context http, Action action) {
        Body body = Body.of(http, Body.fields(BulkRequest.class));
        return new BulkRequest(
                filter(body.object("filter", Body.fields(FilterRequest.class))),
                Callers.operator(http, body),
                Callers.reason(http, body),
                dryRun(http, body),
                body.count("limit", Parameters.LARGEST_LIMIT).orElse(null),
                body.count("ratePerSecond", BulkRequests.LARGEST_RATE).orElse(null),
                force(body, action),
                body.optionalText("cursor").orElse(null),
                announce(body, action));
    }

    /** It changes nothing, so whatever its answer is, the audit has no interest in it. */
    private static boolean dryRun(Context http, Body body) {
        boolean dryRun = body.flag("dryRun");
        if (dryRun) {
            AuditTrail.leaveOut(http);
        }
        return dryRun;
    }

    private static FilterRequest filter(Body filter) {
        return new FilterRequest(
                text(filter, "status"),
                text(filter, "route"),
                text(filter, "destination"),
                text(filter, "failure"),
                text(filter, "since"),
                text(filter, "until"));
    }

    /** Reads only the fields of the action. It ignores fields of other actions, whatever they hold. */
    static ImportReport report(Context http) {
        Body body = Body.of(http, REPORT_FIELDS);
        String action = body.text("action");
        String by = Callers.importer(http, body);
        Integer sending = body.count("sending").orElse(null);
        Integer attempt = body.count("attempt").orElse(null);
        return switch (action) {
            case "claim" ->
                new ImportReport.Claim(
                        by,
                        body.optionalText("claimId", FileEvent.LONGEST_CLAIM_ID).orElse(null),
                        sending,
                        attempt);
            case "heartbeat" -> {
                // There are thousands a minute, and none changes more than a deadline.
                AuditTrail.leaveOut(http);
                yield new ImportReport.Heartbeat(by, sending, attempt);
            }
            case "completed" -> new ImportReport.Completed(by, sending, attempt);
            case "failed" ->
                new ImportReport.Failed(
                        by,
                        sending,
                        attempt,
                        text(body, "kind"),
                        body.optionalText("detail", Failure.LONGEST_DETAIL).orElse(null));
            default ->
                throw ApiException
                        .badRequest("action: expected claim, heartbeat, completed or failed, was '" + action + "'");
        };
    }

    private static boolean force(Body body, Action action) {
        boolean force = body.flag("force");
        if (force && !action.sendsAgain()) {
            throw ApiException.badRequest("force: only a redrive or resend is forced, this is a " + action.word());
        }
        return force;
    }

    private static boolean announce(Body body, Action action) {
        boolean announce = body.flag("announce");
        if (announce && action != Action.RESEND) {
            throw ApiException.badRequest("announce: only a resend is announced, this is a " + action.word());
        }
        return announce;
    }

    private static @Nullable String text(Body body, String field) {
        return body.optionalText(field).orElse(null);
    }
}
