package io.waybill.domain.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;

/** The private key that signs checkpoints. Its text is shown to nobody. Safe for several threads. */
public final class SigningKey {
    static final String ALGORITHM = "Ed25519";
    /** Before what is signed, so that no signature of something else is one of a checkpoint. */
    private static final String PURPOSE = "waybill-audit-checkpoint-v1\n";

    private final PrivateKey key;
    private final VerifyingKey verifying;

    private SigningKey(PrivateKey key, VerifyingKey verifying) {
        this.key = key;
        this.verifying = verifying;
    }

    /** A new key that nobody else has. */
    public static SigningKey random() {
        try {
            return of(KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw unsupported(e);
        }
    }

    private static SigningKey of(KeyPair pair) {
        return new SigningKey(pair.getPrivate(), new VerifyingKey(pair.getPublic()));
    }

    /**
     * Reads a private key in PEM (PKCS #8), as {@code openssl genpkey -algorithm ed25519} writes it.
     *
     * @throws IllegalArgumentException if the text is none; the message does not repeat it
     */
    public static SigningKey parse(String pem) {
        try {
            PrivateKey key = KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(Pem.decode("PRIVATE KEY", pem)));
            return of(new KeyPair(publicKey(key), key));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "expected an ed25519 private key in PEM (PKCS #8), as './waybill audit key new' writes it (the text"
                            + " found is not shown)",
                    e);
        }
    }

    /** The generator makes the public key of the seed that it takes for random bytes. */
    private static PublicKey publicKey(PrivateKey key) throws GeneralSecurityException {
        if (!(key instanceof EdECPrivateKey edwards)) {
            throw new GeneralSecurityException("not a key of an Edwards curve");
        }
        byte[] seed = edwards.getBytes().orElseThrow(() -> new GeneralSecurityException("a key without its bytes"));
        KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
        generator.initialize(NamedParameterSpec.ED25519, new Seeded(seed));
        return generator.generateKeyPair().getPublic();
    }

    /** Gives one key's bytes for random ones. */
    private static final class Seeded extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final transient byte[] seed;

        Seeded(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, Math.min(seed.length, bytes.length));
        }
    }

    /** The key with which everybody can check. */
    public VerifyingKey verifying() {
        return verifying;
    }

    /** The name of the key in checkpoints. */
    public String id() {
        return verifying.id();
    }

    /** Signs the hash of a checkpoint's record. */
    String sign(String hash) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(message(hash));
            return HexFormat.of().formatHex(signature.sign());
        } catch (GeneralSecurityException e) {
            throw unsupported(e);
        }
    }

    static byte[] message(String hash) {
        return (PURPOSE + hash).getBytes(UTF_8);
    }

    /** The text that {@link #parse} reads. Write it to a file that only its owner reads. */
    public String pem() {
        return Pem.encode("PRIVATE KEY", key.getEncoded());
    }

    /** By the public keys: one belongs to one private key. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SigningKey that && verifying.pem().equals(that.verifying.pem());
    }

    @Override
    public int hashCode() {
        return verifying.pem().hashCode();
    }

    @Override
    public String toString() {
        return "key " + id();
    }

    static IllegalStateException unsupported(GeneralSecurityException e) {
        return new IllegalStateException("every Java platform has Ed25519", e);
    }
}
