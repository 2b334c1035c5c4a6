package io.waybill.sftp;

import io.waybill.domain.RemotePath;
import io.waybill.sftp.flow.StallWatch;
import io.waybill.sftp.flow.StallWatch.Waiting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.BufferException;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.impl.SftpResponse;
import org.apache.sshd.sftp.client.impl.SftpStatus;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * Requests over one channel whose answers are awaited later. The library's own methods wait for each answer before they
 * return, which costs one round trip per request. Every answer must be awaited, by any thread, in any order. A refusal is
 * thrown as {@link SftpException}; any other {@link IOException} means that the connection can no longer be used. That is
 * also so if an answer cannot be read. Only a status, attributes and the answer to an extended request count as a refusal
 * if they end too early: there are devices that send them so and take files all the same. The stall watch knows every
 * answer that is due.
 */
final class SftpRequests {
    private static final byte[] NOTHING = {};

    /** The longest handle that a server may use (draft-ietf-secsh-filexfer-02, section 6.3). */
    private static final int LONGEST_HANDLE = 256;

    /** More bytes than any file system allows for a name. A longer one costs memory and names nothing. */
    private static final int LONGEST_NAME = 1024;

    private final PipelinedSftpClient client;
    private final StallWatch.Channel watch;
    private final LongAdder sent = new LongAdder();
    private final LongAdder roundTrips = new LongAdder();
    private final AtomicInteger unanswered = new AtomicInteger();
    /** Writes whose answers came while no thread waited for them. */
    private final AtomicInteger writesAnswered = new AtomicInteger();

    SftpRequests(PipelinedSftpClient client, StallWatch.Channel watch) {
        this.client = client;
        this.watch = watch;
    }

    /**
     * How much this channel has sent to the server.
     *
     * @param roundTrips how often a request was sent while no answer was awaited; if one thread uses the connection, how
     *                   often that thread waited for the network
     */
    record Traffic(long requests, long roundTrips) {}

    Traffic traffic() {
        return new Traffic(sent.sum(), roundTrips.sum());
    }

    /** Sends a request and returns its number. Waits while the server's window is full. */
    int send(int command, Buffer request) throws IOException {
        return send(command, request.getCompactData(), NOTHING, 0);
    }

    int send(int command, byte[] field) throws IOException {
        return send(command, fields(field), NOTHING, 0);
    }

    int sendExtended(String name, byte[]... arguments) throws IOException {
        byte[][] all = new byte[arguments.length + 1][];
        all[0] = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return send(SftpConstants.SSH_FXP_EXTENDED, fields(all), NOTHING, 0);
    }

    int open(byte[] path, int flags) throws IOException {
        Buffer request = new ByteArrayBuffer(path.length + 3 * Integer.BYTES, false);
        request.putBytes(path);
        request.putInt(flags);
        request.putInt(0);
        return send(SftpConstants.SSH_FXP_OPEN, request);
    }

    int makeDirectory(byte[] path) throws IOException {
        Buffer request = new ByteArrayBuffer(path.length + 2 * Integer.BYTES, false);
        request.putBytes(path);
        request.putInt(0);
        return send(SftpConstants.SSH_FXP_MKDIR, request);
    }

    int truncate(byte[] path, long size) throws IOException {
        Buffer request = new ByteArrayBuffer(path.length + 2 * Integer.BYTES + Long.BYTES, false);
        request.putBytes(path);
        SftpAttributes.putSize(request, size);
        return send(SftpConstants.SSH_FXP_SETSTAT, request);
    }

    int setAttributes(byte[] path, OptionalInt mode, OptionalLong modified) throws IOException {
        Buffer request = new ByteArrayBuffer(path.length + 5 * Integer.BYTES, false);
        request.putBytes(path);
        SftpAttributes.put(request, mode, modified);
        return send(SftpConstants.SSH_FXP_SETSTAT, request);
    }

    int rename(byte[] from, byte[] to) throws IOException {
        return send(SftpConstants.SSH_FXP_RENAME, fields(from, to), NOTHING, 0);
    }

    private int send(int command, byte[] fields, byte[] data, int length) throws IOException {
        sent.increment();
        if (unanswered.getAndIncrement() == 0) {
            roundTrips.increment();
        }
        try (var _ = watch.waiting()) {
            return client.request(command, fields, data, length);
        }
    }

