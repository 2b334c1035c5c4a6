package io.waybill.runtime.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.waybill.runtime.login.CodeLogin;
import io.waybill.runtime.login.LoginRefusedException;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import io.waybill.runtime.login.Session;
import io.waybill.runtime.login.Sessions;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of people: their session, what the form of the login repeats, and a login that is under way at the issuer.
 * No script reads them, and no page of another site makes a browser send the session. Safe for several threads.
 */
final class Cookies {
    /** A program that has the cookie of a person repeats the token of its session here. */
    private static final String FORM_TOKEN_HEADER = "Waybill-Csrf";
    private static final String FORM_TOKEN_FIELD = "csrf";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Pattern RANDOM = Pattern.compile("[A-Za-z0-9_-]{43}");
    /** Browsers take such a name only from this very host, over TLS. */
    private static final String HOST_ONLY = "__Host-";

    private final Sessions sessions;
    private final String attributes;
    private final String session;
    private final String form;
    private final String issuer;

    Cookies(Sessions sessions, PublicAddress address) {
        this.sessions = sessions;
        this.attributes = "; Path=/; HttpOnly" + (address.secure() ? "; Secure" : "");
        String prefix = address.secure() ? HOST_ONLY : "";
        this.session = prefix + "waybill";
        this.form = prefix + "waybill-form";
        this.issuer = prefix + "waybill-oidc";
    }

    /**
     * Whose session a request has; empty if it has no cookie of one.
     *
     * @throws LoginRefusedException if it has ended
     */
    Optional<Session> session(Context http) throws LoginRefusedException {
        String cookie = http.cookie(session);
        return cookie == null ? Optional.empty() : Optional.of(sessions.open(cookie));
    }

    /**
     * The same for a request that may change something: then it must repeat the token of the session. A page of another
     * site can make a browser send the cookie if it is on the same domain, and never knows the token.
     */
    Optional<Session> meant(Context http) throws LoginRefusedException {
        Optional<Session> found = session(http);
        boolean reads = HandlerType.GET.equals(http.method()) || HandlerType.HEAD.equals(http.method());
        if (found.isPresent() && !reads && !found.get().repeatedBy(formToken(http))) {
            throw new LoginRefusedException(
                    Reason.FORGED,
                    "a request with a cookie needs the token of its session in the field '" + FORM_TOKEN_FIELD
                            + "' of a form, or in the header " + FORM_TOKEN_HEADER);
        }
        return found;
    }

    private static @Nullable String formToken(Context http) {
        String header = http.header(FORM_TOKEN_HEADER);
        return header == null ? field(http, FORM_TOKEN_FIELD) : header;
    }

    /** A field of a form; null if there is none, or the body is no form. */
    static @Nullable String field(Context http, String name) {
        String type = http.contentType();
        return type != null && type.regionMatches(true, 0, FORM, 0, FORM.length()) ? http.formParam(name) : null;
    }

    /**
     * What a browser gets for a cookie stays with the page that asked: no cache keeps it, no frame shows it, and no page of
     * another site reads it.
     */
    static void protect(Context http) {
        http.header(Header.CACHE_CONTROL, "no-store")
                .header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("X-Content-Type-Options", "nosniff");
    }

    void begin(Context http, String cookie) {
        set(http, session, cookie, "; SameSite=Strict", Optional.of(sessions.age()));
    }

    void end(Context http) {
        set(http, session, "", "; SameSite=Strict", Optional.of(Duration.ZERO));
    }

    /** What the form of the login must repeat; sets the cookie if there is none yet. */
    String loginForm(Context http) {
        String sent = http.cookie(form);
        if (sent != null && RANDOM.matcher(sent).matches()) {
            return sent;
        }
        String made = sessions.newRandom();
        set(http, form, made, "; SameSite=Strict", Optional.empty());
        return made;
    }

    /** Whether the form of a login repeats the cookie. */
    boolean repeatsForm(Context http) {
        String sent = http.cookie(form);
        return sent != null && RANDOM.matcher(sent).matches() && Session.same(sent, field(http, FORM_TOKEN_FIELD));
    }

    /** The answer of the issuer comes from its site. So the cookie is Lax, and goes with a link from there. */
    void beginAtIssuer(Context http, String cookie) {
        set(http, issuer, cookie, "; SameSite=Lax", Optional.of(CodeLogin.LONGEST));
    }

    @Nullable
    String atIssuer(Context http) {
        return http.cookie(issuer);
    }

    void endAtIssuer(Context http) {
        set(http, issuer, "", "; SameSite=Lax", Optional.of(Duration.ZERO));
    }

    /** Header of Javalin would replace the cookie that was set before. */
    private void set(Context http, String name, String value, String site, Optional<Duration> age) {
        http.res().addHeader(
                Header.SET_COOKIE,
                name + "=" + value + attributes + site
                        + age.map(time -> "; Max-Age=" + time.toSeconds()).orElse(""));
    }
}
