package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Decision;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.ResolveRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.Resolution;
import io.waybill.domain.audit.AuditEntry.Target;
import io.waybill.runtime.api.AcceptedAnswer;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.OperatorRequest;
import io.waybill.runtime.api.ReleaseAnswer;
import io.waybill.runtime.api.ReleaseRequest;
import io.waybill.runtime.api.ResolveRequest;
import io.waybill.runtime.api.forget.ForgetAnswer;
import io.waybill.runtime.api.forget.ForgetAnswer.Remaining;
import io.waybill.runtime.http.Gate;
import io.waybill.state.audit.AuditTrail;
import io.waybill.state.table.Rules;
import io.waybill.state.write.Change;
import io.waybill.state.write.ChangeWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Requests of operators about a file. The rules check a request against the current state. Then it is written as an
 * event, and the rules decide it again in its turn. So an accepted request is not yet a done one.
 */
public final class FileRequests {
    /** How often a file may be redriven without force. A file that fails each time does not get better by itself. */
    static final int MOST_REDRIVES = 5;
    /** How often a file may be sent without force. Nobody loses a file that often. */
    static final int MOST_SENDINGS = 5;

    private final VisibleFiles files;
    private final Rules rules;
    private final ChangeWriter writer;
    private final List<Remaining> remains;
    private final BiFunction<Context, FileState, Optional<FileAnswer>> newer;
    private final InstantSource clock;

    /**
     * @param newer   finds a newer version of the file's object at its target that the caller sees
     * @param remains what the topics still hold of a file that is forgotten
     */
    public FileRequests(
            VisibleFiles files,
            Rules rules,
            ChangeWriter writer,
            List<Remaining> remains,
            BiFunction<Context, FileState, Optional<FileAnswer>> newer,
            InstantSource clock) {
        this.files = files;
        this.rules = rules;
        this.writer = writer;
        this.remains = List.copyOf(remains);
        this.newer = newer;
        this.clock = clock;
    }

    void redrive(Context http) {
        one(http, Action.REDRIVE);
    }

    void resend(Context http) {
        one(http, Action.RESEND);
    }

    void cancel(Context http) {
        one(http, Action.CANCEL);
    }

    /** Lets the table forget a file. The answer says what the topics still hold. */
    void forget(Context http) {
        OperatorRequest request = RequestBodies.operator(http, Action.FORGET);
        FileEvent event = ask(http, Action.FORGET, request);
        http.status(request.dryRun() ? 200 : 202)
                .json(new ForgetAnswer(
                        event.id().value(),
                        event.getClass().getSimpleName(),
                        event.at().toString(),
                        request.dryRun(),
                        remains));
    }

    void retry(Context http) {
        one(http, Action.RETRY);
    }

    /** Asks for all files that wait for a destination. They are handed out one after the other. */
    void retryDestination(Context http) {
        ReleaseRequest request = RequestBodies.release(http);
        DestinationName name = Parameters.parsed("name", http.pathParam("name"), DestinationName::new);
        if (!rules.delivers(name, Gate.principal(http).scope())) {
            throw ApiException.unknownDestination(name.value());
        }
        files.halts().of(name, instant()).ifPresent(halt -> {
            throw ApiException.conflict(halt.text());
        });
        var release = new Release(
                new Place.Destination(name), instant(), Release.Cause.ASKED, request.by(), request.reason());
        writer.write(Change.of(release).audited(AuditTrail.accepted(http, release.at(), "")));
        http.status(202).json(new ReleaseAnswer(name.value(), release.at().toString()));
    }

    private void one(Context http, Action action) {
        OperatorRequest request = RequestBodies.operator(http, action);
        FileEvent event = ask(http, action, request);
        if (request.dryRun()) {
            http.json(answer(state(http, event.id())));
        } else {
            accepted(http, event);
        }
    }

    private FileEvent ask(Context http, Action action, OperatorRequest request) {
        FileId id = Parameters.id(http);
        // The request applies to this sending only. If the sender sends it twice, the second one must not affect the
        // sending that the first one began.
        int sending = request.sending() == null ? state(http, id).phase().attempt().sending() : request.sending();
        return ask(http, id, action, request, sending);
    }

    /**
     * Writes the request for one file of this instance, or in a dry run only checks it. Throws the reason if the
     * request is refused.
     *
     * @param http    whose sender must see the file
     * @param sending the sending that the request applies to; the request's own value is not used
     */
    FileEvent ask(Context http, FileId id, Action action, OperatorRequest request, int sending) {
        FileState file = state(http, id);
        FileEvent event = action.event(file, instant(), sending, request);
        check(file, event, sending);
        if (action == Action.RESEND) {
            refuseOlder(http, file, event);
        }
        if (!request.force()) {
            guard(file, action);
        }
        if (!request.dryRun()) {
            Change change = Change.of(event)
                    .audited(AuditTrail.accepted(
                            http, event.at(), action.word(), Target.file(id.value()), "sending " + sending
                                    + (request.announce() ? ", to be announced" : "")));
            writer.write(action == Action.RETRY ? change.with(released(file, request)) : change);
        }
        return event;
    }

