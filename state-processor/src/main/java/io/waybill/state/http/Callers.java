package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.FileEvent;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.http.Gate;
import io.waybill.state.audit.AuditTrail;
import java.util.Optional;

/** Says from whom a request comes, as its event records it. */
final class Callers {
    private Callers() {}

    /** The reason, for people. */
    static String reason(Context http, Body body) {
        String reason = body.reason();
        AuditTrail.reason(http, reason);
        return reason;
    }

    /** The name of an operator. With a login it is the principal's, and the body may only repeat it. */
    static String operator(Context http, Body body) {
        String name = operatorName(http, body);
        AuditTrail.by(http, name);
        return name;
    }

    private static String operatorName(Context http, Body body) {
        Principal principal = Gate.principal(http);
        if (!principal.known()) {
            return body.by();
        }
        Optional<String> said = body.optionalText("by", FileEvent.LONGEST_BY);
        if (said.isPresent() && !said.get().equals(principal.name())) {
            throw ApiException.forbidden("by: you are logged in as '" + principal.name()
                    + "', so leave it out; was '" + said.get() + "'");
        }
        return principal.name();
    }

    /**
     * The name of an importer's instance. With a login it begins with the principal, so that instances with one token
     * are told apart, and nobody else can have the name. An instance may also give the whole name.
     */
    static String importer(Context http, Body body) {
        String name = importerName(http, body);
        AuditTrail.by(http, name);
        return name;
    }

    private static String importerName(Context http, Body body) {
        Principal principal = Gate.principal(http);
        String instance = body.by();
        if (!principal.known() || instance.startsWith(principal.name() + "/")) {
            return instance;
        }
        String by = principal.name() + "/" + instance;
        if (by.length() > FileEvent.LONGEST_BY) {
            throw ApiException.badRequest("by: expected a text of 1 to "
                    + (FileEvent.LONGEST_BY - principal.name().length() - 1) + " characters, since '"
                    + principal.name() + "/' stands before it, was one of " + instance.length());
        }
        return by;
    }
}
