package io.waybill.store;

import io.waybill.domain.SourceObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object under way. The download fails if the store sends fewer or more bytes than the object has, or other bytes
 * than the store's checksum says. If it is closed before its end, it breaks the connection off and does not read the
 * rest. For one thread.
 */
final class Download extends FilterInputStream {
    private final ResponseInputStream<GetObjectResponse> response;
    private final SourceObject object;
    private final Optional<ObjectChecksum> checksum;
    private long left;
    private boolean atEnd;

    Download(ResponseInputStream<GetObjectResponse> response, SourceObject object) {
        super(response);
        this.response = response;
        this.object = object;
        this.checksum = ObjectChecksum.of(response.response());
        this.left = object.size();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int result;
        try {
            result = super.read(bytes, from, length);
        } catch (SdkException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (result >= 0) {
            left -= result;
            checksum.ifPresent(sum -> sum.update(bytes, from, result));
        } else if (!atEnd) {
            atEnd = true;
            checkWhole();
        }
        if (left < 0) {
            throw new IOException("it has more than the " + object.size() + " bytes it had when it arrived");
        }
        return result;
    }

    private void checkWhole() throws IOException {
        if (left > 0) {
            throw new IOException("it ended " + left + " bytes before the " + object.size()
                    + " it had when it arrived");
        }
        Optional<String> fault = left == 0 ? checksum.flatMap(ObjectChecksum::fault) : Optional.empty();
        if (fault.isPresent()) {
            throw new IOException("what was read is not what is stored: " + fault.get());
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public long skip(long bytes) throws IOException {
        // Read the bytes, because skipped bytes would be missing in the checksum.
        return readNBytes((int) Math.min(bytes, 8192)).length;
    }

    @Override
    public void close() throws IOException {
        if (atEnd || object.size() == 0) {
            super.close();
        } else {
            response.abort();
        }
    }
}
