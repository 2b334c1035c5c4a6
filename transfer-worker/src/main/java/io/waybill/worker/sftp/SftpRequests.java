package io.waybill.worker.sftp;

import io.waybill.worker.RemoteEntry;
import io.waybill.worker.RemoteStat;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;
import org.apache.sshd.sftp.client.impl.SftpResponse;
import org.apache.sshd.sftp.client.impl.SftpStatus;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Requests whose answers are awaited later: the library's own methods wait for each answer before they return, which
 * costs a round trip a request. Every answer is to be awaited, by any thread, in any order. A refusal is thrown as
 * {@link SftpException}; any other {@link IOException} means that the connection is of no more use.
 */
final class SftpRequests {
    /** The room that the library fills in front of a request: length, command and number. */
    static final int HEADER = 9;

    private final DefaultSftpClient client;
    private final Duration longestAnswer;
    private final StallWatch watch;
    private final LongAdder sent = new LongAdder();
    private final LongAdder roundTrips = new LongAdder();
    private final AtomicInteger unanswered = new AtomicInteger();

    SftpRequests(DefaultSftpClient client, Duration longestAnswer, StallWatch watch) {
        this.client = client;
        this.longestAnswer = longestAnswer;
        this.watch = watch;
    }

    /**
     * What has gone to the server so far.
     *
     * @param roundTrips how often a request was sent while no answer was awaited; of a connection that one thread uses,
     *                   how often that thread waited for the network
     */
    record Traffic(long requests, long roundTrips) {}

    Traffic traffic() {
        return new Traffic(sent.sum(), roundTrips.sum());
    }

    /** Sends a request and returns its number. Waits while the server's window is full. */
    int send(int command, Buffer request) throws IOException {
        sent.increment();
        if (unanswered.getAndIncrement() == 0) {
            roundTrips.increment();
        }
        int id = client.write(command, request).getId();
        watch.moved();
        return id;
    }

    int send(int command, byte[] field) throws IOException {
        return send(command, fields(field));
    }

    int sendExtended(String name, byte[]... arguments) throws IOException {
        byte[][] all = new byte[arguments.length + 1][];
        all[0] = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return send(SftpConstants.SSH_FXP_EXTENDED, fields(all));
    }

    /** A path as the server writes it. */
    byte[] encoded(String path) {
        return path.getBytes(client.getNameDecodingCharset());
    }

    private static Buffer fields(byte[]... fields) {
        int length = HEADER;
        for (byte[] field : fields) {
            length += Integer.BYTES + field.length;
        }
        Buffer buffer = new ByteArrayBuffer(length, false);
        buffer.rpos(HEADER);
        buffer.wpos(HEADER);
        for (byte[] field : fields) {
            buffer.putBytes(field);
        }
        return buffer;
    }

    /** Waits for an answer that says no more than that it went well. */
    void awaitOk(int id) throws IOException {
        expect(SftpConstants.SSH_FXP_STATUS, await(id));
    }

    /** Looks whether such an answer is here; false if it is still to come. */
    boolean tryOk(int id) throws IOException {
        Optional<Buffer> answer = Optional.ofNullable(client.receive(id, Duration.ZERO));
        if (answer.isEmpty()) {
            return false;
        }
        answered();
        expect(SftpConstants.SSH_FXP_STATUS, answer.get());
        return true;
    }

    /** Waits for the answer to a stat. */
    RemoteStat awaitStat(int id) throws IOException {
        return SftpAttributes.read(expect(SftpConstants.SSH_FXP_ATTRS, await(id)));
    }

    /** Waits for some of a directory's entries. */
    List<RemoteEntry> awaitEntries(int id) throws IOException {
        Buffer answer = expect(SftpConstants.SSH_FXP_NAME, await(id));
        var entries = new ArrayList<RemoteEntry>();
        for (int left = answer.getInt(); left > 0; left--) {
            String name = answer.getString(client.getNameDecodingCharset());
            // The same as a line of "ls -l", in no defined form.
            answer.getBytes();
            entries.add(new RemoteEntry(name, SftpAttributes.read(answer)));
        }
        return entries;
    }

    /** Waits for a handle. */
    byte[] awaitHandle(int id) throws IOException {
        return expect(SftpConstants.SSH_FXP_HANDLE, await(id)).getBytes();
    }

    /** Waits for what an extension answers. */
    Buffer awaitReply(int id) throws IOException {
        return expect(SftpConstants.SSH_FXP_EXTENDED_REPLY, await(id));
    }

    private Buffer await(int id) throws IOException {
        return awaitAny(id, longestAnswer);
    }

    /** Waits for an answer of whatever kind. */
    Buffer awaitAny(int id, Duration longest) throws IOException {
        Buffer answer = client.receive(id, longest);
        if (answer == null) {
            throw new EOFException(client.isOpen()
                    ? "the server did not answer within " + longest
                    : "the connection was closed before the server answered");
        }
        answered();
        return answer;
    }

    private void answered() {
        unanswered.decrementAndGet();
        watch.moved();
    }

    private static Buffer expect(int type, Buffer answer) throws IOException {
        SftpResponse response = SftpResponse.parse(SftpConstants.SSH_FXP_EXTENDED, answer);
        if (response.getType() == SftpConstants.SSH_FXP_STATUS) {
            SftpStatus status = SftpStatus.parse(response);
            if (!status.isOk()) {
                throw new SftpException(status.getStatusCode(), status.getMessage());
            }
        }
        if (response.getType() != type) {
            throw new SftpException(
                    SftpConstants.SSH_FX_BAD_MESSAGE,
                    "an answer of type " + SftpConstants.getCommandMessageName(response.getType()) + " where "
                            + SftpConstants.getCommandMessageName(type) + " was due");
        }
        return response.getBuffer();
    }
}
