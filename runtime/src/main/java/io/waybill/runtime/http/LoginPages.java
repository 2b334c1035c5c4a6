package io.waybill.runtime.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.login.CodeLogin;
import io.waybill.runtime.login.FailedLogins;
import io.waybill.runtime.login.LoginRefusedException;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import io.waybill.runtime.login.OwnPath;
import io.waybill.runtime.login.Session;
import io.waybill.runtime.login.Sessions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages on which people log in and out. */
final class LoginPages implements HttpRoutes {
    static final String LOGIN = "/login";

    private static final Logger LOG = LoggerFactory.getLogger(LoginPages.class);

    private static final String CALLBACK = "/login/callback";
    private static final String TO = "to";

    private final Sessions sessions;
    private final Cookies cookies;
    private final Optional<CodeLogin> issuer;
    private final FailedLogins failures;
    private final FailedLogins answers;
    private final RefusedRequests refusals;
    private final PublicAddress address;

    /**
     * @param failures of tokens
     * @param answers  of the issuer that were not good
     */
    LoginPages(
            Sessions sessions,
            Cookies cookies,
            Optional<CodeLogin> issuer,
            FailedLogins failures,
            FailedLogins answers,
            RefusedRequests refusals,
            PublicAddress address) {
        this.sessions = sessions;
        this.cookies = cookies;
        this.issuer = issuer;
        this.failures = failures;
        this.answers = answers;
        this.refusals = refusals;
        this.address = address;
    }

    @Override
    public void addTo(RoutesConfig routes) {
        // People come by links, to which others add what they like. An issuer may add more than we asked for.
        routes.get(LOGIN, this::show, Permission.OPEN, QueryParameters.ANY);
        routes.post(LOGIN, this::submit, Permission.OPEN);
        // Every role has it. The gate has seen that the form is of the session.
        routes.post("/logout", this::logOut, Permission.READ);
        issuer.ifPresent(some -> {
            routes.get("/login/oidc", http -> leave(http, some), Permission.OPEN, QueryParameters.of(TO));
            routes.get(CALLBACK, http -> comeBack(http, some), Permission.OPEN, QueryParameters.ANY);
        });
    }

    @Override
    public List<String> entries() {
        return List.of(LOGIN);
    }

    private void show(Context http) {
        Optional<Session> session = session(http);
        @Nullable String to = http.queryParam(TO);
        if (session.isPresent() && to != null) {
            http.status(303).header(Header.LOCATION, OwnPath.of(to).toString());
        } else if (session.isPresent()) {
            page(http, 200, LoginHtml.whoIs(
                    session.get().principal(), session.get().formToken(), issuer.isPresent()));
        } else if (fromElsewhere(http)) {
            page(http, 200, LoginHtml.leadingTo(LOGIN + "?to=" + OwnPath.of(to).encoded()));
        } else {
            form(http, 200, OwnPath.of(to), "");
        }
    }

    /**
     * Whether the browser followed a link of another site, and so kept the session to itself. It sends it when it comes
     * from a page of ours.
     */
    private static boolean fromElsewhere(Context http) {
        String from = http.header("Sec-Fetch-Site");
        return from != null && from.endsWith("-site");
    }

    private Optional<Session> session(Context http) {
        try {
            return cookies.session(http);
        } catch (LoginRefusedException e) {
            return Optional.empty();
        }
    }

    private void form(Context http, int status, OwnPath to, String fault) {
        page(http, status, LoginHtml.form(to, cookies.loginForm(http), issuer.isPresent(), fault));
    }

    private void submit(Context http) {
        OwnPath to = OwnPath.of(Cookies.field(http, TO));
        String token = Cookies.field(http, "token");
        if (overPlainHttp(http.header(Header.ORIGIN))) {
            form(http, 403, to, "This page needs https. The token that you sent could be read on the way: replace it.");
        } else if (!cookies.repeatsForm(http)) {
            refusals.count(Reason.FORGED.label());
            form(http, 403, to, "This form was too old, or the browser takes no cookies. Try again.");
        } else if (token == null || token.isBlank()) {
            form(http, 400, to, "Enter a token.");
        } else {
            logIn(http, token.strip(), to);
        }
    }

    /** A browser drops a Secure cookie that comes over plain HTTP, and nobody would know why the login fails. */
    private boolean overPlainHttp(@Nullable String origin) {
        return address.secure() && origin != null && origin.startsWith("http:");
    }

