package io.waybill.runtime.config;

import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.Role;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.access.TokenHash;
import io.waybill.runtime.config.AccessSettings.Auth;
import io.waybill.runtime.config.AccessSettings.CookieSettings;
import io.waybill.runtime.config.AccessSettings.MetricsAccess;
import io.waybill.runtime.config.AccessSettings.Oidc;
import io.waybill.runtime.config.AccessSettings.OidcClient;
import io.waybill.runtime.config.AccessSettings.RoleMapping;
import io.waybill.runtime.config.AccessSettings.Token;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.config.WaybillConfig.TlsFiles;
import io.waybill.runtime.config.WaybillConfig.TlsSettings;
import io.waybill.runtime.pem.Authorities;
import io.waybill.runtime.pem.BadPemException;
import io.waybill.runtime.pem.Identity;
import io.waybill.runtime.pem.PemFile;
import io.waybill.runtime.text.Suggestion;
import io.waybill.runtime.time.Durations;
import java.net.URI;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The section {@code http}: its keys, and their reader. */
final class HttpKeys {
    /** A host name as clients send it, without a port. */
    private static final String HOST_NAME = "[A-Za-z0-9._-]+";
    /** The name of a route, of a destination or of a token. */
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

    private static final Pattern TOKEN_NAME = Pattern.compile(NAME);
    private static final int SHORTEST_KEY = 32;
    private static final int MOST_COOKIE_SECRETS = 2;
    private static final Duration LONGEST_SESSION = Duration.ofDays(1);

    static final Key<String> HOST = Key.of(
            "host", KeyType.TEXT, "127.0.0.1", "The address at which health, metrics and the API are served.");

    static final Key<Integer> PORT =
            Key.of("port", KeyType.number(0, 65_535), 8080, "Its port; `0` takes a free one.");

    static final Key<String> ADVERTISED = Key.optional(
            "advertised",
            KeyType.text("name or address", HttpKeys::advertised, "^[^/\\s]+$"),
            "the address where it listens",
            "Other instances reach this process at this name or address, with a port or without: `HOST` or"
                    + " `HOST:PORT`.")
            .see("http-api.md#who-may-ask");

    static final Key<List<String>> HOSTS = Key.optional(
            "hosts",
            KeyType.list("list of names", "^" + HOST_NAME + "$"),
            "none",
            "Further names at which clients may reach the API, besides addresses, `localhost`, `host` and"
                    + " `advertised`.")
            .see("http-api.md#who-may-ask");

    static final Key<Auth> AUTH = Key.optional(
            "auth",
            KeyType.oneOf(Auth.class),
            "`none` on loopback, required elsewhere",
            "How callers prove who they are: not at all, by a token of `tokens`, or by one of the issuer `oidc`.")
            .see("http-api.md#login");

    static final Key<MetricsAccess> METRICS = Key.of(
            "metrics",
            KeyType.oneOf(MetricsAccess.class),
            MetricsAccess.OPEN,
            "Whether everybody reads `/metrics`, or only a viewer, operator or admin of all routes and destinations.")
            .see("http-api.md#login");

    static final Key<Secret> PEER_SECRET = Key.optional(
            "peerSecret",
            KeyType.SECRET,
            "required for the state-processor with a login beyond loopback",
            "What instances sign the requests with that they pass on, the same for all; at least 32 characters.")
            .see("http-api.md#other-instances");

    static final Key<List<String>> COOKIE_SECRETS = Key.optional(
            "cookieSecrets",
            KeyType.SECRETS,
            "without them there is no login page",
            "What the cookies of people are encrypted with, the same for all instances, at least 32 characters each; a"
                    + " second one still decrypts while the first one replaces it.")
            .see("http-api.md#login-of-people");

    static final Key<Duration> SESSION_AGE = Key.of(
            "sessionAge",
            KeyType.POSITIVE_DURATION,
            Duration.ofHours(8),
            "How long the login of a person is good, one day at most.")
            .see("http-api.md#login-of-people");

    static final Key<TokenHash> HASH = Key.optional(
            "hash",
            KeyType.text("hash", TokenHash::parse, TokenHash.PATTERN),
            "required without `secret`",
            "The hash of the token, as `./waybill token new` prints it.");

    static final Key<Secret> SECRET = Key.optional(
            "secret",
            KeyType.SECRET,
            "required without `hash`",
            "The token itself, at least 20 characters.");

    static final Key<Role> ROLE = Key.required(
            "role", KeyType.oneOf(Role.class), "What the caller may do.");

