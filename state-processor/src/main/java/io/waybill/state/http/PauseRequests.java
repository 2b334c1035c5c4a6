package io.waybill.state.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.domain.Suspension;
import io.waybill.domain.Suspension.Subject;
import io.waybill.domain.schedule.Span;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.PauseAnswer;
import io.waybill.runtime.api.PauseRequest;
import io.waybill.runtime.api.ReleaseRequest;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.http.Gate;
import io.waybill.state.audit.AuditTrail;
import io.waybill.state.query.TableNotReadyException;
import io.waybill.state.table.Rules;
import io.waybill.state.write.Change;
import io.waybill.state.write.ChangeWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Requests of operators to pause destinations and routes, and to resume them. Any instance takes them. */
public final class PauseRequests {
    static final String PATH = "/v1/pauses";

    /** Whoever means longer gives no end, and is reminded every day. */
    private static final Duration LONGEST = Duration.ofDays(366);

    private final VisibleFiles files;
    private final Halts halts;
    private final BooleanSupplier known;
    private final Rules rules;
    private final ChangeWriter writer;
    private final InstantSource clock;

    /**
     * @param known whether the halts have everything that was written before this process started
     */
    public PauseRequests(
            VisibleFiles files, BooleanSupplier known, Rules rules, ChangeWriter writer, InstantSource clock) {
        this.files = files;
        this.halts = files.halts();
        this.known = known;
        this.rules = rules;
        this.writer = writer;
        this.clock = clock;
    }

    void addTo(RoutesConfig routes) {
        routes.get(PATH, this::list, Permission.READ);
        routes.post("/v1/destinations/{name}/pause", pause(this::destination), Permission.OPERATE);
        routes.post("/v1/destinations/{name}/resume", resume(this::destination), Permission.OPERATE);
        routes.post("/v1/routes/{name}/pause", pause(this::route), Permission.OPERATE);
        routes.post("/v1/routes/{name}/resume", resume(this::route), Permission.OPERATE);
    }

    private void list(Context http) {
        requireKnown();
        Scope scope = Gate.principal(http).scope();
        Instant now = instant();
        http.json(new PauseAnswer.All(halts.suspensions().stream()
                .filter(suspension -> suspension.present(now).isPresent()
                        && files.concerns(suspension.subject(), scope))
                .sorted(Comparator.comparing(suspension -> suspension.subject().toString()))
                .map(suspension -> answer(suspension, now))
                .toList()));
    }

    private Handler pause(Function<Context, Subject> subject) {
        return http -> {
            PauseRequest request = RequestBodies.pause(http);
            Subject what = subject.apply(http);
            requireKnown();
            Instant now = instant();
            @Nullable Instant until = until(request, now);
            write(http, now, what, before -> before.paused(now, until, request.by(), request.reason()));
        };
    }

    private static @Nullable Instant until(PauseRequest request, Instant now) {
        String text = request.until();
        if (text == null) {
            return null;
        }
        Instant until = Parameters.parsed("until", text, PauseRequests::parsed);
        if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST))) {
            throw ApiException.conflict("until: expected a time that is ahead of " + now + ", by at most "
                    + LONGEST.toDays() + " days, was '" + text + "'");
        }
        return until;
    }

    private static Instant parsed(String text) {
        try {
            return Instant.parse(text).truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("expected a time such as 2026-12-01T06:00:00Z, was '" + text + "'", e);
        }
    }

    private Handler resume(Function<Context, Subject> subject) {
        return http -> {
            ReleaseRequest request = RequestBodies.release(http);
            Subject what = subject.apply(http);
            requireKnown();
            Instant now = instant();
            write(http, now, what, before -> {
                if (before.present(now).isEmpty()) {
                    throw ApiException.conflict(what + " is not paused");
                }
                return before.resumed(now, request.by(), request.reason());
            });
        };
    }

    /** One at a time: the next record is made from this one. */
    private synchronized void write(Context http, Instant now, Subject what, UnaryOperator<Suspension> change) {
        Suspension changed = change.apply(halts.of(what));
        String until = changed.present(now).map(Span::to).map(end -> "until " + end).orElse("");
        writer.write(Change.of(changed).audited(AuditTrail.accepted(http, now, until)));
        // The next request may come before the record is read.
        halts.heard(changed);
        http.status(202).json(answer(changed, now));
    }

    /** A record that does not know the ones before would forget their time. */
    private void requireKnown() {
        if (!known.getAsBoolean()) {
            throw new TableNotReadyException("the topic of controls is not read yet");
        }
    }

    private Subject destination(Context http) {
        DestinationName name = Parameters.parsed("name", http.pathParam("name"), DestinationName::new);
        Scope scope = Gate.principal(http).scope();
        if (!rules.delivers(name, scope)) {
            throw ApiException.unknownDestination(name.value());
        }
        if (!rules.deliversOnly(name, scope)) {
            throw ApiException.forbidden("destination '" + name
                    + "' also gets files of routes that you do not see; pause your routes instead");
        }
        return new Subject.Destination(name);
    }

    private Subject route(Context http) {
        RouteName name = Parameters.parsed("name", http.pathParam("name"), RouteName::new);
        var subject = new Subject.OfRoute(name);
        Optional<DestinationName> to = halts.destination(subject);
        Scope scope = Gate.principal(http).scope();
        if (to.isEmpty() || !scope.allows(name, to.get())) {
            throw ApiException.unknownRoute(name.value());
        }
        return subject;
    }

    private static PauseAnswer answer(Suspension suspension, Instant now) {
        Optional<Span> present = suspension.present(now);
        @Nullable Instant until = present.isPresent() ? present.get().to() : null;
        return new PauseAnswer(
                suspension.subject() instanceof Subject.Destination(var name) ? name.value() : null,
                suspension.subject() instanceof Subject.OfRoute(var name) ? name.value() : null,
                present.isPresent(),
                present.map(span -> span.from().toString()).orElse(null),
                until == null ? null : until.toString(),
                suspension.by(),
                suspension.reason());
    }

    private Instant instant() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
