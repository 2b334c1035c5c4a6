package io.waybill.store;

import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object under way. If the store breaks off, the download continues where it stopped, with a request for the rest of
 * the same version. It fails if the store sends fewer or more bytes than the object has, or other bytes than the store's
 * checksum says. If it is closed before its end, it breaks the connection off and does not read the rest. For one thread.
 */
final class Download extends InputStream implements ObjectReader.Held {
    /** If a store breaks off this often in a row without sending much, continuing is of no use. */
    private static final int MOST_FRUITLESS = 3;

    /** The bytes that must come between two breaks, if as many are left. */
    private static final long MUCH = 64 << 10;

    private final SourceObject object;
    private final Opener opener;
    private final Optional<ObjectChecksum> checksum;
    private @Nullable ResponseInputStream<GetObjectResponse> response;
    private long position;
    private long openedAt;
    private int fruitless;
    private boolean atEnd;

    /** Asks for the object from a position to its end, and compares the answer with the object. */
    interface Opener {
        ResponseInputStream<GetObjectResponse> open(long position) throws TransferException;
    }

    Download(SourceObject object, Opener opener) throws TransferException {
        this.object = object;
        this.opener = opener;
        ResponseInputStream<GetObjectResponse> whole = opener.open(0);
        response = whole;
        // An answer with a part of the object has no checksum of the whole.
        checksum = ObjectChecksum.of(whole.response());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!atEnd) {
            if (response == null && position == object.size()) {
                // It was let go after its last byte. A store has no answer to a question for what is behind that.
                end();
                break;
            }
            ResponseInputStream<GetObjectResponse> content = opened();
            int result;
            try {
                result = content.read(bytes, from, length);
            } catch (IOException | SdkException e) {
                brokeOff(e);
                continue;
            }
            if (result >= 0) {
                count(bytes, from, result);
                return result;
            }
            if (position < object.size()) {
                brokeOff(new IOException("it ended " + (object.size() - position) + " bytes before the "
                        + object.size() + " it had when it arrived"));
            } else {
                end();
            }
        }
        return -1;
    }

    private void count(byte[] bytes, int from, int read) throws IOException {
        position += read;
        checksum.ifPresent(sum -> sum.update(bytes, from, read));
        if (position > object.size()) {
            throw new IOException("it has more than the " + object.size() + " bytes it had when it arrived");
        }
    }

    /** Notes the end of the object. */
    private void end() throws IOException {
        atEnd = true;
        Optional<String> fault = checksum.flatMap(ObjectChecksum::fault);
        if (fault.isPresent()) {
            throw new IOException("what was read is not what is stored: " + fault.get());
        }
    }

    /** The answer to read from. Asks for the rest if there is none. */
    private ResponseInputStream<GetObjectResponse> opened() throws IOException {
        ResponseInputStream<GetObjectResponse> content = response;
        if (content == null) {
            try {
                content = opener.open(position);
            } catch (TransferException e) {
                throw new IOException(e.getMessage(), e);
            }
            response = content;
            openedAt = position;
        }
        return content;
    }

    /** Gives the answer up. Throws if continuing is of no use. */
    private void brokeOff(Exception why) throws IOException {
        letGo();
        if (position == object.size()) {
            // Only the end was missing.
            end();
            return;
        }
        fruitless = position - openedAt < MUCH ? fruitless + 1 : 0;
        if (fruitless >= MOST_FRUITLESS || Thread.currentThread().isInterrupted()) {
            throw new IOException(why.getMessage(), why);
        }
    }

    @Override
    public void letGo() {
        ResponseInputStream<GetObjectResponse> content = response;
        response = null;
        if (content != null) {
            content.abort();
        }
    }

    @Override
    public long skip(long bytes) throws IOException {
        // Read the bytes, because skipped bytes would be missing in the checksum.
        return readNBytes((int) Math.min(bytes, 8192)).length;
    }

    @Override
    public void close() throws IOException {
        ResponseInputStream<GetObjectResponse> content = response;
        if (content == null) {
            return;
        }
        if (atEnd || object.size() == 0) {
            content.close();
        } else {
            content.abort();
        }
    }
}
