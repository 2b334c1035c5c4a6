package io.waybill.state.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.waybill.domain.ControlRecord.Approval;
import io.waybill.domain.ControlRecord.Approval.Standing;
import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.domain.Suspension.Subject;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.BulkRequest;
import io.waybill.runtime.api.FilterRequest;
import io.waybill.runtime.api.ReleaseRequest;
import io.waybill.runtime.api.approval.ApprovalAnswer;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.http.Gate;
import io.waybill.state.approval.ApprovalSettings;
import io.waybill.state.approval.Approvals;
import io.waybill.state.audit.AuditTrail;
import io.waybill.state.query.TableNotReadyException;
import io.waybill.state.write.Change;
import io.waybill.state.write.ChangeWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Requests about many files that wait for a second person, and what that person says. Any instance takes them. The second
 * person only permits: the first one sends the request again with the approval, and the instance takes what it is about
 * from the approval.
 */
public final class ApprovalRequests {
    static final String PATH = "/v1/approvals";

    private static final String UNREADABLE =
            "what it asks for was written by another version, and this one cannot read it; upgrade this instance";

    private final Approvals approvals;
    private final ApprovalSettings settings;
    private final Halts halts;
    private final BooleanSupplier known;
    private final ChangeWriter writer;
    private final InstantSource clock;

    /**
     * @param known whether the approvals have everything that was written before this process started
     */
    public ApprovalRequests(
            Approvals approvals,
            ApprovalSettings settings,
            Halts halts,
            BooleanSupplier known,
            ChangeWriter writer,
            InstantSource clock) {
        this.approvals = approvals;
        this.settings = settings;
        this.halts = halts;
        this.known = known;
        this.writer = writer;
        this.clock = clock;
    }

    void addTo(RoutesConfig routes) {
        routes.get(PATH, this::list, Permission.READ);
        routes.post("/v1/approvals/{id}/approve", http -> decide(http, true), Permission.OPERATE);
        routes.post("/v1/approvals/{id}/reject", http -> decide(http, false), Permission.OPERATE);
    }

    private void list(Context http) {
        requireKnown();
        Instant now = instant();
        http.json(new ApprovalAnswer.All(approvals.all().stream()
                .filter(approval -> visible(http, approval))
                .map(approval -> answer(approval, now))
                .toList()));
    }

    /**
     * The request that is meant: the one that was approved, if the given one names its approval.
     */
    BulkRequest meant(Context http, Action action, BulkRequest given) {
        if (given.approval() == null) {
            return given;
        }
        AuditTrail.about(http, "approval " + given.approval());
        requireKnown();
        Approval approval = find(http, given.approval());
        if (!approval.action().equals(action.word())) {
            throw ApiException.conflict("approval " + approval.id() + " is about a " + approval.action());
        }
        if (!approval.by().equals(given.by())) {
            throw ApiException.forbidden("approval " + approval.id() + " is for '" + approval.by()
                    + "', who asked for it; only that person can use it");
        }
        Instant now = instant();
        if (approval.standing(now) != Standing.APPROVED) {
            throw ApiException.conflict("approval " + approval.id() + " is " + described(approval, now));
        }
        BulkRequest order = readable(approval);
        AuditTrail.reason(http, approval.reason());
        return order.approved(given, approval.reason());
    }

    /**
     * Lets a request wait for a second person, if it is about too many files.
     *
     * @param files counts the files of the request; takes the number beyond which it waits
     * @return the answer; null if the request may be done now
     */
    @Nullable
    ApprovalAnswer hold(Context http, Action action, BulkRequest request, IntToLongFunction files) {
        if (settings.bulk() == 0 || request.dryRun() || request.approval() != null) {
            return null;
        }
        long count = files.applyAsLong(settings.bulk());
        return settings.waits(count) ? ask(http, action, request, count) : null;
    }

    private synchronized ApprovalAnswer ask(Context http, Action action, BulkRequest request, long files) {
        requireKnown();
        Instant now = instant();
        if (approvals.waiting(now) >= Approvals.MOST_WAITING) {
            throw ApiException.conflict(Approvals.MOST_WAITING
                    + " requests wait for a second person already; './waybill approvals' shows them");
        }
        BulkRequest meant = bounded(request, now);
        AuditTrail.about(http, ApiJson.write(meant.filter()));
        var approval = new Approval(
                UUID.randomUUID().toString(),
                now,
                request.by(),
                request.reason(),
                action.word(),
                ApiJson.write(meant),
                files,
                now.plus(settings.validFor()),
                null);
        writer.write(Change.of(approval)
                .forgetting(approvals.outlived(now))
                .audited(AuditTrail.accepted(
                        http, now,
                        "waits for approval " + approval.id() + ", more than " + settings.bulk() + " files")));
        approvals.heard(approval);
        return answer(approval, now);
    }

