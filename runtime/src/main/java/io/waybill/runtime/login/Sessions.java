package io.waybill.runtime.login;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.TokenHash;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.config.AccessSettings.CookieSettings;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The logins of people in their browsers. The browser keeps a session as an encrypted cookie, so every instance with
 * the same secrets knows it, and none remembers it. A session says how somebody logged in. What they may do is looked
 * up at each request. Safe for several threads.
 */
public final class Sessions {
    /** How far the clocks of two instances may differ. */
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final int RANDOM_BYTES = 32;

    private final CookieSettings settings;
    private final BearerLogin logins;
    private final InstantSource clock;
    private final CookieSeal seal;
    private final SecureRandom random = new SecureRandom();

    public Sessions(CookieSettings settings, BearerLogin logins, InstantSource clock) {
        this.settings = settings;
        this.logins = logins;
        this.clock = clock;
        this.seal = new CookieSeal(settings.cookieSecrets(), "session");
    }

    /**
     * What a cookie has.
     *
     * @param began     when the person logged in, in seconds since 1970
     * @param formToken what forms repeat
     * @param token     the hash of the token by which they did; null if it was by the issuer
     * @param person    whom the issuer named; null if it was by a token
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Content(long began, String formToken, @Nullable String token, @Nullable Person person) {}

    /**
     * Somebody whom the issuer named.
     *
     * @param issuer that did
     * @param client for which it did
     * @param name   unique at the issuer
     * @param values of the roles, those that the configuration knew
     */
    record Person(String issuer, String client, String name, List<String> values) {}

    /** How long a login is good. */
    public Duration age() {
        return settings.sessionAge();
    }

    /**
     * Logs somebody in by a token of the configuration.
     *
     * @return the cookie
     * @throws LoginRefusedException if nobody has the token
     */
    public String begin(String token) throws LoginRefusedException {
        TokenHash hash = TokenHash.of(token.strip());
        if (logins.holder(hash).isEmpty()) {
            throw new LoginRefusedException(Reason.BAD_LOGIN, "the token is not known here");
        }
        return cookie(hash.text(), null);
    }

    /**
     * Logs somebody in whom the issuer named.
     *
     * @return the cookie
     * @throws LoginRefusedException if they have no role here
     */
    String begin(Person person) throws LoginRefusedException {
        var _ = logins.person(person);
        String cookie = cookie(null, person);
        if (cookie.length() > CookieSeal.LONGEST) {
            // The browser would drop it, and lead from the login to the login.
            throw new LoginRefusedException(
                    Reason.NO_ROLE,
                    "the login of '" + person.name() + "' does not fit into a cookie: a value in http.oidc.roles is"
                            + " too long");
        }
        return cookie;
    }

    private String cookie(@Nullable String token, @Nullable Person person) {
        return seal.seal(ApiJson.write(new Content(clock.instant().getEpochSecond(), newRandom(), token, person)));
    }

    /** A text that nobody guesses: 256 bits, only letters, digits, dashes and underscores. */
    public String newRandom() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Finds out whose session a cookie is.
     *
     * @throws LoginRefusedException if it is none of ours, or too old, or its login would not be good any more
     */
    public Session open(String cookie) throws LoginRefusedException {
        Content content = content(cookie).orElseThrow(Sessions::ended);
        Duration age = Duration.between(Instant.ofEpochSecond(content.began), clock.instant());
        if (age.compareTo(SKEW.negated()) < 0 || age.compareTo(settings.sessionAge()) >= 0) {
            throw ended();
        }
        return new Session(principal(content), content.formToken);
    }

    private Optional<Content> content(String cookie) {
        return seal.open(cookie).flatMap(json -> {
            try {
                return Optional.of(ApiJson.read(json, Content.class));
            } catch (JsonProcessingException e) {
                // Another version wrote it. Its person logs in again.
                return Optional.empty();
            }
        });
    }

    private Principal principal(Content content) throws LoginRefusedException {
        if (content.person != null) {
            return principal(content.person);
        }
        if (content.token == null) {
            throw ended();
        }
        return logins.holder(TokenHash.parse(content.token)).orElseThrow(Sessions::ended);
    }

    private Principal principal(Person person) throws LoginRefusedException {
        try {
            return logins.person(person);
        } catch (LoginRefusedException e) {
            // A page that stays open is no try of a login.
            throw e.reason() == Reason.BAD_LOGIN ? ended() : e;
        }
    }

    private static LoginRefusedException ended() {
        return new LoginRefusedException(Reason.SESSION_ENDED, "the login in this browser has ended; log in again");
    }
}
