package io.waybill.sftp;

import io.waybill.sftp.flow.UnsentBytes;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.SftpMessage;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * One SFTP channel that sends requests one after another without waiting, and gives each answer to the code that expects
 * it. The library's own methods can be used on the same channel.
 *
 * <p>The client remembers the beginning of the server's stream. The output of a login script comes first in that stream.
 * The library takes it for the length of a packet and closes the connection without saying why. The superclass's
 * constructor talks to the server and leaves no client behind when it fails. Therefore a caller that wants this text must
 * call {@link #textInsteadOfSftp} first.
 */
final class PipelinedSftpClient extends DefaultSftpClient {
    private static final int VERSION = 3;

    /** Type and number, which the length of a packet includes. */
    private static final int TYPE_AND_NUMBER = Byte.BYTES + Integer.BYTES;

    private static final AttributeKey<AtomicReference<String>> BEGINNING = new AttributeKey<>();
    private static final int LONGEST_BEGINNING = 100;

    private final Answers answers = new Answers();
    private final ChannelOutput output;
    private final Handshake handshake;

    /**
     * Opens a channel and waits until the server has sent its version of the protocol.
     *
     * @param longestWait how long to wait for the server to take a packet
     */
    PipelinedSftpClient(ClientSession session, Duration longestWait, UnsentBytes unsent) throws IOException {
        super(session, SftpVersionSelector.fixedVersionSelector(VERSION), null);
        handshake = Handshake.of(session);
        output = new ChannelOutput(getClientChannel(), longestWait, unsent);
        getClientChannel().addCloseFutureListener(_ -> answers.end());
    }

    /**
     * Starts to record what comes over a session.
     *
     * @return supplies the text with which the session's first SFTP stream began; empty if the stream began with SFTP
     */
    static Supplier<Optional<String>> textInsteadOfSftp(ClientSession session) {
        // The supplier does not ask the session later: a session forgets its attributes when it is closed.
        var beginning = new AtomicReference<>("");
        session.setAttribute(BEGINNING, beginning);
        // An SFTP packet begins with its length, which is below 2^24.
        return () -> Optional.of(beginning.get()).filter(text -> !text.isEmpty() && text.charAt(0) != 0);
    }

    Answers answers() {
        return answers;
    }

    /** How many bytes the server accepts before it answers. */
    long window() {
        return output.window();
    }

    /**
     * Sends a request. Waits while the server's window is full. The caller gets the answer from {@link #answers}.
     *
     * @param fields the bytes after the number, without the last {@code length} bytes, which are the first of {@code data}
     * @return the request's number
     */
    int request(int command, byte[] fields, byte[] data, int length) throws IOException {
        int number = answers.expect();
        var head = new ByteArrayBuffer(new byte[Integer.BYTES + TYPE_AND_NUMBER + fields.length], false);
        head.putUInt(TYPE_AND_NUMBER + fields.length + length);
        head.putByte((byte) command);
        head.putInt(number);
        head.putRawBytes(fields);
        output.send(head.array(), data, length);
        handshake.moved(head.available() + (long) length);
        return number;
    }

    /** The bytes of a file. A read that fails throws {@link IOException}, and may close the connection. */
    InputStream content(String path, int chunkSize) throws IOException {
        try {
            return new Content(read(path, chunkSize));
        } catch (SftpException e) {
            throw masked(e);
        }
    }

    /** What the server said, without the password. */
    String masked(@Nullable String said) {
        return said == null ? "" : handshake.login().masked(said);
    }

    private SftpException masked(SftpException refusal) {
        return new SftpException(refusal.getStatus(), masked(refusal.getMessage()));
    }

    /** The library's stream. The library throws another kind of exception if it cannot read an answer. */
    private final class Content extends FilterInputStream {
        Content(InputStream content) {
            super(content);
        }

        @Override
        public int read() throws IOException {
            return guarded(super::read);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return guarded(() -> super.read(bytes, from, length));
        }

        @Override
        public void close() throws IOException {
            var _ = guarded(() -> {
                super.close();
                return 0;
            });
        }

        private int guarded(Step step) throws IOException {
            try {
                return step.take();
            } catch (SftpException e) {
                throw masked(e);
            } catch (RuntimeException e) {
                // The library has several for an answer that it cannot read.
                getClientSession().close(true);
                throw unreadable(e);
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        int take() throws IOException;
    }

    /** What the library throws if an answer ends too early, as the failure of a connection that can no longer be used. */
    static IOException unreadable(Exception e) {
        var unreadable = new StreamCorruptedException("the server sent what cannot be read: " + e.getMessage());
        unreadable.initCause(e);
        return unreadable;
    }

    @Override
    protected int data(byte[] buffer, int start, int length) throws IOException {
        AtomicReference<String> beginning = getClientSession().getAttribute(BEGINNING);
        if (beginning != null && beginning.get().isEmpty()) {
            beginning.set(new String(buffer, start, Math.min(length, LONGEST_BEGINNING), StandardCharsets.US_ASCII));
        }
        try {
            return super.data(buffer, start, length);
        } catch (IOException | RuntimeException e) {
            // The library closes the connection. Whoever waits for an answer learns why.
            IOException unreadable = unreadable(e);
            @Nullable Answers waiting = answers;
            if (waiting != null) {
                waiting.end(unreadable);
            }
            throw unreadable;
        }
    }

    // The superclass's constructor also calls this method and the one before, when the fields of this object are not set.
    @Override
    protected void process(Buffer incoming) throws IOException {
        int start = incoming.rpos();
        incoming.rpos(start + Integer.BYTES + Byte.BYTES);
        int number = incoming.getInt();
        incoming.rpos(start);
        if (Answers.isOurs(number)) {
            answers.came(number, ByteArrayBuffer.getCompactClone(
                    incoming.array(), incoming.rpos(), incoming.available()));
        } else {
            super.process(incoming);
        }
    }

    @Override
    public SftpMessage write(int command, Buffer request) throws IOException {
        return output.alone(() -> {
            SftpMessage message = super.write(command, request);
            message.waitUntilSent();
            return message;
        });
    }
}
