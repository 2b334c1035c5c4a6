package io.waybill.runtime.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.waybill.runtime.config.Secret;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Encrypts the texts of one kind of cookie so that nobody else can read, change or make one: AES-256-GCM with a key that
 * HKDF-SHA256 (RFC 5869) makes of a secret for this kind. Safe for several threads.
 */
final class CookieSeal {
    private static final String VERSION = "v1.";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int KEY_BYTES = 32;
    /** A random one is safe for 2^32 cookies of one key (NIST SP 800-38D, section 8.3). */
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    /** Browsers keep no cookie that is larger than 4,096 bytes, with its name. */
    static final int LONGEST = 4_000;

    private final SecureRandom random = new SecureRandom();
    private final byte[] kind;
    private final List<SecretKey> keys;

    /**
     * @param secrets the first one encrypts; all of them decrypt
     * @param kind    a cookie of another kind is not opened
     */
    CookieSeal(List<Secret> secrets, String kind) {
        this.kind = ("waybill-cookie-v1 " + kind).getBytes(UTF_8);
        this.keys = secrets.stream().map(this::key).toList();
    }

    private SecretKey key(Secret secret) {
        try {
            return KDF.getInstance("HKDF-SHA256").deriveKey("AES",
                    HKDFParameterSpec.ofExtract().addIKM(secret.reveal().getBytes(UTF_8)).thenExpand(kind, KEY_BYTES));
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    private static IllegalStateException impossible(GeneralSecurityException e) {
        return new IllegalStateException("Java 25 has HKDF-SHA256 and AES-GCM", e);
    }

    /** The value of a cookie. */
    String seal(String text) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, keys.getFirst(), nonce).doFinal(text.getBytes(UTF_8));
            byte[] all = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
            return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    /** The text of a cookie; empty if {@link #seal} of no instance with one of the secrets made it. */
    Optional<String> open(String cookie) {
        if (!cookie.startsWith(VERSION) || cookie.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            byte[] all = Base64.getUrlDecoder().decode(cookie.substring(VERSION.length()));
            return all.length <= NONCE_BYTES
                    ? Optional.empty()
                    : keys.stream().flatMap(key -> open(key, all).stream()).findFirst();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<String> open(SecretKey key, byte[] all) {
        try {
            byte[] text = cipher(Cipher.DECRYPT_MODE, key, all)
                    .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
            return Optional.of(new String(text, UTF_8));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /**
     * @param nonce its first bytes count
     */
    private Cipher cipher(int mode, SecretKey key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce, 0, NONCE_BYTES));
        cipher.updateAAD(kind);
        return cipher;
    }
}