    static final Key<List<String>> ROUTES = Key.optional(
            "routes",
            KeyType.list("list of routes", "^" + NAME + "$"),
            "all",
            "The caller sees only files of these routes.");

    static final Key<List<String>> DESTINATIONS = Key.optional(
            "destinations",
            KeyType.list("list of destinations", "^" + NAME + "$"),
            "all",
            "The caller sees only files for these destinations.");

    static final Section TOKENS = Section.named(
            "tokens",
            "Who may log in with a token; the name is the principal of what the holder does.",
            HASH,
            SECRET,
            ROLE,
            ROUTES,
            DESTINATIONS);

    static final Key<URI> ISSUER = Key.required(
            "issuer",
            KeyType.text("address", HttpKeys::issuer, "^https?://[^/\\s]+"),
            "The address of the issuer, exactly as its tokens name it; `http` on loopback only.");

    static final Key<String> AUDIENCE =
            Key.required("audience", KeyType.TEXT, "What the `aud` of its tokens must have.");

    static final Key<List<String>> ALGORITHMS = Key.optional(
            "algorithms",
            KeyType.list("list of algorithms", "^[RPE]S(256|384|512)$"),
            "`RS256, PS256, ES256`",
            "What its tokens may be signed with.");

    static final Key<String> ROLES_CLAIM = Key.of(
            "rolesClaim",
            KeyType.TEXT,
            "roles",
            "The claim with the roles of a caller; dots lead into it, as in `realm_access.roles`.");

    static final Key<String> NAME_CLAIM = Key.of(
            "nameClaim",
            KeyType.TEXT,
            "sub",
            "The claim with the name of a caller; nobody must be able to choose the name of another.");

    static final Key<String> CLIENT_ID = Key.optional(
            "clientId",
            KeyType.TEXT,
            "people do not log in by the issuer",
            "The name under which the issuer knows Waybill, for the login page.")
            .see("http-api.md#login-of-people");

    static final Key<Secret> CLIENT_SECRET = Key.optional(
            "clientSecret", KeyType.SECRET, "none: a public client", "The secret that belongs to `clientId`.");

    static final Key<String> VALUE = Key.optional(
            "value", KeyType.TEXT, "the name of the section", "The text in the claim for which this is.");

    static final Section OIDC_ROLES = Section.named(
            "roles",
            "Who may do what: of those that a caller has, the first one in the file counts.",
            VALUE,
            ROLE,
            ROUTES,
            DESTINATIONS);

    static final Section OIDC = Section.fixed(
            "oidc",
            "An OpenID Connect issuer.",
            ISSUER,
            AUDIENCE,
            ALGORITHMS,
            ROLES_CLAIM,
            NAME_CLAIM,
            CLIENT_ID,
            CLIENT_SECRET,
            OIDC_ROLES);

    static final Section SECTION = Section.fixed(
            "http", "The HTTP endpoint of a process.", HOST, PORT, ADVERTISED, HOSTS, AUTH, TOKENS, OIDC, PEER_SECRET,
            METRICS, COOKIE_SECRETS, SESSION_AGE, Tls.SECTION);

    private static final Set<String> USUAL_ALGORITHMS = Set.of("RS256", "PS256", "ES256");
    private static final Pattern ALGORITHM = Pattern.compile("[RPE]S(256|384|512)");

    /** The names that a scope may have. */
    private record Known(Set<String> routes, Set<String> destinations) {}

    private HttpKeys() {}

    static HttpSettings read(SectionReader keys, Set<RouteName> routes, Set<DestinationName> destinations) {
        List<String> hosts = keys.list(HOSTS);
        hosts.stream().filter(name -> !name.matches(HOST_NAME)).forEach(name -> keys.problem(
                HOSTS, "expected a host name without a port, was '" + name + "'"));
        var known = new Known(
                routes.stream().map(RouteName::value).collect(Collectors.toSet()),
                destinations.stream().map(DestinationName::value).collect(Collectors.toSet()));
        Optional<String> advertised = keys.find(ADVERTISED);
        var settings = new HttpSettings(
                keys.get(HOST),
                keys.get(PORT),
                advertised,
                hosts,
                access(keys, known),
                Tls.read(keys.section(Tls.SECTION), advertised));
        keys.finish();
        return settings;
    }

    /** The section {@code http.tls}. */
    private static final class Tls {
        static final Key<Path> CERTIFICATE = Key.optional(
                "certificate",
                KeyType.text("path", Path::of),
                "no TLS",
                "A PEM file with the certificate of the endpoint, and then those that signed it; it is read again when it"
                        + " changes.")
                .see("tls.md");

