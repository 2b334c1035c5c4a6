package io.waybill.benchmarks.micro;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What every byte of a file goes through: the digest, by chunks, and the cipher of its SSH packets. */
@State(Scope.Benchmark)
public class CryptographyCost {
    /** The most that a server takes in one write by its own word. */
    static final int CHUNK = 255 << 10;
    /** What fits into a packet of the channel. */
    static final int PACKET = 32 << 10;

    private static final int LENGTH_FIELD = 4;

    private final byte[] chunk = new byte[CHUNK];
    private final MessageDigest sha256 = digest();
    private final Cipher aes128gcm = cipher();
    private final byte[] packet = new byte[LENGTH_FIELD + PACKET + aes128gcm.getAuthenticationTagSize()];

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must offer SHA-256", e);
        }
    }

    private static Cipher cipher() {
        Cipher cipher = BuiltinCiphers.aes128gcm.create();
        try {
            cipher.init(Cipher.Mode.Encrypt, new byte[cipher.getKdfSize()], new byte[cipher.getIVSize()]);
            return cipher;
        } catch (Exception e) { // the library declares no less
            throw new IllegalStateException("AES-128-GCM cannot be had", e);
        }
    }

    @Benchmark
    public MessageDigest sha256() {
        sha256.update(chunk);
        return sha256;
    }

    /** As the session does it, each packet with the next counter. */
    @Benchmark
    public byte[] aes128gcm() throws Exception {
        aes128gcm.updateWithAAD(packet, 0, LENGTH_FIELD, PACKET);
        return packet;
    }
}
