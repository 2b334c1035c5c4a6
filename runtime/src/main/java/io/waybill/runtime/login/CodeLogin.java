package io.waybill.runtime.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.AccessSettings.CookieSettings;
import io.waybill.runtime.config.AccessSettings.Oidc;
import io.waybill.runtime.config.AccessSettings.OidcClient;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import io.waybill.runtime.text.Reasons;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets people log in at the issuer: authorization code (RFC 6749, section 4.1) with PKCE (RFC 7636). What it must know
 * when they come back is in a cookie, so that any instance may take the answer. Safe for several threads.
 */
public final class CodeLogin {
    /** How long somebody may take at the issuer. */
    public static final Duration LONGEST = Duration.ofMinutes(10);

    /** The codes of RFC 6749, section 4.1.2.1 and 5.2; other texts of an answer are shown to nobody. */
    private static final Pattern CODE = Pattern.compile("[a-z_]{1,40}");

    private final OidcClient client;
    private final OidcLogin issuer;
    private final Sessions sessions;
    private final InstantSource clock;
    private final URI name;
    private final CookieSeal seal;

    private CodeLogin(
            Oidc settings, OidcClient client, OidcLogin issuer, CookieSettings pages, Sessions sessions,
            InstantSource clock) {
        this.client = client;
        this.issuer = issuer;
        this.name = settings.issuer();
        this.sessions = sessions;
        this.clock = clock;
        this.seal = new CookieSeal(pages.cookieSecrets(), "oidc");
    }

    /** The login at the issuer of these settings; empty if they have none for people. */
    public static Optional<CodeLogin> of(
            AccessSettings settings, BearerLogin logins, Sessions sessions, InstantSource clock) {
        return settings.oidc().flatMap(oidc -> oidc.client().flatMap(client -> settings.cookies()
                .flatMap(pages -> logins.issuer()
                        .map(issuer -> new CodeLogin(oidc, client, issuer, pages, sessions, clock)))));
    }

    /**
     * A login that is under way.
     *
     * @param began    when it began, in seconds since 1970
     * @param state    what the answer must repeat, so that it is of this browser
     * @param nonce    what the token must repeat, so that it is of this login
     * @param verifier what shows the issuer that whoever has the code began the login
     * @param redirect where the answer goes
     * @param to       where the person goes afterwards
     */
    private record Pending(long began, String state, String nonce, String verifier, String redirect, String to) {}

    /**
     * The beginning of a login.
     *
     * @param issuer where to send the browser
     * @param cookie what it must bring back
     */
    public record Start(URI issuer, String cookie) {}

    /**
     * What the browser brings back from the issuer; parameters that are not there are null.
     *
     * @param cookie of {@link Start}
     */
    public record Answer(
            @Nullable String cookie,
            @Nullable String code,
            @Nullable String state,
            @Nullable String iss,
            @Nullable String error) {}

    /**
     * The end of a login.
     *
     * @param session the cookie with the session
     * @param to      where the person wants to go
     */
    public record Done(String session, OwnPath to) {}

    /**
     * Begins a login.
     *
     * @param redirect where the issuer sends the answer
     * @throws LoginRefusedException if the issuer cannot be asked
     */
    public Start start(URI redirect, OwnPath to) throws LoginRefusedException {
        URI authorization = issuer.document().authorization()
                .orElseThrow(() -> down("it does not say where people log in"));
        var pending = new Pending(
                clock.instant().getEpochSecond(),
                sessions.newRandom(),
                sessions.newRandom(),
                sessions.newRandom(),
                redirect.toString(),
                to.toString());
        var query = new LinkedHashMap<String, String>();
        query.put("response_type", "code");
        query.put("client_id", client.id());
        query.put("redirect_uri", pending.redirect);
        query.put("scope", "openid");
        query.put("state", pending.state);
        query.put("nonce", pending.nonce);
        query.put("code_challenge", challenge(pending.verifier));
        query.put("code_challenge_method", "S256");
        String separator = authorization.getQuery() == null ? "?" : "&";
        return new Start(
                URI.create(authorization + separator + form(query)), seal.seal(ApiJson.write(pending)));
    }