        static final Key<Path> PRIVATE_KEY = Key.optional(
                "privateKey",
                KeyType.text("`file:PATH`", Tls::file, "^file:.+$"),
                "required with `certificate`",
                "A PEM file with the private key in PKCS#8; it is read again when it changes.");

        static final Key<Secret> PASSWORD = Key.optional(
                "privateKeyPassword", KeyType.SECRET, "the key is not encrypted", "The password of the private key.");

        static final Key<Path> CLIENT_CA = Key.optional(
                "clientCa",
                KeyType.text("path", Path::of),
                "callers need no certificate",
                "A PEM file with the authorities of which one must have signed the certificate of a caller, besides the"
                        + " login.")
                .see("tls.md#certificates-of-clients");

        static final Key<Path> CA = Key.optional(
                "ca",
                KeyType.text("path", Path::of),
                "those that the platform trusts",
                "A PEM file with the authorities that instances and commands trust when they call an instance.");

        private static final Duration SOON = Duration.ofDays(14);

        static final Section SECTION = Section.fixed(
                "tls", "TLS of the HTTP endpoint.", CERTIFICATE, PRIVATE_KEY, PASSWORD, CLIENT_CA, CA);

        private Tls() {}

        private static Path file(String text) {
            if (!text.startsWith("file:")) {
                throw new IllegalArgumentException("expected file:PATH, because the key is read again when the file"
                        + " changes (the text found is not shown)");
            }
            return Path.of(text.substring("file:".length()));
        }

        static TlsSettings read(SectionReader keys, Optional<String> advertised) {
            Optional<Path> certificate = keys.find(CERTIFICATE);
            Optional<Path> key = keys.find(PRIVATE_KEY);
            Optional<Secret> password = keys.find(PASSWORD);
            Optional<Path> clientCa = keys.find(CLIENT_CA);
            Optional<Path> ca = keys.find(CA);
            for (Key<?> other : List.of(PRIVATE_KEY, PASSWORD, CLIENT_CA)) {
                if (keys.has(other) && !keys.has(CERTIFICATE)) {
                    keys.problem(other, "has no effect without a certificate");
                }
            }
            if (keys.has(CERTIFICATE) && !keys.has(PRIVATE_KEY)) {
                keys.problem(PRIVATE_KEY, "is missing beside the certificate");
            }
            clientCa.ifPresent(file -> authorities(keys, CLIENT_CA, file));
            ca.ifPresent(file -> authorities(keys, CA, file));
            keys.finish();
            if (certificate.isEmpty() || key.isEmpty()) {
                return new TlsSettings(Optional.empty(), ca);
            }
            var files = new TlsFiles(certificate.get(), key.get(), password, clientCa);
            keys.warnIfExposed(PRIVATE_KEY, files.privateKey());
            identity(keys, files).ifPresent(identity -> warn(keys, identity, advertised));
            return new TlsSettings(Optional.of(files), ca);
        }

        private static void authorities(SectionReader keys, Key<Path> key, Path file) {
            try {
                var _ = Authorities.read(file);
            } catch (BadPemException e) {
                keys.problem(key, String.valueOf(e.getMessage()));
            }
        }