    /** Files that change after it was asked for were not meant, and those that it changes are not meant again. */
    private static BulkRequest bounded(BulkRequest request, Instant now) {
        FilterRequest filter = request.filter();
        boolean ends = filter.until() != null && Instant.parse(filter.until()).isBefore(now);
        return request.within(ends ? filter : filter.before(now.toString()));
    }

    /** One at a time: the second of two words must find the first. */
    private synchronized void decide(Context http, boolean approved) {
        ReleaseRequest said = RequestBodies.release(http);
        requireKnown();
        Instant now = instant();
        Approval approval = find(http, http.pathParam("id"));
        if (approved && approval.by().equals(said.by())) {
            throw ApiException.forbidden("you asked for it yourself; another person must approve it");
        }
        if (approval.standing(now) != Standing.WAITING) {
            throw ApiException.conflict("approval " + approval.id() + " is " + described(approval, now));
        }
        if (approved) {
            // Nobody permits what nobody here can show.
            readable(approval);
        }
        Approval decided =
                approval.decided(new Approval.Decision(approved, now, said.by(), said.reason()));
        writer.write(Change.of(decided)
                .audited(AuditTrail.accepted(
                        http, now,
                        approval.action() + " of " + approval.files() + " files, asked for by " + approval.by())));
        // The next request may come before the record is read.
        approvals.heard(decided);
        http.status(202).json(answer(decided, now));
    }

    private Approval find(Context http, String id) {
        return approvals.find(id)
                .filter(approval -> visible(http, approval))
                .orElseThrow(() -> ApiException.notFound(
                        "there is no approval '" + id + "'; GET /v1/approvals lists those of the last days"));
    }

    /** Whether the caller sees all files that it may be about, or asked for it. */
    private boolean visible(Context http, Approval approval) {
        Principal caller = Gate.principal(http);
        return caller.scope().all()
                || caller.name().equals(approval.by())
                || order(approval).map(order -> within(caller.scope(), order.filter())).orElse(false);
    }

    private boolean within(Scope scope, FilterRequest filter) {
        if (filter.route() != null) {
            var route = new RouteName(filter.route());
            return halts.destination(new Subject.OfRoute(route)).filter(to -> scope.allows(route, to)).isPresent();
        }
        if (filter.destination() != null) {
            var destination = new DestinationName(filter.destination());
            List<RouteName> routes = halts.routesTo(destination);
            return !routes.isEmpty() && routes.stream().allMatch(route -> scope.allows(route, destination));
        }
        return false;
    }

    /**
     * What is asked for; empty if this version cannot read it. An instance of a later version may have written it, with parts
     * of a filter that are not known here. Without them more files would be meant than were approved.
     */
    private static Optional<BulkRequest> order(Approval approval) {
        try {
            BulkRequest order = ApiJson.readExactly(approval.order(), BulkRequest.class);
            return order.filter() == null ? Optional.empty() : Optional.of(order);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static BulkRequest readable(Approval approval) {
        return order(approval)
                .orElseThrow(() -> ApiException.conflict("approval " + approval.id() + ": " + UNREADABLE));
    }

    private static String described(Approval approval, Instant now) {
        Approval.Decision decision = approval.decision();
        Standing standing = approval.standing(now);
        return switch (standing) {
            case WAITING -> "WAITING: a second person must approve it";
            case EXPIRED -> "EXPIRED since " + approval.expires() + "; ask again";
            case APPROVED, REJECTED -> standing + (decision == null ? "" : " by " + decision.by());
        };
    }

    private static ApprovalAnswer answer(Approval approval, Instant now) {
        Approval.Decision decision = approval.decision();
        Optional<BulkRequest> order = order(approval);
        return new ApprovalAnswer(
                approval.id(),
                approval.action(),
                order.map(one -> parts(one.filter())).orElse(Map.of()),
                approval.files(),
                order.map(BulkRequest::force).orElse(false),
                order.map(BulkRequest::announce).orElse(false),
                approval.by(),
                approval.reason(),
                approval.at().toString(),
                approval.expires().toString(),
                approval.standing(now).name(),
                decision == null ? null : decision.by(),
                decision == null ? null : decision.at().toString(),
                decision == null ? null : decision.reason(),
                order.isPresent() ? null : UNREADABLE);
    }

    private static Map<String, String> parts(FilterRequest filter) {
        var parts = new LinkedHashMap<String, String>();
        put(parts, "status", filter.status());
        put(parts, "route", filter.route());
        put(parts, "destination", filter.destination());
        put(parts, "failure", filter.failure());
        put(parts, "since", filter.since());
        put(parts, "until", filter.until());
        return parts;
    }

    private static void put(Map<String, String> parts, String name, @Nullable String value) {
        if (value != null) {
            parts.put(name, value);
        }
    }

    /** A word that is not read yet would be said twice. */
    private void requireKnown() {
        if (!known.getAsBoolean()) {
            throw new TableNotReadyException("the topic of controls is not read yet");
        }
    }

    private Instant instant() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
