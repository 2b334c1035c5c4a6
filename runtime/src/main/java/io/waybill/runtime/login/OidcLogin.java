package io.waybill.runtime.login;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.config.AccessSettings.Oidc;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import io.waybill.runtime.text.Reasons;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Knows callers by the signed tokens of an OpenID Connect issuer (RFC 7519, RFC 9068). Fetches the issuer's keys when
 * the first token comes, keeps them, and fetches them again for a key that it does not know, but not too often. While
 * the issuer is down the known keys stay good. Safe for several threads.
 */
final class OidcLogin {
    private static final int SKEW_SECONDS = 30;
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int LARGEST_DOCUMENT = 512 * 1_024;
    /** In this time the issuer is asked for its keys twice at most. */
    private static final Duration KEYS_INTERVAL = Duration.ofSeconds(30);
    private static final Duration KEYS_KEPT = Duration.ofMinutes(15);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Oidc settings;
    private final ProcessClock clock;
    private @Nullable DefaultJWTProcessor<SecurityContext> found;
    private String failure = "";
    /** The moment at which the issuer is asked again after the failure. */
    private long askAgain;

    OidcLogin(Oidc settings, ProcessClock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Finds out whose token it is.
     *
     * @throws LoginRefusedException if it is not good, its holder has no role here, or the issuer cannot be asked
     */
    Principal principal(String token) throws LoginRefusedException {
        JWTClaimsSet claims = verified(token);
        if (!(claims.getClaim(settings.nameClaim()) instanceof String name) || !Principal.named(name)) {
            throw new LoginRefusedException(
                    Reason.BAD_LOGIN,
                    "the token has no claim '" + settings.nameClaim() + "' with 1 to " + Principal.LONGEST_NAME
                            + " characters without '/'");
        }
        Set<String> has = texts(claim(claims.getClaims(), settings.rolesClaim()));
        return settings.roles().stream()
                .filter(mapping -> has.contains(mapping.value()))
                .findFirst()
                .map(mapping -> new Principal(name, mapping.role(), mapping.scope()))
                .orElseThrow(() -> new LoginRefusedException(
                        Reason.NO_ROLE,
                        "'" + name + "' has no role here: the claim '" + settings.rolesClaim() + "' has none of "
                                + settings.roles().stream().map(mapping -> mapping.value()).toList()));
    }

    private JWTClaimsSet verified(String token) throws LoginRefusedException {
        try {
            return processor().process(token, null);
        } catch (ExpiredJWTException e) {
            throw new LoginRefusedException(Reason.BAD_LOGIN, "the token has expired");
        } catch (RateLimitReachedException e) {
            throw new LoginRefusedException(
                    Reason.BAD_LOGIN, "the issuer did not have the token's key a moment ago; try again in "
                            + KEYS_INTERVAL.toSeconds() + " s");
        } catch (ParseException e) {
            // Its message may have a part of the token.
            throw new LoginRefusedException(Reason.BAD_LOGIN, "the token is not known here");
        } catch (BadJOSEException e) {
            throw new LoginRefusedException(Reason.BAD_LOGIN, "the token is not good: " + e.getMessage());
        } catch (JOSEException e) {
            throw down(Reasons.of(e));
        }
    }

    private LoginRefusedException down(String why) {
        return new LoginRefusedException(
                Reason.ISSUER_DOWN, "the issuer " + settings.issuer() + " cannot be asked for its keys: " + why);
    }

    /** Found at the first need, so that a service starts while the issuer is down. */
    private synchronized DefaultJWTProcessor<SecurityContext> processor() throws LoginRefusedException {
        if (found == null) {
            if (!failure.isEmpty() && !clock.isOver(askAgain)) {
                throw down(failure);
            }
            try {
                found = over(keys());
            } catch (IOException | IllegalArgumentException e) {
                failure = Reasons.of(e);
                askAgain = clock.after(RETRY_AFTER);
                throw down(failure);
            }
        }
        return found;
    }

    /** Where the issuer says that its keys are (OpenID Connect Discovery 1.0, section 4). */
    private JWKSource<SecurityContext> keys() throws IOException {
        var retriever = new DefaultResourceRetriever(PATIENCE_MILLIS, PATIENCE_MILLIS, LARGEST_DOCUMENT);
        String issuer = settings.issuer().toString();
        var discovery = URI.create(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration");
        JsonNode document = JSON.readTree(retriever.retrieveResource(discovery.toURL()).getContent());
        if (!document.path("issuer").asText().equals(issuer)) {
            throw new IOException("it calls itself '" + document.path("issuer").asText() + "'");
        }
        URI keys = URI.create(document.path("jwks_uri").asText());
        if (!"https".equals(keys.getScheme()) && !"http".equals(settings.issuer().getScheme())) {
            throw new IOException("its keys are not at an https address");
        }
        return JWKSourceBuilder.create(keys.toURL(), retriever)
                .cache(KEYS_KEPT.toMillis(), 2L * PATIENCE_MILLIS)
                .refreshAheadCache(false)
                .rateLimited(KEYS_INTERVAL.toMillis())
                .outageTolerantForever()
                .build();
    }

    private DefaultJWTProcessor<SecurityContext> over(JWKSource<SecurityContext> keys) {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        // Only listed algorithms: a token must not choose to be checked by HMAC with the public key, or not at all.
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                settings.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet()), keys));
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        var claims = new DefaultJWTClaimsVerifier<SecurityContext>(
                Set.of(settings.audience()),
                new JWTClaimsSet.Builder().issuer(settings.issuer().toString()).build(),
                Set.of("exp"),
                Set.of()) {
            @Override
            protected Date currentTime() {
                return Date.from(clock.instant());
            }
        };
        claims.setMaxClockSkew(SKEW_SECONDS);
        processor.setJWTClaimsSetVerifier(claims);
        return processor;
    }

    /** A claim by its name, or by the names that lead to it, parted by dots. */
    private static @Nullable Object claim(Map<?, ?> claims, String path) {
        if (claims.containsKey(path)) {
            return claims.get(path);
        }
        int dot = path.indexOf('.');
        return dot > 0 && claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner
                ? claim(inner, path.substring(dot + 1))
                : null;
    }

    /** The texts of a claim: of a list, or of one text with spaces between them (RFC 8693, section 4.2). */
    private static Set<String> texts(@Nullable Object claim) {
        var texts = new HashSet<String>();
        if (claim instanceof String text) {
            texts.addAll(List.of(text.split(" +", -1)));
        } else if (claim instanceof Collection<?> many) {
            many.forEach(one -> texts.add(String.valueOf(one)));
        }
        return texts;
    }
}
