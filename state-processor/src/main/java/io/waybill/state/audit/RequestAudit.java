package io.waybill.state.audit;

import io.javalin.http.Context;
import io.waybill.runtime.login.PeerSignature;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the audit knows of one request while it is answered. One thread. */
final class RequestAudit {
    /** Names the request and its source to another instance that answers a part of it. */
    static final String ORIGIN = "Waybill-Origin";
    /** A client may name its request, so that its own log and the audit can be compared. */
    static final String REQUEST_ID = "X-Request-Id";

    private static final String ATTRIBUTE = "io.waybill.audit";
    private static final String ID = "[A-Za-z0-9._:-]{1,100}";
    private static final Pattern NAMED = Pattern.compile(ID);
    private static final Pattern PASSED_ON = Pattern.compile("(" + ID + ") ([0-9A-Za-z.:%\\[\\]_-]{1,100})");

    private final String id;
    private final String source;
    private String by = "";
    private String reason = "";
    private String about = "";
    private boolean done;
    private boolean leftOut;

    private RequestAudit(String id, String source) {
        this.id = id;
        this.source = source;
    }

    static RequestAudit of(Context http) {
        RequestAudit known = http.attribute(ATTRIBUTE);
        if (known != null) {
            return known;
        }
        RequestAudit fresh = read(http);
        http.attribute(ATTRIBUTE, fresh);
        return fresh;
    }

    private static RequestAudit read(Context http) {
        // The gate lets a request with this header pass only if another instance signed it, or if there is no login.
        @Nullable String origin = http.header(PeerSignature.PASSED_ON) == null ? null : http.header(ORIGIN);
        Matcher passedOn = PASSED_ON.matcher(origin == null ? "" : origin);
        if (passedOn.matches()) {
            return new RequestAudit(passedOn.group(1), passedOn.group(2));
        }
        String named = http.header(REQUEST_ID);
        return new RequestAudit(
                named != null && NAMED.matcher(named).matches() ? named : UUID.randomUUID().toString(), http.ip());
    }

    String id() {
        return id;
    }

    String source() {
        return source;
    }

    String by() {
        return by;
    }

    String reason() {
        return reason;
    }

    /** Which of many files are meant; empty if the address names what is meant. */
    String about() {
        return about;
    }

    void about(String filter) {
        about = filter;
    }

    void by(String name) {
        by = name;
    }

    void reason(String why) {
        reason = why;
    }

    /** Whether its outcome is written, here or by another instance, or is of no interest. */
    boolean done() {
        return done;
    }

    void finish() {
        done = true;
    }

    boolean leftOut() {
        return leftOut;
    }

    void leaveOut() {
        leftOut = true;
        done = true;
    }
}