    private void logIn(Context http, String token, OwnPath to) {
        // As the gate names it, so that a login that was good there is known here.
        String login = "Bearer " + token;
        Optional<Duration> delay = failures.delay(http.ip(), login);
        if (delay.isPresent()) {
            form(http, 429, to, slowedDown(http, delay.get()));
            return;
        }
        try {
            String cookie = sessions.begin(token);
            failures.succeeded(login);
            begin(http, cookie);
            http.header(Header.CACHE_CONTROL, "no-store");
            http.status(303).header(Header.LOCATION, to.toString());
        } catch (LoginRefusedException e) {
            failures.failed(http.ip());
            refusals.count(e.reason().label());
            form(http, 401, to, String.valueOf(e.getMessage()));
        }
    }

    private void begin(Context http, String cookie) throws LoginRefusedException {
        Principal principal = sessions.open(cookie).principal();
        LOG.atInfo()
                .addKeyValue("principal", principal.name())
                .addKeyValue("role", principal.role())
                .addKeyValue("address", http.ip())
                .log("A person logged in");
        cookies.begin(http, cookie);
        Gate.loggedIn(http, principal);
    }

    /** Also adds the header that belongs to it. */
    private String slowedDown(Context http, Duration delay) {
        long seconds = delay.toSeconds() + 1;
        refusals.count(RefusedRequests.THROTTLED);
        http.header(Header.RETRY_AFTER, String.valueOf(seconds));
        return "Too many logins from this address failed. Try again in " + seconds + " s.";
    }

    private void logOut(Context http) {
        cookies.end(http);
        http.status(303).header(Header.LOCATION, LOGIN);
    }

    private void leave(Context http, CodeLogin login) {
        Optional<URI> base = address.base(String.valueOf(http.header(Header.HOST)));
        if (base.isEmpty()) {
            page(http, 503, LoginHtml.failed("Waybill does not know the name of this page. Add it to http.hosts of the"
                    + " configuration, and its address with " + CALLBACK + " to the issuer."));
            return;
        }
        try {
            CodeLogin.Start start = login.start(base.get().resolve(CALLBACK), OwnPath.of(http.queryParam(TO)));
            cookies.beginAtIssuer(http, start.cookie());
            http.header(Header.CACHE_CONTROL, "no-store");
            http.status(303).header(Header.LOCATION, start.issuer().toString());
        } catch (LoginRefusedException e) {
            refuse(http, e);
        }
    }

    private void comeBack(Context http, CodeLogin login) {
        // Whoever makes answers up would have us ask the issuer about each of them.
        Optional<Duration> delay = answers.delay(http.ip(), CALLBACK);
        if (delay.isPresent()) {
            page(http, 429, LoginHtml.failed(slowedDown(http, delay.get())));
            return;
        }
        try {
            CodeLogin.Done done = login.finish(new CodeLogin.Answer(
                    cookies.atIssuer(http),
                    http.queryParam("code"),
                    http.queryParam("state"),
                    http.queryParam("iss"),
                    http.queryParam("error")));
            cookies.endAtIssuer(http);
            begin(http, done.session());
            // No redirect: browsers would take it for one of the issuer's site, and send no Strict cookie.
            page(http, 200, LoginHtml.leadingTo(done.to().toString()));
        } catch (LoginRefusedException e) {
            // Any page can make a browser bring an answer. It must neither lock an address out nor end a login.
            if (e.reason() != Reason.FORGED) {
                cookies.endAtIssuer(http);
            }
            if (e.reason() == Reason.BAD_LOGIN) {
                answers.failed(http.ip());
            }
            refuse(http, e);
        }
    }

    private void refuse(Context http, LoginRefusedException refused) {
        refusals.count(refused.reason().label());
        int status = switch (refused.reason()) {
            case NO_ROLE, FORGED -> 403;
            case ISSUER_DOWN -> 503;
            case NO_LOGIN, BAD_LOGIN, SESSION_ENDED, BAD_SIGNATURE -> 401;
        };
        page(http, status, LoginHtml.failed(String.valueOf(refused.getMessage())));
    }

    private static void page(Context http, int status, String html) {
        http.status(status)
                .header("Content-Security-Policy", LoginHtml.POLICY)
                .header(Header.CACHE_CONTROL, "no-store")
                // With no-referrer browsers would send a form with "Origin: null", and it would be refused.
                .header("Referrer-Policy", "same-origin")
                .header("X-Content-Type-Options", "nosniff")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .contentType("text/html; charset=utf-8")
                .result(html);
    }
}
