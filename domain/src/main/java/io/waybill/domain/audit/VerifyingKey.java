package io.waybill.domain.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** The public key with which everybody can check checkpoints. Safe for several threads. */
public final class VerifyingKey {
    private static final int LONGEST_ID = 16;

    private final PublicKey key;

    VerifyingKey(PublicKey key) {
        this.key = key;
    }

    /**
     * Reads a public key in PEM.
     *
     * @throws IllegalArgumentException if the text is none
     */
    public static VerifyingKey parse(String pem) {
        try {
            return new VerifyingKey(KeyFactory.getInstance(SigningKey.ALGORITHM)
                    .generatePublic(new X509EncodedKeySpec(Pem.decode("PUBLIC KEY", pem))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "expected an ed25519 public key in PEM, as './waybill audit key show' prints it", e);
        }
    }

    /** The first digits of its SHA-256. */
    public String id() {
        return Canonical.sha256(key.getEncoded()).substring(0, LONGEST_ID);
    }

    public String pem() {
        return Pem.encode("PUBLIC KEY", key.getEncoded());
    }

    /** Whether a signature is of this key and this hash. */
    boolean signed(String hash, String signature) {
        try {
            byte[] bytes = HexFormat.of().parseHex(signature);
            Signature check = Signature.getInstance(SigningKey.ALGORITHM);
            check.initVerify(key);
            check.update(SigningKey.message(hash));
            // One signature has one text: capital digits would be another.
            return HexFormat.of().formatHex(bytes).equals(signature) && check.verify(bytes);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}