        private static Optional<Identity> identity(SectionReader keys, TlsFiles files) {
            @Nullable List<X509Certificate> chain = null;
            @Nullable PrivateKey key = null;
            try {
                chain = PemFile.read(files.certificate()).certificates();
            } catch (BadPemException e) {
                keys.problem(CERTIFICATE, String.valueOf(e.getMessage()));
            }
            try {
                key = PemFile.read(files.privateKey()).key(files.password().map(Secret::reveal));
            } catch (BadPemException e) {
                keys.problem(PRIVATE_KEY, String.valueOf(e.getMessage()));
            }
            if (chain == null || key == null) {
                return Optional.empty();
            }
            try {
                Identity identity = Identity.of(chain, key);
                var now = InstantSource.system().instant(); // allow clock: a configuration is read once, at the start
                Optional<String> fault = identity.outOfDate(now);
                fault.ifPresent(text -> keys.problem(CERTIFICATE, text));
                if (fault.isEmpty() && identity.outOfDate(now.plus(SOON)).isPresent()) {
                    keys.warn(CERTIFICATE, "expires at " + identity.notAfter() + "; replace it before");
                }
                return fault.isEmpty() ? Optional.of(identity) : Optional.empty();
            } catch (BadPemException e) {
                keys.problem(CERTIFICATE, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        }

        /** Other instances check the certificate against the name at which they call. */
        private static void warn(SectionReader keys, Identity identity, Optional<String> advertised) {
            advertised.map(HttpSettings::hostOf).filter(name -> !identity.isOf(name)).ifPresent(name -> keys.warn(
                    CERTIFICATE,
                    "is not for '" + name + "', which http.advertised says: other instances and commands that call this"
                            + " one refuse it; let the certificate have that name as subjectAltName"));
        }
    }

    private static AccessSettings access(SectionReader keys, Known known) {
        Optional<Auth> auth = keys.find(AUTH);
        List<Token> tokens = tokens(keys, known);
        Optional<Secret> peerSecret = keys.find(PEER_SECRET);
        MetricsAccess metrics = keys.get(METRICS);
        if (auth.equals(Optional.of(Auth.TOKENS)) && keys.named(TOKENS).isEmpty()) {
            keys.problem(TOKENS, "is missing: with auth 'tokens' nobody could log in; './waybill token new' makes one");
        }
        Optional<Oidc> oidc = keys.mentions(OIDC) ? Optional.of(oidc(keys.section(OIDC), known)) : Optional.empty();
        boolean byIssuer = auth.equals(Optional.of(Auth.OIDC));
        if (byIssuer != keys.mentions(OIDC)) {
            keys.problem(OIDC, byIssuer ? "is missing beside auth 'oidc'" : "has no effect without auth: oidc");
        }
        boolean login = auth.isPresent() && auth.get() != Auth.NONE;
        if (!login && keys.mentions(TOKENS)) {
            keys.problem(TOKENS, "has no effect without a login; add auth: tokens");
        }
        if (!login && metrics == MetricsAccess.TOKEN) {
            keys.problem(METRICS, "nobody can log in to read them; add auth: tokens");
        }
        if (peerSecret.isPresent() && peerSecret.get().reveal().length() < SHORTEST_KEY) {
            keys.problem(PEER_SECRET, "expected at least " + SHORTEST_KEY + " characters");
        }
        Optional<CookieSettings> pages = pages(keys, login);
        if (!keys.has(COOKIE_SECRETS) && oidc.flatMap(Oidc::client).isPresent()) {
            keys.problem(OIDC, "has a clientId, and without cookieSecrets there is no login page");
        }
        if (byIssuer && pages.isPresent() && tokens.isEmpty() && oidc.flatMap(Oidc::client).isEmpty()) {
            keys.problem(COOKIE_SECRETS, "nobody could log in on the page; add clientId to oidc");
        }
        return new AccessSettings(auth, tokens, oidc, peerSecret, metrics, pages);
    }

    private static Optional<CookieSettings> pages(SectionReader keys, boolean login) {
        List<Secret> secrets = keys.secrets(COOKIE_SECRETS);
        Duration age = keys.get(SESSION_AGE);
        if (keys.has(COOKIE_SECRETS) && !login) {
            keys.problem(COOKIE_SECRETS, "has no effect without a login; add auth: tokens");
        }
        if (keys.has(SESSION_AGE) && !keys.has(COOKIE_SECRETS)) {
            keys.problem(SESSION_AGE, "has no effect without cookieSecrets");
        }
        if (secrets.size() > MOST_COOKIE_SECRETS) {
            keys.problem(COOKIE_SECRETS, "expected one secret, or two while the first one replaces the second, found "
                    + secrets.size());
        }
        if (secrets.stream().anyMatch(secret -> secret.reveal().length() < SHORTEST_KEY)) {
            keys.problem(COOKIE_SECRETS, "expected at least " + SHORTEST_KEY + " characters in each");
        }
        if (age.compareTo(LONGEST_SESSION) > 0) {
            keys.problem(SESSION_AGE, "expected one day at most, was " + Durations.print(age));
        }
        return secrets.isEmpty() ? Optional.empty() : Optional.of(new CookieSettings(secrets, age));
    }

    private static Optional<OidcClient> client(SectionReader keys) {
        Optional<Secret> secret = keys.find(CLIENT_SECRET);
        if (keys.has(CLIENT_SECRET) && !keys.has(CLIENT_ID)) {
            keys.problem(CLIENT_SECRET, "has no effect without clientId");
        }
        return keys.find(CLIENT_ID).map(id -> new OidcClient(id, secret));
    }

    private static Oidc oidc(SectionReader keys, Known known) {
        List<String> algorithms = keys.list(ALGORITHMS);
        algorithms.stream().filter(name -> !ALGORITHM.matcher(name).matches()).forEach(name -> keys.problem(
                ALGORITHMS, "expected RS, PS or ES with 256, 384 or 512, which have a public key, was '" + name + "'"));
        var roles = new ArrayList<RoleMapping>();
        keys.named(OIDC_ROLES).forEach((name, section) -> {
            roles.add(new RoleMapping(
                    section.find(VALUE).orElse(name), section.required(ROLE, Role.VIEWER), scope(section, known)));
            section.finish();
        });
        if (roles.isEmpty()) {
            keys.problem(OIDC_ROLES, "is missing: nobody would have a role");
        }
        var oidc = new Oidc(
                keys.required(ISSUER, URI.create("https://issuer.invalid")),
                keys.required(AUDIENCE, ""),
                algorithms.isEmpty() ? USUAL_ALGORITHMS : Set.copyOf(algorithms),
                keys.get(ROLES_CLAIM),
                keys.get(NAME_CLAIM),
                roles,
                client(keys));
        keys.finish();
        return oidc;
    }

    private static List<Token> tokens(SectionReader keys, Known known) {
        var tokens = new ArrayList<Token>();
        keys.named(TOKENS).forEach((name, section) -> {
            if (!TOKEN_NAME.matcher(name).matches()) {
                keys.problem(TOKENS, "expected a name of 1 to 63 letters, digits, dots, dashes and underscores, was '"
                        + name + "'");
            }
            token(name, section, known).ifPresent(token -> {
                tokens.stream().filter(other -> other.hash().equals(token.hash())).forEach(other -> section.problem(
                        section.has(HASH) ? HASH : SECRET,
                        "is the token of '" + other.principal().name() + "', too"));
                tokens.add(token);
            });
            section.finish();
        });
        return tokens;
    }

    private static Optional<Token> token(String name, SectionReader keys, Known known) {
        Optional<TokenHash> hash = keys.find(HASH);
        Optional<Secret> secret = keys.find(SECRET);
        if (keys.has(HASH) == keys.has(SECRET)) {
            keys.problem(HASH, keys.has(HASH)
                    ? "is there beside the secret; give one of them"
                    : "is missing: give a hash or a secret; './waybill token new' makes both");
        }
        if (secret.isPresent() && secret.get().reveal().length() < TokenHash.SHORTEST_SECRET) {
            keys.problem(SECRET, "expected at least " + TokenHash.SHORTEST_SECRET
                    + " characters; './waybill token new' makes one");
        }
        Role role = keys.required(ROLE, Role.VIEWER);
        Scope scope = scope(keys, known);
        return hash.or(() -> secret.map(value -> TokenHash.of(value.reveal())))
                .map(digest -> new Token(digest, new Principal(name, role, scope)));
    }

    private static Scope scope(SectionReader keys, Known known) {
        return new Scope(
                scope(keys, ROUTES, known.routes(), RouteName::new),
                scope(keys, DESTINATIONS, known.destinations(), DestinationName::new));
    }

    /** A name that does not exist would hide what the operator meant to show, so it is a fault. */
    private static <T> Optional<Set<T>> scope(
            SectionReader keys, Key<List<String>> key, Set<String> known, Function<String, T> parser) {
        List<String> names = keys.list(key);
        if (!keys.has(key)) {
            return Optional.empty();
        }
        if (names.isEmpty()) {
            keys.problem(key, "expected at least one name; without the key all are seen");
        }
        names.stream().filter(name -> !known.contains(name)).forEach(name -> keys.problem(
                key, "there is no '" + name + "' in the configuration" + Suggestion.of(name, known)));
        return Optional.of(names.stream().filter(known::contains).map(parser).collect(Collectors.toSet()));
    }

    /** Keys that come over a line on which others can write are not known to be the issuer's. */
    private static URI issuer(String text) {
        URI issuer = URI.create(text);
        String host = issuer.getHost();
        boolean here = "http".equals(issuer.getScheme()) && host != null && HttpSettings.loopback(host);
        if (host == null || !here && !"https".equals(issuer.getScheme())) {
            throw new IllegalArgumentException("expected an https address, was '" + text + "'");
        }
        return issuer;
    }

    private static String advertised(String text) {
        if (!text.matches("(" + HOST_NAME + "|\\[[0-9A-Fa-f:.]+])(:[1-9][0-9]{0,4})?")) {
            throw new IllegalArgumentException(
                    "expected HOST or HOST:PORT, an IPv6 address in brackets, was '" + text + "'");
        }
        return text;
    }
}
