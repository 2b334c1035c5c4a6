package io.waybill.devstack.servers.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;

/**
 * The body of a request whose signature covers a SHA-256. The reader gets the last bytes only if all of them have that
 * digest; otherwise reading fails with {@code XAmzContentSHA256Mismatch}, and the store has not yet shown the object.
 */
final class VerifiedBody extends FilterInputStream {
    private final MessageDigest digest;
    private final byte[] expected;
    private long left;
    private boolean checked;

    /**
     * @param length of the body; negative if the client did not say
     */
    VerifiedBody(InputStream body, byte[] expected, long length) {
        super(body);
        this.expected = expected.clone();
        left = length < 0 ? Long.MAX_VALUE : length;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        if (read > 0) {
            digest.update(into, offset, read);
            left -= read;
        }
        if (read < 0 || left == 0) {
            check();
        }
        return read;
    }

    private void check() {
        if (!checked) {
            checked = true;
            if (!MessageDigest.isEqual(digest.digest(), expected)) {
                throw new S3ProxyException(S3ErrorCode.X_AMZ_CONTENT_S_H_A_256_MISMATCH);
            }
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
