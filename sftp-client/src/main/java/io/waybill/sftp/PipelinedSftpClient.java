package io.waybill.sftp;

import java.io.IOException;
import java.time.Duration;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.SftpMessage;
import org.apache.sshd.sftp.client.SftpVersionSelector;

/**
 * One SFTP channel that sends requests one after another without waiting, and gives each answer to the code that expects
 * it. The library's own methods can be used on the same channel.
 */
final class PipelinedSftpClient extends BannerCapturingSftpClient {
    private static final int VERSION = 3;

    /** Type and number, which the length of a packet includes. */
    private static final int TYPE_AND_NUMBER = Byte.BYTES + Integer.BYTES;

    private final Answers answers = new Answers();
    private final ChannelOutput output;

    /**
     * Opens a channel and waits until the server has sent its version of the protocol.
     *
     * @param longestWait how long to wait for the server to take a packet
     */
    PipelinedSftpClient(ClientSession session, Duration longestWait, UnsentBytes unsent) throws IOException {
        super(session, SftpVersionSelector.fixedVersionSelector(VERSION));
        output = new ChannelOutput(getClientChannel(), longestWait, unsent);
        getClientChannel().addCloseFutureListener(_ -> answers.end());
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
        return number;
    }

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
            // The superclass's constructor also calls this method, when the fields of this object are not set yet.
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
