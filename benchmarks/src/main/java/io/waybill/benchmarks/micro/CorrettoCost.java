package io.waybill.benchmarks.micro;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The same as {@link CryptographyCost} by Amazon Corretto Crypto Provider. The SSH library takes ciphers of the platform's
 * own provider only, so this one is asked directly, as the library asks.
 */
@State(Scope.Benchmark)
public class CorrettoCost {
    private static final Provider PROVIDER = AmazonCorrettoCryptoProvider.INSTANCE;
    private static final int LENGTH_FIELD = 4;
    private static final int KEY = 16;
    private static final int NONCE = 12;
    private static final int TAG = 16;

    private final byte[] chunk = new byte[CryptographyCost.CHUNK];
    private final MessageDigest sha256;
    private final Cipher aes128gcm;
    private final SecretKeySpec key = new SecretKeySpec(new byte[KEY], "AES");
    private final ByteBuffer nonce = ByteBuffer.allocate(NONCE);
    private final byte[] packet = new byte[LENGTH_FIELD + CryptographyCost.PACKET + TAG];

    public CorrettoCost() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256", PROVIDER);
            aes128gcm = Cipher.getInstance("AES/GCM/NoPadding", PROVIDER);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Amazon Corretto Crypto Provider lacks what SSH needs", e);
        }
    }

    /** Why it cannot be measured on this platform; it has native code for few. */
    static Optional<String> missing() {
        return Optional.ofNullable(AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError())
                .map(Throwable::getMessage);
    }

    @Benchmark
    public MessageDigest sha256() {
        sha256.update(chunk);
        return sha256;
    }

    @Benchmark
    public byte[] aes128gcm() throws GeneralSecurityException {
        nonce.putLong(NONCE - Long.BYTES, nonce.getLong(NONCE - Long.BYTES) + 1);
        aes128gcm.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG * Byte.SIZE, nonce.array()));
        aes128gcm.updateAAD(packet, 0, LENGTH_FIELD);
        var _ = aes128gcm.doFinal(packet, LENGTH_FIELD, CryptographyCost.PACKET, packet, LENGTH_FIELD);
        return packet;
    }
}
