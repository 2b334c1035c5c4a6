package io.waybill.state.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.waybill.domain.Decision;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.ResolveRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Resolution;
import io.waybill.state.table.FileQueries;
import io.waybill.state.table.Rules;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What operators ask of a file. A request is checked by the rules against the state of the moment and then written as
 * an event, about which the rules decide again when its turn comes: accepted means asked, not done.
 */
public final class FileRequests {
    /** How often a file may be redriven unless by force: one that fails each time does not get better by itself. */
    static final int MOST_REDRIVES = 5;

    private static final List<String> FIELDS = List.of("by", "reason", "sending", "force", "dryRun");
    private static final List<String> RESOLVE_FIELDS = List.of("resolution", "by", "reason", "sending");

    private final FileQueries files;
    private final Rules rules;
    private final EventWriter events;
    private final InstantSource clock;

    public FileRequests(FileQueries files, Rules rules, EventWriter events, InstantSource clock) {
        this.files = files;
        this.rules = rules;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Who asks, why, and whether whatever speaks against it.
     *
     * @param force of a redrive only
     */
    record Wish(String by, String reason, boolean force) {
        static Wish of(Body body, Action action) {
            boolean force = body.flag("force");
            if (force && action != Action.REDRIVE) {
                throw ApiException.badRequest("force: only a redrive is forced, this is a " + action.word());
            }
            return new Wish(body.by(), body.reason(), force);
        }

        /** As another instance reads it. */
        ObjectNode body(int sending, boolean dryRun) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("by", by)
                    .put("reason", reason)
                    .put("force", force)
                    .put("sending", sending)
                    .put("dryRun", dryRun);
        }
    }

    void redrive(Context http) {
        one(http, Action.REDRIVE);
    }

    void cancel(Context http) {
        one(http, Action.CANCEL);
    }

    private void one(Context http, Action action) {
        Body body = Body.of(http, FIELDS);
        FileId id = Parameters.id(http);
        // The sending that is meant: a request that is sent twice must not reach the one that came of the first.
        int sending = body.count("sending").orElseGet(() -> state(id).phase().attempt().sending());
        boolean dryRun = body.flag("dryRun");
        FileEvent event = ask(id, action, sending, Wish.of(body, action), dryRun);
        if (dryRun) {
            http.json(FileJson.of(state(id)));
        } else {
            accepted(http, event);
        }
    }

    /**
     * Asks for one file of this instance; what speaks against it is thrown.
     *
     * @param dryRun only to find that out
     */
    FileEvent ask(FileId id, Action action, int sending, Wish wish, boolean dryRun) {
        FileState file = state(id);
        FileEvent event = action.event(id, instant(), sending, wish.by(), wish.reason());
        check(file, event);
        int redrives = file.phase().attempt().sending() - 1;
        if (action == Action.REDRIVE && !wish.force() && redrives >= MOST_REDRIVES) {
            throw conflict(file, "the file has been redriven " + redrives
                    + " times and failed again, which looks like a"
                    + " loop: find out why. To redrive it all the same, force it (\"force\": true, or --force)");
        }
        if (!dryRun) {
            events.write(event);
        }
        return event;
    }

    void resolve(Context http) {
        Body body = Body.of(http, RESOLVE_FIELDS);
        Resolution resolution = resolution(body.text("resolution"));
        FileState file = state(Parameters.id(http));
        int sending = body.count("sending").orElse(file.phase().attempt().sending());
        var event = new ResolveRequested(
                file.id(), instant(), sending, body.by(), body.reason(), resolution);
        check(file, event);
        events.write(event);
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

    /** Asked, and not yet decided. */
    static void accepted(Context http, FileEvent event) {
        http.status(202)
                .json(JsonNodeFactory.instance
                        .objectNode()
                        .put("id", event.id().value())
                        .put("accepted", event.getClass().getSimpleName())
                        .put("at", event.at().toString()));
    }

    /** The state of a file; a 404 where there is none. */
    FileState state(FileId id) {
        return files.find(id).orElseThrow(() -> ApiException.unknownFile(id.value()));
    }

    /** A 409 if the event would not move the file. */
    void check(FileState file, FileEvent event) {
        switch (decide(file, event)) {
            case Decision.Moved _ -> {
                // What the event asks for is possible.
            }
            case Decision.Ignored(var reason) -> throw conflict(file, reason);
            case Decision.Rejected(var reason) -> throw conflict(file, reason);
        }
    }

    Decision decide(FileState file, FileEvent event) {
        return rules.decide(file, event, event.at());
    }

    static ApiException conflict(FileState file, String reason) {
        return ApiException.conflict(reason).with("status", file.status().name());
    }

    void write(FileEvent event) {
        events.write(event);
    }

    /** As events carry it: to the millisecond. */
    Instant instant() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
