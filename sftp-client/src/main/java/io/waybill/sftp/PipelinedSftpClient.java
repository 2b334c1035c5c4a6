package io.waybill.sftp;

import java.io.IOException;
import java.time.Duration;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.SftpMessage;
import org.apache.sshd.sftp.client.SftpVersionSelector;

/**
 * One SFTP channel whose requests go out one behind the other, and whose answers are given to who expects them. The
 * library's own methods can be used beside that.
 */
final class PipelinedSftpClient extends BannerCapturingSftpClient {
    private static final int VERSION = 3;

    /** Type and number, which a packet's length counts. */
    private static final int TYPE_AND_NUMBER = Byte.BYTES + Integer.BYTES;

    private final Answers answers = new Answers();
    private final ChannelOutput output;

    /**
     * Opens a channel and waits for the server's version of the protocol.
     *
     * @param longestWait for the server to take a packet
     */
    PipelinedSftpClient(ClientSession session, Duration longestWait, UnsentBytes unsent) throws IOException {
        super(session, SftpVersionSelector.fixedVersionSelector(VERSION));
        output = new ChannelOutput(getClientChannel(), longestWait, unsent);
        getClientChannel().addCloseFutureListener(_ -> answers.end());
    }

    Answers answers() {
        return answers;
    }

    /** How many bytes the server takes before it answers. */
    long window() {
        return output.window();
    }

    /**
     * Sends a request, whose answer is to be asked for. Waits while the server's window is full.
     *
     * @param fields what comes behind the number, but for the last {@code length} bytes, which are {@code data}'s first
     * @return its number
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
            // Also while the library's constructor runs, when this object's fields are not set yet.
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