    /** What the issuer may know of the verifier before it gets the verifier (RFC 7636, section 4.2). */
    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder().withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Ends a login.
     *
     * @throws LoginRefusedException if the answer is of no login that began in this browser (FORGED), or its person may
     *     not log in
     */
    public Done finish(Answer answer) throws LoginRefusedException {
        Pending pending = pending(answer);
        if (answer.iss == null ? issuer.document().sendsIssuer() : !answer.iss.equals(name.toString())) {
            throw bad("the answer is of another issuer");
        }
        if (answer.error != null) {
            throw bad("the issuer refused: " + shown(answer.error));
        }
        if (answer.code == null) {
            throw bad("the answer of the issuer has no code");
        }
        String idToken = exchange(answer.code, pending);
        return new Done(sessions.begin(issuer.person(idToken, client, pending.nonce)), OwnPath.of(pending.to));
    }

    private Pending pending(Answer answer) throws LoginRefusedException {
        Pending pending = Optional.ofNullable(answer.cookie)
                .flatMap(seal::open)
                .flatMap(CodeLogin::read)
                .orElseThrow(() -> forged("no login began in this browser within the last " + LONGEST.toMinutes()
                        + " minutes"));
        Duration age = Duration.between(Instant.ofEpochSecond(pending.began), clock.instant());
        if (age.abs().compareTo(LONGEST) > 0 || !Session.same(pending.state, answer.state)) {
            throw forged("the answer is of another login than the last one that began in this browser");
        }
        return pending;
    }

    private static Optional<Pending> read(String json) {
        try {
            return Optional.of(ApiJson.read(json, Pending.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Any page can send a browser here with an answer that it made up. That is no try of a login. */
    private static LoginRefusedException forged(String why) {
        return new LoginRefusedException(Reason.FORGED, why);
    }

    private static LoginRefusedException bad(String why) {
        return new LoginRefusedException(Reason.BAD_LOGIN, why);
    }

    private LoginRefusedException down(String why) {
        return new LoginRefusedException(Reason.ISSUER_DOWN, "the issuer " + name + " cannot be asked: " + why);
    }

    private static String shown(String error) {
        return CODE.matcher(error).matches() ? error : "it does not say why";
    }

    /** The ID token that belongs to a code. */
    private String exchange(String code, Pending pending) throws LoginRefusedException {
        HttpRequest.Builder request = request(code, pending);
        try {
            HttpResponse<String> answer = issuer.retriever().send(request);
            if (answer.statusCode() >= 500) {
                throw down("it answers " + answer.statusCode());
            }
            JsonNode body = ApiJson.read(answer.body(), JsonNode.class);
            if (answer.statusCode() != 200) {
                throw bad("the issuer refused the code: " + shown(body.path("error").asText()));
            }
            return body.path("id_token").asText();
        } catch (IOException e) {
            // Jackson's message would have a part of the body, and so of a token.
            throw down(e instanceof JsonProcessingException ? "its answer is no JSON" : Reasons.of(e));
        }
    }

    private HttpRequest.Builder request(String code, Pending pending) throws LoginRefusedException {
        IssuerDocument document = issuer.document();
        var fields = new LinkedHashMap<String, String>();
        fields.put("grant_type", "authorization_code");
        fields.put("code", code);
        fields.put("redirect_uri", pending.redirect);
        fields.put("code_verifier", pending.verifier);
        boolean basic = client.secret().isPresent() && document.basic();
        if (!basic) {
            fields.put("client_id", client.id());
            client.secret().map(Secret::reveal).ifPresent(secret -> fields.put("client_secret", secret));
        }
        var request = HttpRequest
                .newBuilder(document.token().orElseThrow(() -> down("it does not say where it takes codes")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(form(fields)));
        if (basic) {
            // Each part is encoded as in a form first (RFC 6749, section 2.3.1).
            String login = encoded(client.id()) + ":" + encoded(client.secret().map(Secret::reveal).orElse(""));
            request.header(
                    "Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8)));
        }
        return request;
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
