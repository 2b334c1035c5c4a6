package io.waybill.sftp;

import io.waybill.sftp.flow.UnsentBytes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.StreamCorruptedException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.RemoteWindow;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * Writes requests into a channel. It puts the bytes directly into the packets that are then encrypted in place, one packet
 * after another, without waiting for the network. The library's own stream copies every byte twice more and waits for each
 * packet. Only the server's window and {@link UnsentBytes} make a sender wait. Any thread; the packets of one request stay
 * together.
 */
final class ChannelOutput {
    /** The recipient, and the length of the data. */
    private static final int CHANNEL_HEADER = 12;

    /** The packet size that every implementation must accept (RFC 4253, section 6.1). */
    private static final long SMALLEST_WINDOW = 32 << 10;

    /** Bytes. Each packet costs more than this; no software is known whose packets are smaller. */
    private static final long LEAST_PACKET = 256;

    private final Channel channel;
    private final Duration longestWait;
    private final UnsentBytes unsent;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile long largestWindow;

    ChannelOutput(Channel channel, Duration longestWait, UnsentBytes unsent) {
        this.channel = channel;
        this.longestWait = longestWait;
        this.unsent = unsent;
    }

    /**
     * How many bytes the server accepts before it answers: the largest window seen so far. Some servers begin with a window
     * of zero, so the value is known only after the server has answered something.
     */
    long window() {
        noteWindow();
        return Math.max(largestWindow, SMALLEST_WINDOW);
    }

    private void noteWindow() {
        largestWindow = Math.max(largestWindow, channel.getRemoteWindow().getSize());
    }

    /** Sends {@code head}, then the first bytes of {@code body}. The caller may reuse both arrays when this returns. */
    void send(byte[] head, byte[] body, int length) throws IOException {
        int total = head.length + length;
        int sent = 0;
        turn.lock();
        try {
            unsent.take(total);
            while (sent < total) {
                int size = (int) Math.min(room(), total - sent);
                sent += size;
                put(head, body, sent - size, size, sent == total ? total : 0);
            }
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException("interrupted while the server took nothing").initCause(e);
        } finally {
            if (sent > 0 && sent < total) {
                // The server would take the bytes of the next sender for the rest of this request.
                channel.getSession().close(true);
            }
            turn.unlock();
        }
    }

    /** Lets other code send over the channel while no request is being sent, for example the library's own methods. */
    <T> T alone(Alone<T> other) throws IOException {
        turn.lock();
        try {
            return other.run();
        } finally {
            turn.unlock();
        }
    }

    /** Code that sends by itself. */
    @FunctionalInterface
    interface Alone<T> {
        T run() throws IOException;
    }

    private long room() throws IOException, InterruptedException {
        RemoteWindow window = channel.getRemoteWindow();
        long space = window.waitForSpace(longestWait);
        noteWindow();
        if (window.getPacketSize() < LEAST_PACKET) {
            throw new StreamCorruptedException(
                    "the server takes packets of " + window.getPacketSize() + " bytes only, fewer than "
                            + LEAST_PACKET);
        }
        return Math.min(space, window.getPacketSize());
    }

    private void put(byte[] head, byte[] body, int from, int size, int done) throws IOException {
        Buffer packet = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_DATA, CHANNEL_HEADER + size);
        packet.putUInt(channel.getRecipient());
        packet.putUInt(size);
        int ofHead = Math.clamp(head.length - from, 0, size);
        packet.putRawBytes(head, from < head.length ? from : 0, ofHead);
        packet.putRawBytes(body, Math.max(0, from - head.length), size - ofHead);
        channel.getRemoteWindow().consume(size);
        var written = channel.writePacket(packet);
        if (done > 0) {
            // Only the last packet reports back: the network sends packets in order.
            written.addListener(_ -> unsent.give(done));
        }
    }
}