    /**
     * Sends a part of a file. The caller may reuse the array when this returns.
     *
     * @param answered called by the network's thread: empty if the bytes are written, otherwise why the server refused or
     *                 cannot answer
     */
    void write(byte[] handle, long offset, byte[] bytes, int length, Consumer<Optional<IOException>> answered)
            throws IOException {
        Buffer fields = new ByteArrayBuffer(handle.length + 2 * Integer.BYTES + Long.BYTES, false);
        fields.putBytes(handle);
        fields.putLong(offset);
        fields.putUInt(length);
        int request = send(SftpConstants.SSH_FXP_WRITE, fields.getCompactData(), bytes, length);
        Waiting waiting = watch.writing(length);
        var _ = client.answers().to(request).whenComplete((answer, end) -> {
            waiting.close();
            writesAnswered.incrementAndGet();
            answered.accept(end == null ? failure(answer) : Optional.of(new IOException(end.getMessage(), end)));
        });
    }

    /** Writes one byte and waits for the answer. Trials use it to see whether the server accepts a write. */
    void writeByte(byte[] handle, long offset) throws IOException {
        Buffer request = new ByteArrayBuffer(handle.length + 3 * Integer.BYTES + Long.BYTES, false);
        request.putBytes(handle);
        request.putLong(offset);
        request.putBytes(new byte[] {'\n'});
        awaitOk(send(SftpConstants.SSH_FXP_WRITE, request));
    }

    /** Requests a sync of a file to the server's disk. The future fails with the server's refusal. */
    CompletableFuture<Void> sync(byte[] handle) throws IOException {
        int request = sendExtended(SftpSession.SYNC, handle);
        Waiting waiting = watch.answerDue();
        return client.answers().to(request).whenComplete((_, _) -> waiting.close()).thenCompose(answer -> {
            writesAnswered.incrementAndGet();
            return failure(answer)
                    .<CompletableFuture<Void>>map(CompletableFuture::failedFuture)
                    .orElseGet(() -> CompletableFuture.completedFuture(null));
        });
    }

    /** A file that was written over this channel is closed. */
    void fileEnded() {
        watch.fileEnded();
    }

