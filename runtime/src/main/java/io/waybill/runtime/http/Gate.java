package io.waybill.runtime.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.javalin.security.RouteRole;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.Role;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.ErrorAnswer;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.login.BearerLogin;
import io.waybill.runtime.login.FailedLogins;
import io.waybill.runtime.login.LoginRefusedException;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import io.waybill.runtime.login.OwnPath;
import io.waybill.runtime.login.PeerSignature;
import io.waybill.runtime.login.Session;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides before every handler whether the caller may use its route. A route says which permissions it wants when it is
 * added; one that says nothing is refused. Afterwards {@link #principal} tells the handler who asks.
 */
public final class Gate implements Handler {
    private static final String PRINCIPAL = "io.waybill.principal";
    private static final String CHALLENGE = "Bearer realm=\"waybill\"";

    private final AccessSettings settings;
    private final BearerLogin bearer;
    private final Optional<Cookies> cookies;
    private final Optional<PeerSignature> peers;
    private final FailedLogins failures;
    private final RefusedRequests refusals;

    /**
     * @param cookies empty if people do not log in
     */
    Gate(
            AccessSettings settings,
            BearerLogin bearer,
            Optional<Cookies> cookies,
            FailedLogins failures,
            RefusedRequests refusals,
            InstantSource clock) {
        this.settings = settings;
        this.bearer = bearer;
        this.cookies = cookies;
        this.peers = settings.peerSecret().map(secret -> new PeerSignature(secret, clock));
        this.failures = failures;
        this.refusals = refusals;
    }

    /** Who sent a request that the gate let through. */
    public static Principal principal(Context http) {
        Principal principal = http.attribute(PRINCIPAL);
        return Objects.requireNonNull(principal, "an open route has no caller");
    }

    /** Says of a request to an open route who has just logged in by it. */
    static void loggedIn(Context http, Principal principal) {
        http.attribute(PRINCIPAL, principal);
    }

    /** As {@link #principal}; empty for open routes, and for requests whose sender nobody knows. */
    public static Optional<Principal> caller(Context http) {
        return Optional.ofNullable(http.attribute(PRINCIPAL));
    }

    @Override
    public void handle(Context http) {
        Set<Permission> wanted = wanted(http);
        if (wanted.contains(Permission.OPEN)) {
            return;
        }
        if (HandlerType.HEAD.equals(http.method()) && wanted.isEmpty()) {
            // For every route that takes GET Javalin says no more than that there is one. No handler runs.
            http.skipRemainingHandlers();
            return;
        }
        Optional<Duration> delay = delay(http);
        if (delay.isPresent() && !bearer.maybeSigned(String.valueOf(http.header(Header.AUTHORIZATION)))) {
            slowDown(http, delay.get());
            return;
        }
        try {
            Principal principal = authenticated(http);
            http.attribute(PRINCIPAL, principal);
            if (wanted.stream().noneMatch(permission -> may(principal, permission))) {
                refuse(http, 403, RefusedRequests.FORBIDDEN, why(principal, wanted));
            }
        } catch (LoginRefusedException e) {
            if (e.reason() != Reason.BAD_LOGIN) {
                refuse(http, e);
            } else if (delay.isPresent()) {
                slowDown(http, delay.get());
            } else {
                failures.failed(http.ip());
                refuse(http, e);
            }
        }
    }

    private void refuse(Context http, LoginRefusedException refused) {
        Reason reason = refused.reason();
        if (reason == Reason.SESSION_ENDED) {
            cookies.ifPresent(jar -> jar.end(http));
        }
        if (cookies.isPresent() && leadsToLogin(http, reason)) {
            refusals.count(reason.label());
            http.status(303).header(Header.LOCATION, loginFor(http)).skipRemainingHandlers();
        } else {
            refuse(http, status(http, reason), reason.label(), String.valueOf(refused.getMessage()));
        }
    }

    /** A person opened a page. Programs ask for JSON, or for anything. */
    private static boolean leadsToLogin(Context http, Reason reason) {
        String wanted = http.header(Header.ACCEPT);
        return (reason == Reason.NO_LOGIN || reason == Reason.SESSION_ENDED)
                && wanted != null
                && wanted.contains("text/html");
    }

    private static String loginFor(Context http) {
        String query = http.queryString();
        OwnPath back = HandlerType.GET.equals(http.method())
                ? OwnPath.of(http.path() + (query == null ? "" : "?" + query))
                : OwnPath.HOME;
        return LoginPages.LOGIN + "?to=" + back.encoded();
    }

    /** How long the sender must wait before a login is tried; empty if it is tried now. */
    private Optional<Duration> delay(Context http) {
        String login = http.header(Header.AUTHORIZATION);
        return settings.login() && login != null ? failures.delay(http.ip(), login) : Optional.empty();
    }

    private void slowDown(Context http, Duration delay) {
        long seconds = delay.toSeconds() + 1;
        http.header(Header.RETRY_AFTER, String.valueOf(seconds));
        refuse(http, 429, RefusedRequests.THROTTLED,
                "too many logins from this address failed; try again in " + seconds + " s");
    }

    /** Also adds the headers that belong to it. */
    private static int status(Context http, Reason reason) {
        return switch (reason) {
            case NO_ROLE, FORGED -> 403;
            case ISSUER_DOWN -> {
                http.header(Header.RETRY_AFTER, "5");
                yield 503;
            }
            case NO_LOGIN, SESSION_ENDED -> {
                http.header(Header.WWW_AUTHENTICATE, CHALLENGE);
                yield 401;
            }
            case BAD_LOGIN, BAD_SIGNATURE -> {
                http.header(Header.WWW_AUTHENTICATE, CHALLENGE + ", error=\"invalid_token\"");
                yield 401;
            }
        };
    }

    private static Set<Permission> wanted(Context http) {
        var wanted = new HashSet<Permission>();
        for (RouteRole role : http.routeRoles()) {
            if (role instanceof Permission permission) {
                wanted.add(permission);
            }
        }
        return wanted;
    }

    private Principal authenticated(Context http) throws LoginRefusedException {
        if (http.header(PeerSignature.PASSED_ON) != null && (settings.login() || peers.isPresent())) {
            return passedOn(http);
        }
        if (!settings.login()) {
            return Principal.ANYBODY;
        }
        String login = http.header(Header.AUTHORIZATION);
        if (login == null && cookies.isPresent()) {
            Cookies.protect(http);
            Optional<Session> session = cookies.get().meant(http);
            if (session.isPresent()) {
                return session.get().principal();
            }
        }
        Principal principal = bearer.principal(login);
        failures.succeeded(String.valueOf(login));
        return principal;
    }

    private Principal passedOn(Context http) throws LoginRefusedException {
        if (peers.isEmpty()) {
            throw new LoginRefusedException(
                    Reason.BAD_SIGNATURE, "this instance takes no requests of others: http.peerSecret is missing");
        }
        String query = http.queryString();
        Principal principal = peers.get()
                .principal(
                        http::header,
                        PeerSignature.Request.of(
                                http.method().name(),
                                http.path() + (query == null || query.isEmpty() ? "" : "?" + query),
                                http.bodyAsBytes()));
        if (settings.login() && !principal.known()) {
            throw new LoginRefusedException(Reason.BAD_SIGNATURE, "the other instance has no login, and this one has");
        }
        return principal;
    }

    /** Metrics do not tell for whose files they are, so a narrowed scope has none of them. */
    private static boolean may(Principal principal, Permission permission) {
        return principal.role().may(permission)
                && (permission != Permission.METRICS || principal.scope().equals(Scope.ALL));
    }

    private static String why(Principal principal, Set<Permission> wanted) {
        if (wanted.isEmpty()) {
            return "nobody may use this address: it does not say who may";
        }
        String roles = Role.with(wanted).stream().map(Role::toString).collect(Collectors.joining(" or "));
        String narrowed = principal.role().may(Permission.METRICS) && wanted.contains(Permission.METRICS)
                ? " of all routes and destinations"
                : "";
        return "this needs the role " + roles + narrowed + "; '" + principal.name() + "' has the role "
                + principal.role();
    }

    private void refuse(Context http, int status, String reason, String why) {
        refusals.count(reason);
        http.status(status).json(ErrorAnswer.of(why)).skipRemainingHandlers();
    }
}