    /**
     * Refuses to deliver an old version where a newer one stands or will stand. A worker would refuse it, too: only the
     * owner of the path knows what is there at the moment of the rename. But then somebody would wait for it.
     */
    private void refuseOlder(Context http, FileState file, FileEvent event) {
        if (!(decide(file, event) instanceof Decision.Moved(var would, _))
                || would.onConflict() != ConflictPolicy.REPLACE) {
            return;
        }
        var target = Objects.requireNonNull(would.target(), "where it would go");
        newer.apply(http, would).ifPresent(other -> {
            throw conflict(file, "a newer version of the object " + (other.receipt() == null
                    ? "is on its way to '"
                    : "stands at '")
                    + target.path() + "' at " + target.destination() + ": file " + other.id()
                    + (other.source().versionId() == null ? "" : ", version " + other.source().versionId())
                    + ", last modified " + other.source().lastModified() + ", is " + other.status());
        });
    }

    /** Refuses what looks like a loop. */
    private static void guard(FileState file, Action action) {
        int sendings = file.phase().attempt().sending();
        if (action == Action.REDRIVE && sendings > MOST_REDRIVES) {
            throw conflict(file, "the file has been redriven " + (sendings - 1)
                    + " times and failed again, which looks like a"
                    + " loop: find out why. To redrive it all the same, force it (\"force\": true, or --force)");
        }
        if (action == Action.RESEND && sendings >= MOST_SENDINGS) {
            throw conflict(file, "the file has been sent " + sendings + " times, which looks like a loop: find out why."
                    + " To resend it all the same, force it (\"force\": true, or --force)");
        }
    }

    /** A retry asks to check the sending as well, because its event names only the version of the state. */
    private void check(FileState file, FileEvent event, int sending) {
        if (event instanceof DeadlineReached) {
            if (!(file.phase() instanceof Phase.Waiting)) {
                throw conflict(file, "only a file that waits for its next attempt is tried now, this one is "
                        + (file.phase() instanceof Phase.Queued ? "handed out already" : file.status()));
            }
            files.halts().of(file, instant()).ifPresent(halt -> {
                throw conflict(file, halt.text());
            });
            if (sending != file.phase().attempt().sending()) {
                throw conflict(file, "the request is about sending " + sending + ", the file is at "
                        + file.phase().attempt().sending());
            }
        }
        check(file, event);
    }

    /** Otherwise a worker that knows the place as down would defer the file at once. */
    private List<Release> released(FileState file, OperatorRequest request) {
        return Place.of(file).stream()
                .map(place -> new Release(place, instant(), Release.Cause.ASKED, request.by(), request.reason()))
                .toList();
    }

    void resolve(Context http) {
        ResolveRequest request = RequestBodies.resolve(http);
        Resolution resolution = resolution(request.resolution());
        FileState file = state(http, Parameters.id(http));
        int sending = request.sending() == null ? file.phase().attempt().sending() : request.sending();
        var event = new ResolveRequested(
                file.id(), instant(), sending, request.by(), request.reason(), resolution);
        check(file, event);
        write(http, event, request.resolution() + ", sending " + sending);
        accepted(http, event);
    }

    private static Resolution resolution(String text) {
        return switch (text) {
            case "delivered" -> Resolution.DELIVERED;
            case "resend" -> Resolution.RESEND;
            default ->
                throw ApiException.badRequest(
                        "resolution: expected delivered (the partner has it) or resend, was '" + text + "'");
        };
    }

    /** Answers that the request is written and not yet decided. */
    static void accepted(Context http, FileEvent event) {
        http.status(202)
                .json(new AcceptedAnswer(
                        event.id().value(),
                        event.getClass().getSimpleName(),
                        event.at().toString()));
    }

    FileAnswer answer(FileState file) {
        return files.answer(file);
    }

    /** The state of a file. Throws a 404 if there is none that the caller sees. */
    FileState state(Context http, FileId id) {
        return files.of(http).find(id).orElseThrow(() -> ApiException.unknownFile(id.value()));
    }

    /** Throws a 409 if the event would not move the file. */
    void check(FileState file, FileEvent event) {
        switch (decide(file, event)) {
            case Decision.Moved _ -> {
                // The file's state allows the request.
            }
            case Decision.Ignored(var reason) -> throw conflict(file, reason);
            case Decision.Rejected(var reason) -> throw conflict(file, reason);
        }
    }

    Decision decide(FileState file, FileEvent event) {
        return rules.decide(file, event, event.at());
    }

    static ApiException conflict(FileState file, String reason) {
        return ApiException.conflict(file.status(), reason);
    }

    /** Writes an event that is not audited. */
    void write(FileEvent event) {
        writer.write(Change.of(event));
    }

    /** Writes an event and its entry in the audit. */
    void write(Context http, FileEvent event, String detail) {
        writer.write(Change.of(event).audited(AuditTrail.accepted(http, event.at(), detail)));
    }

    /** The current time, to the millisecond, as events carry it. */
    Instant instant() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
