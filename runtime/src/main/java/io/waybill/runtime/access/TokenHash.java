package io.waybill.runtime.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The digest by which Waybill knows a token: {@code sha256:} and 64 hexadecimal digits. A fast digest will do, because a
 * token is made at random. Immutable; {@link #equals} takes the same time whatever differs.
 */
public final class TokenHash {
    /** What the texts of hashes match, as a JSON Schema pattern. */
    public static final String PATTERN = "^sha256:[0-9a-f]{64}$";
    /** The fewest characters of a secret that an operator chooses. */
    public static final int SHORTEST_SECRET = 20;

    private static final Pattern SHAPE = Pattern.compile(PATTERN);
    private static final String ALGORITHM = "sha256:";
    /** By it a scanner for leaked secrets finds tokens. */
    private static final String PREFIX = "wbt_";
    private static final int RANDOM_BYTES = 32;

    private final byte[] digest;

    private TokenHash(byte[] digest) {
        this.digest = digest;
    }

    /** The hash of a secret. */
    public static TokenHash of(String secret) {
        try {
            return new TokenHash(
                    MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Reads a hash.
     *
     * @throws IllegalArgumentException if the text is none; the message does not repeat it, as it may be a secret
     */
    public static TokenHash parse(String text) {
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException("expected sha256: and 64 hexadecimal digits, as './waybill token new'"
                    + " prints them (the text found is not shown)");
        }
        return new TokenHash(HexFormat.of().parseHex(text.substring(ALGORITHM.length())));
    }

    /** Makes a secret that nobody can guess: 256 bits. */
    public static String newSecret() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** The text that {@link #parse} reads. */
    public String text() {
        return ALGORITHM + HexFormat.of().formatHex(digest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenHash that && MessageDigest.isEqual(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return digest[0];
    }

    @Override
    public String toString() {
        return "(hash)";
    }
}
