package io.waybill.state.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditEntry.Counts;
import io.waybill.domain.audit.AuditEntry.Outcome;
import io.waybill.domain.audit.AuditEntry.Target;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.ErrorAnswer;
import io.waybill.runtime.http.Gate;
import io.waybill.runtime.http.HttpRoutes;
import io.waybill.runtime.login.PeerSignature;
import io.waybill.state.write.Change;
import io.waybill.state.write.ChangeWriter;
import io.waybill.state.write.NotWrittenException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the audit's entries of requests. A handler that writes a change takes {@link #accepted} into it, so that both are
 * written or neither is. What is refused is written here, after the answer is made and before it is sent: also what the
 * gate refuses, which no handler sees.
 */
public final class AuditTrail implements HttpRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final String LOGIN_PAGES = "/login";
    private static final String LOGOUT = "/logout";
    private static final String LOGIN = "login";
    private static final String ADDRESS = "address";
    private static final int UNAUTHORIZED = 401;
    /** Forbidden, not there for this caller, and not possible now. A request that cannot be read asks for nothing. */
    private static final Set<Integer> REFUSED = Set.of(403, 404, 409);

    private final ChangeWriter writer;
    private final InstantSource clock;
    private final Counter lost;

    public AuditTrail(ChangeWriter writer, MeterRegistry meters, InstantSource clock) {
        this.writer = writer;
        this.clock = clock;
        this.lost = meters.counter("waybill.audit.lost");
    }

    /** The body tells more exactly who asks. */
    public static void by(Context http, String name) {
        RequestAudit.of(http).by(name);
    }

    /** The body tells why. */
    public static void reason(Context http, String reason) {
        RequestAudit.of(http).reason(reason);
    }

    /** The body tells which of many files are meant. */
    public static void about(Context http, String filter) {
        RequestAudit.of(http).about(filter);
    }

    /** The request is answered by another instance, which audits it, or asks for nothing that is audited. */
    public static void leaveOut(Context http) {
        RequestAudit.of(http).leaveOut();
    }

    /** The header with which another instance learns whose request it answers a part of: its name and its value. */
    public static String[] origin(Context http) {
        RequestAudit audit = RequestAudit.of(http);
        return new String[] {RequestAudit.ORIGIN, audit.id() + " " + audit.source()};
    }

    /** The entry of a request that is accepted, about what its address names. */
    public static AuditEntry accepted(Context http, Instant at, String detail) {
        Subject subject = subject(http);
        return accepted(http, at, subject.what(), subject.target(), detail);
    }

    /** The entry of a request that is accepted, about one of its targets. */
    public static AuditEntry accepted(Context http, Instant at, String what, Target target, String detail) {
        RequestAudit.of(http).finish();
        return entry(http, at, new Subject(what, target), Outcome.ACCEPTED, detail, null);
    }

    /** Writes what became of a request about many files. Each of them has its own entry already. */
    public void summary(Context http, Counts counts, String detail) {
        RequestAudit.of(http).finish();
        note(entry(http, instant(), subject(http), Outcome.ACCEPTED, detail, counts));
    }

    private static Subject subject(Context http) {
        Subject named = Subject.of(http.path());
        String filter = RequestAudit.of(http).about();
        return filter.isEmpty() ? named : new Subject(named.what(), new Target(Subject.FILES, filter));
    }

    /** Writes that one of the targets of a request is refused. Nothing is written if nothing was asked for, as in a dry run. */
    public void refused(Context http, String what, Target target, String detail) {
        if (!RequestAudit.of(http).leftOut()) {
            note(entry(http, instant(), new Subject(what, target), Outcome.REFUSED, detail, null));
        }
    }

    @Override
    public void addTo(RoutesConfig routes) {
        routes.after(this::ended);
    }

    @Override
    public void refused(Context http) {
        ended(http);
    }

    private void ended(Context http) {
        boolean safe = SAFE.contains(http.method().name());
        if (!safe) {
            http.header(RequestAudit.REQUEST_ID, RequestAudit.of(http).id());
        }
        refused(http, safe).ifPresent(this::note);
    }

    private Optional<AuditEntry> refused(Context http, boolean safe) {
        int status = http.statusCode();
        if (failedLogin(http, status)) {
            var subject = new Subject(LOGIN, new Target(ADDRESS, http.path()));
            return Optional.of(entry(http, instant(), subject, Outcome.REFUSED, why(http, status), null));
        }
        if (http.path().startsWith(LOGIN_PAGES) || http.path().equals(LOGOUT)) {
            return session(http, status);
        }
        if (safe || RequestAudit.of(http).done()) {
            return Optional.empty();
        }
        return REFUSED.contains(status) && Gate.caller(http).isPresent()
                ? Optional.of(entry(
                        http, instant(), subject(http), Outcome.REFUSED, why(http, status), null))
                : Optional.empty();
    }

    /** Logins and logouts by the pages. Of what is refused only a token that failed: of those there are few. */
    private Optional<AuditEntry> session(Context http, int status) {
        boolean out = http.path().equals(LOGOUT);
        var subject = new Subject(out ? "logout" : LOGIN, new Target(ADDRESS, http.path()));
        if (status == UNAUTHORIZED && !out) {
            return Optional.of(entry(http, instant(), subject, Outcome.REFUSED, String.valueOf(status), null));
        }
        return status < UNAUTHORIZED && Gate.caller(http).isPresent()
                ? Optional.of(entry(http, instant(), subject, Outcome.ACCEPTED, "", null))
                : Optional.empty();
    }

    /** Of somebody who sent a token. Without one, anybody could fill the topic. */
    private static boolean failedLogin(Context http, int status) {
        return status == UNAUTHORIZED
                && http.header("Authorization") != null
                && http.header(PeerSignature.PASSED_ON) == null;
    }

    private static String why(Context http, int status) {
        try {
            String body = http.result();
            return status + (body == null ? "" : " " + ApiJson.read(body, ErrorAnswer.class).error());
        } catch (JsonProcessingException e) {
            return String.valueOf(status);
        }
    }

    private static AuditEntry entry(
            Context http,
            Instant at,
            Subject subject,
            Outcome outcome,
            String detail,
            @Nullable Counts counts) {
        RequestAudit audit = RequestAudit.of(http);
        Optional<Principal> known = Gate.caller(http).filter(Principal::known);
        return new AuditEntry(
                at,
                audit.by().isEmpty() ? known.map(Principal::name).orElse("") : audit.by(),
                known.map(principal -> principal.role().toString()).orElse(AuditEntry.UNPROVEN),
                subject.what(),
                subject.target(),
                audit.reason(),
                outcome,
                detail,
                audit.id(),
                audit.source(),
                counts);
    }

    /** The answer does not depend on it: what is refused stays refused, and what is done is done. */
    private void note(AuditEntry entry) {
        try {
            writer.write(Change.of(entry));
        } catch (NotWrittenException e) {
            lost.increment();
            LOG.atWarn()
                    .addKeyValue("what", entry.what())
                    .addKeyValue("target", entry.target())
                    .addKeyValue("failure", e.getMessage())
                    .log("An entry of the audit could not be written");
        }
    }

    private Instant instant() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
