package io.waybill.runtime.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.Role;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Says of a request that one instance passes to another who sent it first, so that the other one cannot be told
 * anything else. HMAC-SHA256 with a secret that all instances share covers the time, the method, the address with its
 * query, the digest of the body, and the sender. Safe for several threads.
 */
public final class PeerSignature {
    /** A request with this header is not passed on again. */
    public static final String PASSED_ON = "Waybill-Passed-On";

    private static final String CALLER = "Waybill-Caller";
    private static final String SIGNATURE = "Waybill-Signature";
    private static final String MAC = "HmacSHA256";
    /** No base64 begins with it. */
    private static final String PACKED = "z.";
    private static final int LARGEST_PLAIN_BYTES = 3_000;
    private static final Pattern SHAPE = Pattern.compile("v1 ([0-9]{1,15}) ([0-9a-f]{64})");
    /** How far the clocks of two instances and the way between them may part the times of sending and receiving. */
    private static final Duration LONGEST_AGE = Duration.ofSeconds(30);

    private final SecretKeySpec key;
    private final InstantSource clock;

    public PeerSignature(Secret secret, InstantSource clock) {
        this.key = new SecretKeySpec(secret.reveal().getBytes(UTF_8), MAC);
        this.clock = clock;
    }

    /**
     * What is signed of a request, besides who sent it.
     *
     * @param target the address with its query, as it is sent
     * @param digest of the body
     */
    public record Request(String method, String target, String digest) {
        public static Request of(String method, String target, byte[] body) {
            try {
                return new Request(
                        method, target, HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    /** A principal on its way to another instance. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Caller(
            String name, Role role, @Nullable List<String> routes, @Nullable List<String> destinations) {
        static Caller of(Principal principal) {
            Scope scope = principal.scope();
            return new Caller(
                    principal.name(),
                    principal.role(),
                    scope.routes().map(Caller::texts).orElse(null),
                    scope.destinations().map(Caller::texts).orElse(null));
        }

        private static List<String> texts(Set<?> names) {
            return names.stream().map(Object::toString).sorted().toList();
        }

        Principal principal() {
            return new Principal(
                    name, role, new Scope(names(routes, RouteName::new), names(destinations, DestinationName::new)));
        }

        private static <T> Optional<Set<T>> names(@Nullable List<String> texts, Function<String, T> parser) {
            return Optional.ofNullable(texts).map(some -> some.stream().map(parser).collect(Collectors.toSet()));
        }
    }

    /** The headers with which a request goes to another instance. */
    public Map<String, String> headers(Principal principal, Request request) {
        String caller = text(Caller.of(principal));
        String time = String.valueOf(clock.instant().toEpochMilli());
        var headers = new LinkedHashMap<String, String>();
        headers.put(CALLER, caller);
        headers.put(SIGNATURE, "v1 " + time + " " + HexFormat.of().formatHex(signature(time, caller, request)));
        return headers;
    }

    /**
     * Who sent a request first that another instance passed on.
     *
     * @param header gives a header of the request by its name, null if there is none
     * @throws LoginRefusedException if no instance with the same secret has just sent this very request
     */
    public Principal principal(Function<String, @Nullable String> header, Request request)
            throws LoginRefusedException {
        String caller = header.apply(CALLER);
        String signed = header.apply(SIGNATURE);
        Matcher parts = SHAPE.matcher(signed == null ? "" : signed);
        if (caller == null || !parts.matches()) {
            throw refused("the request says that another instance passed it on, and has no signature of one");
        }
        byte[] expected = signature(parts.group(1), caller, request);
        if (!MessageDigest.isEqual(expected, HexFormat.of().parseHex(parts.group(2)))) {
            throw refused("the signature of the other instance does not fit; do all have the same http.peerSecret?");
        }
        Duration age = Duration.between(Instant.ofEpochMilli(Long.parseLong(parts.group(1))), clock.instant()).abs();
        if (age.compareTo(LONGEST_AGE) > 0) {
            throw refused("the signature of the other instance is " + age.toSeconds() + " s off; the clocks may differ"
                    + " by " + LONGEST_AGE.toSeconds() + " s");
        }
        return read(caller);
    }

    /** As a header. Somebody may be narrowed to hundreds of routes, and a server takes 8 KB of headers. */
    private static String text(Caller caller) {
        byte[] json = ApiJson.write(caller).getBytes(UTF_8);
        boolean small = json.length <= LARGEST_PLAIN_BYTES;
        return (small ? "" : PACKED)
                + Base64.getUrlEncoder().withoutPadding().encodeToString(small ? json : packed(json));
    }

    private static byte[] packed(byte[] bytes) {
        var packed = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(packed)) {
            deflater.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] bytes(String caller) throws IOException {
        if (!caller.startsWith(PACKED)) {
            return Base64.getUrlDecoder().decode(caller);
        }
        byte[] packed = Base64.getUrlDecoder().decode(caller.substring(PACKED.length()));
        try (var inflater = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            return inflater.readAllBytes();
        }
    }

    /** Only after the signature was checked. */
    private static Principal read(String caller) throws LoginRefusedException {
        try {
            return ApiJson.read(new String(bytes(caller), UTF_8), Caller.class).principal();
        } catch (IOException | IllegalArgumentException e) {
            throw refused("the other instance is of another version: its caller cannot be read");
        }
    }

    private static LoginRefusedException refused(String why) {
        return new LoginRefusedException(Reason.BAD_SIGNATURE, why);
    }

    private byte[] signature(String time, String caller, Request request) {
        try {
            var mac = Mac.getInstance(MAC);
            mac.init(key);
            // No part can hold a line break, so no two requests have one text.
            return mac.doFinal(String.join(
                    "\n", "waybill-peer-v1", time, request.method(), request.target(), request.digest(), caller)
                    .getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