    private Optional<IOException> failure(Buffer answer) {
        try {
            expect(SftpConstants.SSH_FXP_STATUS, answer);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    boolean isOpen() {
        return isConnected() && client.isOpen();
    }

    /** Whether the connection is open, even if the channel is not. */
    boolean isConnected() {
        return client.getClientSession().isOpen();
    }

    /** How many bytes the server accepts over this channel before it answers. */
    long window() {
        return client.window();
    }

    /**
     * A path in the encoding of the server.
     *
     * @throws UnwritableNameException if the server cannot write exactly this path
     */
    byte[] encoded(String path) throws UnwritableNameException {
        return names().encode(path);
    }

    private NameEncoding names() {
        return new NameEncoding(client.getNameDecodingCharset());
    }

    private static byte[] fields(byte[]... fields) {
        int length = 0;
        for (byte[] field : fields) {
            length += Integer.BYTES + field.length;
        }
        Buffer buffer = new ByteArrayBuffer(length, false);
        for (byte[] field : fields) {
            buffer.putBytes(field);
        }
        return buffer.getCompactData();
    }

    /** Waits for an answer that says only that the request succeeded. */
    void awaitOk(int id) throws IOException {
        expect(SftpConstants.SSH_FXP_STATUS, await(id));
    }

    /** Waits for the answer to a STAT. */
    RemoteStat awaitStat(int id) throws IOException {
        return read(expect(SftpConstants.SSH_FXP_ATTRS, await(id)), SftpAttributes::read);
    }

    /** Asks what a path is, without following a link, and waits; empty if there is nothing. */
    Optional<RemoteStat> statLink(byte[] path) throws IOException {
        try {
            return Optional.of(awaitStat(send(SftpConstants.SSH_FXP_LSTAT, path)));
        } catch (SftpException e) {
            if (SftpFailures.nothingThere(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Waits for some entries of a directory. Leaves out "." and "..", and entries whose names are no text in the server's
     * character set, or that no path can have, such as "../other".
     */
    List<RemoteEntry> awaitEntries(int id) throws IOException {
        return readWhole(expect(SftpConstants.SSH_FXP_NAME, await(id)), this::entries);
    }

    private List<RemoteEntry> entries(Buffer answer) {
        var entries = new ArrayList<RemoteEntry>();
        for (int left = answer.getInt(); left > 0; left--) {
            byte[] bytes = answer.getBytes();
            // The same as a line of "ls -l", in no defined format.
            answer.getBytes();
            RemoteStat stat = SftpAttributes.read(answer);
            if (bytes.length <= LONGEST_NAME) {
                names().decode(bytes)
                        .filter(SftpRequests::isName)
                        .ifPresent(known -> entries.add(new RemoteEntry(known, stat)));
            }
        }
        return entries;
    }

    private static boolean isName(String text) {
        try {
            return new RemotePath("/" + text).name().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Waits for a handle. */
    byte[] awaitHandle(int id) throws IOException {
        byte[] handle = readWhole(expect(SftpConstants.SSH_FXP_HANDLE, await(id)), Buffer::getBytes);
        if (handle.length > LONGEST_HANDLE) {
            throw unreadable("a handle of " + handle.length + " bytes", null);
        }
        return handle;
    }

    /** Waits for the answer to an extended request. */
    <T> T awaitReply(int id, Reading<T> reading) throws IOException {
        return read(expect(SftpConstants.SSH_FXP_EXTENDED_REPLY, await(id)), reading);
    }

    /** Waits for an answer whose content does not matter. */
    void awaitAnything(int id) throws IOException {
        await(id);
    }

    /** Waits for an answer of any kind, but only for a short time. */
    void awaitSoon(int id, Duration longest) throws IOException {
        var _ = await(id, answer -> {
            try {
                return answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw new IOException("the server did not answer within " + longest, e);
            }
        });
    }

    /**
     * Waits without a time-out of its own: the stall watch ends the wait. A timer for each wait of a virtual thread costs
     * much.
     */
    private Buffer await(int id) throws IOException {
        return await(id, Future::get);
    }

    private Buffer await(int id, Wait wait) throws IOException {
        try (var _ = watch.answerDue()) {
            Buffer answer = wait.on(client.answers().to(id));
            unanswered.addAndGet(-1 - writesAnswered.getAndSet(0));
            return answer;
        } catch (ExecutionException e) {
            throw new IOException(Optional.ofNullable(e.getCause()).orElse(e).getMessage(), e);
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException("interrupted while an answer was due").initCause(e);
        }
    }

    @FunctionalInterface
    private interface Wait {
        Buffer on(Future<Buffer> answer) throws IOException, ExecutionException, InterruptedException;
    }

    /** Reads a value from an answer, which may end too early. */
    @FunctionalInterface
    interface Reading<T> {
        T from(Buffer answer) throws IOException;
    }

    private Buffer expect(int type, Buffer answer) throws IOException {
        SftpResponse response = readWhole(answer, buffer -> SftpResponse.parse(SftpConstants.SSH_FXP_EXTENDED, buffer));
        if (response.getType() == SftpConstants.SSH_FXP_STATUS) {
            SftpStatus status = read(response.getBuffer(), _ -> SftpStatus.parse(response));
            if (!status.isOk()) {
                throw new SftpException(status.getStatusCode(), client.masked(status.getMessage()));
            }
        }
        if (response.getType() == type) {
            return response.getBuffer();
        }
        String unexpected = "an answer of type " + SftpConstants.getCommandMessageName(response.getType()) + " where "
                + SftpConstants.getCommandMessageName(type) + " was due";
        if (response.getType() == SftpConstants.SSH_FXP_STATUS) {
            throw new SftpException(SftpConstants.SSH_FX_BAD_MESSAGE, unexpected);
        }
        throw unreadable(unexpected, null);
    }

    /** Each answer is a packet of its own. So an answer that ends too early does no harm to the answers after it. */
    private static <T> T read(Buffer answer, Reading<T> reading) throws IOException {
        try {
            return reading.from(answer);
        } catch (BufferException e) {
            var unreadable = new SftpException(
                    SftpConstants.SSH_FX_BAD_MESSAGE, "an answer that ends too early: " + e.getMessage());
            unreadable.initCause(e);
            throw unreadable;
        }
    }

    /** Reads a value without which the connection is of no use. */
    private static <T> T readWhole(Buffer answer, Reading<T> reading) throws IOException {
        try {
            return reading.from(answer);
        } catch (BufferException e) {
            throw unreadable("an answer that ends too early: " + e.getMessage(), e);
        }
    }

    private static IOException unreadable(String what, @Nullable Throwable cause) {
        return (IOException) new StreamCorruptedException("the server sent " + what).initCause(cause);
    }
}
