package io.waybill.runtime.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.config.AccessSettings.Oidc;
import io.waybill.runtime.config.AccessSettings.OidcClient;
import io.waybill.runtime.config.AccessSettings.RoleMapping;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import io.waybill.runtime.text.Reasons;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
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
    /** In this time the issuer is asked for its keys twice at most. */
    private static final Duration KEYS_INTERVAL = Duration.ofSeconds(30);
    private static final Duration KEYS_KEPT = Duration.ofMinutes(15);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    /** What a cookie has room for, with the rest of a session. */
    private static final int MOST_BYTES_OF_VALUES = 1_500;
    private static final DefaultJOSEObjectTypeVerifier<SecurityContext> ACCESS_TOKEN =
            new DefaultJOSEObjectTypeVerifier<>(
                    JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null);
    private static final DefaultJOSEObjectTypeVerifier<SecurityContext> ID_TOKEN =
            new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, null);

    private final Oidc settings;
    private final ProcessClock clock;
    private final IssuerRetriever retriever = new IssuerRetriever(IssuerRetriever.PATIENCE);
    private @Nullable Found found;
    private volatile boolean keysKnown;
    private String failure = "";
    /** The moment at which the issuer is asked again after the failure. */
    private long askAgain;

    /** What is known of the issuer. */
    private record Found(IssuerDocument document, JWKSource<SecurityContext> keys) {}

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
        JWTClaimsSet claims = verified(token, settings.audience(), ACCESS_TOKEN);
        return principal(name(claims), values(claims));
    }

    /**
     * Finds out who logged in at the issuer (OpenID Connect Core 1.0, section 3.1.3.7).
     *
     * @param idToken for this client
     * @param nonce   that this login has sent, so that a token of another login is not good
     */
    Sessions.Person person(String idToken, OidcClient client, String nonce) throws LoginRefusedException {
        JWTClaimsSet claims = verified(idToken, client.id(), ID_TOKEN);
        if (!Session.same(nonce, claims.getClaim("nonce") instanceof String sent ? sent : null)) {
            throw new LoginRefusedException(Reason.BAD_LOGIN, "the token of the issuer is of another login");
        }
        Object holder = claims.getClaim("azp");
        if (holder == null ? claims.getAudience().size() > 1 : !holder.equals(client.id())) {
            throw new LoginRefusedException(Reason.BAD_LOGIN, "the token of the issuer is for another client");
        }
        Set<String> has = values(claims);
        return new Sessions.Person(
                settings.issuer().toString(),
                client.id(),
                name(claims),
                fitting(settings.roles().stream().map(RoleMapping::value).filter(has::contains).toList()));
    }

    /** The first one counts now. The others only count after the configuration has changed. */
    private static List<String> fitting(List<String> values) {
        var fitting = new ArrayList<String>();
        int room = MOST_BYTES_OF_VALUES;
        for (String value : values) {
            room -= value.getBytes(UTF_8).length;
            if (room < 0 && !fitting.isEmpty()) {
                break;
            }
            fitting.add(value);
        }
        return fitting;
    }

    /** Whether this issuer named a person, for the client that Waybill is now. */
    boolean named(Sessions.Person person) {
        return person.issuer().equals(settings.issuer().toString())
                && settings.client().filter(client -> client.id().equals(person.client())).isPresent();
    }

    /** Somebody with a role. */
    Principal principal(String name, Collection<String> has) throws LoginRefusedException {
        return settings.roles().stream()
                .filter(mapping -> has.contains(mapping.value()))
                .findFirst()
                .map(mapping -> new Principal(name, mapping.role(), mapping.scope()))
                .orElseThrow(() -> new LoginRefusedException(
                        Reason.NO_ROLE,
                        "'" + name + "' has no role here: the claim '" + settings.rolesClaim() + "' has none of "
                                + settings.roles().stream().map(RoleMapping::value).toList()));
    }

    private String name(JWTClaimsSet claims) throws LoginRefusedException {
        if (claims.getClaim(settings.nameClaim()) instanceof String name && Principal.named(name)) {
            return name;
        }
        throw new LoginRefusedException(
                Reason.BAD_LOGIN,
                "the token has no claim '" + settings.nameClaim() + "' with 1 to " + Principal.LONGEST_NAME
                        + " characters without '/'");
    }

    private Set<String> values(JWTClaimsSet claims) {
        return texts(claim(claims.getClaims(), settings.rolesClaim()));
    }

    /** What the issuer says of itself. */
    IssuerDocument document() throws LoginRefusedException {
        return found().document();
    }

    /** For questions that are not about its keys. */
    IssuerRetriever retriever() {
        return retriever;
    }

    private JWTClaimsSet verified(
            String token, String audience, DefaultJOSEObjectTypeVerifier<SecurityContext> type)
            throws LoginRefusedException {
        JWTClaimsSet claims = signed(token, audience, type);
        if (claims.getExpirationTime() == null) {
            // To the library a claim is there, too, if it is null.
            throw new LoginRefusedException(Reason.BAD_LOGIN, "the token does not say when it expires");
        }
        return claims;
    }

    private JWTClaimsSet signed(
            String token, String audience, DefaultJOSEObjectTypeVerifier<SecurityContext> type)
            throws LoginRefusedException {
        JWKSource<SecurityContext> keys = found().keys();
        try {
            return processor(audience, type, keys).process(token, null);
        } catch (ExpiredJWTException e) {
            throw new LoginRefusedException(Reason.BAD_LOGIN, "the token has expired");
        } catch (RateLimitReachedException e) {
            if (!keysKnown) {
                throw down("it did not give them a moment ago");
            }
            throw new LoginRefusedException(
                    Reason.BAD_LOGIN, "the issuer did not have the token's key a moment ago; try again in "
                            + KEYS_INTERVAL.toSeconds() + " s");
        } catch (ParseException | RuntimeException e) {
            // Its message may have a part of the token. The library does not expect every JSON where it expects an object.
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

    /** At the first need, so that a service starts while the issuer is down. */
    private synchronized Found found() throws LoginRefusedException {
        if (found == null) {
            if (!failure.isEmpty() && !clock.isOver(askAgain)) {
                throw down(failure);
            }
            try {
                found = find();
            } catch (IOException | IllegalArgumentException e) {
                failure = Reasons.of(e);
                askAgain = clock.after(RETRY_AFTER);
                throw down(failure);
            }
        }
        return found;
    }

    private Found find() throws IOException {
        IssuerDocument document = IssuerDocument.read(
                settings.issuer(),
                retriever.retrieveResource(IssuerDocument.address(settings.issuer()).toURL()).getContent());
        JWKSource<SecurityContext> keys = JWKSourceBuilder.create(source(document))
                .cache(KEYS_KEPT.toMillis(), 2 * IssuerRetriever.PATIENCE.toMillis())
                .refreshAheadCache(false)
                .rateLimited(KEYS_INTERVAL.toMillis())
                .outageTolerantForever()
                .build();
        return new Found(document, keys);
    }

    private URLBasedJWKSetSource<SecurityContext> source(IssuerDocument document) throws IOException {
        return new URLBasedJWKSetSource<>(document.keys().toURL(), retriever) {
            @Override
            public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long time, SecurityContext context)
                    throws KeySourceException {
                JWKSet keys = super.getJWKSet(refresh, time, context);
                keysKnown = true;
                return keys;
            }
        };
    }

    private DefaultJWTProcessor<SecurityContext> processor(
            String audience,
            DefaultJOSEObjectTypeVerifier<SecurityContext> type,
            JWKSource<SecurityContext> keys) {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        // Only listed algorithms: a token must not choose to be checked by HMAC with the public key, or not at all.
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                settings.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet()), keys));
        processor.setJWSTypeVerifier(type);
        var claims = new DefaultJWTClaimsVerifier<SecurityContext>(
                Set.of(audience),
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

    /** A claim by its name, or by the names that lead to it, parted by dots. A name may have dots itself. */
    private static @Nullable Object claim(Map<?, ?> claims, String path) {
        Object found = claims.get(path);
        for (int dot = path.indexOf('.'); found == null && dot >= 0; dot = path.indexOf('.', dot + 1)) {
            if (claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner) {
                found = claim(inner, path.substring(dot + 1));
            }
        }
        return found;
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
