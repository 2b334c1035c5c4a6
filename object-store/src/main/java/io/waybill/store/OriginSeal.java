package io.waybill.store;

import io.waybill.domain.Origin;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.config.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Writes into the metadata of an object where it came from, and believes only what it wrote itself: whoever may put objects
 * may write metadata. An HMAC-SHA256 covers the origin, the bucket, the key, and the size if the source knew it, so that a
 * mark is void at any other object. Safe for several threads.
 */
public final class OriginSeal {
    /** Without a secret no mark is valid, and none can be written. */
    public static final OriginSeal NONE = new OriginSeal(List.of());

    private static final String PREFIX = "waybill-origin-";
    private static final String KIND = PREFIX + "kind";
    private static final String SOURCE = PREFIX + "source";
    private static final String IDENTITY = PREFIX + "identity";
    private static final String USER = PREFIX + "user";
    private static final String SIZE = PREFIX + "size";
    private static final String SEAL = PREFIX + "seal";
    private static final String FIRST_FORM = "waybill origin 1";
    private static final String ALGORITHM = "HmacSHA256";

    private final List<SecretKeySpec> keys;

    /**
     * @param secrets the first one signs, and all of them verify
     */
    public OriginSeal(List<Secret> secrets) {
        keys = secrets.stream()
                .map(secret -> new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM))
                .toList();
    }

    /** What the metadata of an object say. */
    sealed interface Mark {
        /** Nothing about an origin. */
        record None() implements Mark {}

        /** The origin, proven. */
        record Valid(Origin origin) implements Mark {}

        /**
         * Something about an origin that is not proven.
         *
         * @param why for people
         */
        record Disbelieved(String why) implements Mark {}
    }

    /**
     * The metadata of an object from an origin.
     *
     * @param size in bytes; empty if the source does not know it before it has written the object
     * @throws IllegalStateException if there is no secret
     */
    public Map<String, String> metadata(String bucket, String key, Origin origin, OptionalLong size) {
        if (keys.isEmpty()) {
            throw new IllegalStateException("sources.originSecret is not given, so nothing can be sealed");
        }
        var metadata = new HashMap<>(Map.of(
                KIND, origin.kind(),
                SOURCE, encoded(origin.source()),
                IDENTITY, encoded(origin.identity())));
        @Nullable String user = origin.user();
        if (user != null) {
            metadata.put(USER, encoded(user));
        }
        size.ifPresent(bytes -> metadata.put(SIZE, Long.toString(bytes)));
        byte[] seal = seal(keys.getFirst(), bucket, key, origin, metadata.getOrDefault(SIZE, ""));
        metadata.put(SEAL, HexFormat.of().formatHex(seal));
        return Map.copyOf(metadata);
    }

    /** Reads the mark of an object; its metadata are hostile input. */
    Mark read(SourceObject object, Map<String, String> metadata) {
        if (metadata.keySet().stream().noneMatch(name -> name.startsWith(PREFIX))) {
            return new Mark.None();
        }
        if (keys.isEmpty()) {
            return new Mark.Disbelieved("sources.originSecret is not given");
        }
        try {
            @Nullable String user = metadata.get(USER);
            var origin = new Origin(
                    there(metadata, KIND),
                    decoded(there(metadata, SOURCE)),
                    decoded(there(metadata, IDENTITY)),
                    user == null ? null : decoded(user));
            String size = metadata.getOrDefault(SIZE, "");
            byte[] seal = HexFormat.of().parseHex(there(metadata, SEAL));
            if (keys.stream().noneMatch(key -> MessageDigest.isEqual(
                    seal, seal(key, object.bucket(), object.key(), origin, size)))) {
                return new Mark.Disbelieved(
                        "the seal is not of this origin, bucket and key under sources.originSecret");
            }
            return size.isEmpty() || size.equals(Long.toString(object.size()))
                    ? new Mark.Valid(origin)
                    : new Mark.Disbelieved("it is of " + size + " bytes, and the object has " + object.size());
        } catch (IllegalArgumentException e) {
            return new Mark.Disbelieved(String.valueOf(e.getMessage()));
        }
    }

    private static String there(Map<String, String> metadata, String name) {
        @Nullable String value = metadata.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no " + name);
        }
        return value;
    }

    /** Metadata are header lines, which hold ASCII alone. */
    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    }

    private static byte[] seal(SecretKeySpec secret, String bucket, String key, Origin origin, String size) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            String user = origin.user() == null ? "" : "u" + origin.user();
            for (String part : List.of(
                    FIRST_FORM, bucket, key, origin.kind(), origin.source(), origin.identity(), user, size)) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                // Length-prefixed: without it ("a", "bc") and ("ab", "c") would have one seal.
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                mac.update(bytes);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform must offer " + ALGORITHM, e);
        }
    }
}
