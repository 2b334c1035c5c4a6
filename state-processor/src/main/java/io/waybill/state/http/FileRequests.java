package io.waybill.state.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.javalin.http.Context;
import io.waybill.domain.Decision;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.RedriveRequested;
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
    private static final List<String> FIELDS = List.of("by", "reason", "sending");
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

    void redrive(Context http) {
        accept(http, Body.of(http, FIELDS), RedriveRequested::new);
    }

    void cancel(Context http) {
        accept(http, Body.of(http, FIELDS), CancelRequested::new);
    }

    void resolve(Context http) {
        Body body = Body.of(http, RESOLVE_FIELDS);
        Resolution resolution = resolution(body.text("resolution"));
        accept(http, body, (id, at, sending, by, reason) -> new ResolveRequested(
                id, at, sending, by, reason, resolution));
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

    /** What they have in common. */
    @FunctionalInterface
    private interface Asked {
        FileEvent of(FileId id, Instant at, int sending, String by, String reason);
    }

    private void accept(Context http, Body body, Asked asked) {
        FileState file = state(Parameters.id(http));
        // The sending that is meant: a request that is sent twice must not reach the one that came of the first.
        int sending = body.count("sending").orElse(file.phase().attempt().sending());
        FileEvent event = asked.of(file.id(), instant(), sending, body.text("by"), body.text("reason"));
        check(file, event);
        events.write(event);
        accepted(http, event);
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
