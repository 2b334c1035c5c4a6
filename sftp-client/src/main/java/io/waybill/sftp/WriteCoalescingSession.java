package io.waybill.sftp;

import io.waybill.sftp.flow.UnsentBytes;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.common.PropertyResolver;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.io.nio2.Nio2DefaultIoWriteFuture;
import org.apache.sshd.common.io.nio2.Nio2Service;
import org.apache.sshd.common.io.nio2.Nio2Session;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * A connection that sends all packets that wait for the network together. The library's own session hands over one packet
 * at a time. It wakes a thread for each packet, and so the server wakes for each packet too. Any thread.
 */
final class WriteCoalescingSession extends Nio2Session {
    /** With the largest packets this is half a megabyte. The system copies the bytes into memory that each thread keeps. */
    private static final int MOST_AT_ONCE = 16;

    /**
     * {@link UnsentBytes} bounds the requests that wait here. The library's answers to the server have no other bound. So a
     * server that asks and never reads would fill the memory of the whole process.
     */
    static final int MOST_UNWRITTEN = 16 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Nio2DefaultIoWriteFuture> unwritten = new ArrayDeque<>();
    private boolean writing;
    private boolean ended;
    private boolean refuses;

    WriteCoalescingSession(
            Nio2Service service, PropertyResolver properties, IoHandler handler, AsynchronousSocketChannel socket,
            SocketAddress acceptance)
            throws IOException {
        super(service, properties, handler, socket, acceptance);
    }

    @Override
    public IoWriteFuture writeBuffer(Buffer packet) {
        var bytes = ByteBuffer.wrap(packet.array(), packet.rpos(), packet.available());
        var written = new Nio2DefaultIoWriteFuture(getRemoteAddress(), null, bytes);
        boolean first;
        boolean full;
        lock.lock();
        try {
            if (ended || refuses || isClosing()) {
                written.setException(new ClosedChannelException());
                return written;
            }
            full = unwritten.size() >= MOST_UNWRITTEN;
            if (full) {
                refuses = true;
            } else {
                unwritten.add(written);
            }
            first = !full && !writing;
            writing = true;
        } finally {
            lock.unlock();
        }
        if (full) {
            hangUp(written);
            return written;
        }
        if (first) {
            write();
        }
        return written;
    }

    private void hangUp(Nio2DefaultIoWriteFuture written) {
        var unread = new SshException(
                SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR,
                "the server does not read, while " + MOST_UNWRITTEN + " packets wait for it");
        written.setException(unread);
        // In a thread of its own: the sender holds locks that the library needs to close the session.
        Thread.ofVirtual().name("sftp-hang-up").start(() -> {
            exceptionCaught(unread);
            close(true);
        });
    }

    private void write() {
        ByteBuffer[] next;
        lock.lock();
        try {
            next = unwritten.stream()
                    .limit(MOST_AT_ONCE)
                    .map(Nio2DefaultIoWriteFuture::getBuffer)
                    .toArray(ByteBuffer[]::new);
            writing = next.length > 0;
        } finally {
            lock.unlock();
        }
        if (next.length > 0) {
            try {
                // No time-out: the stall watch knows better whether a thread waits for the server.
                getSocket().write(next, 0, next.length, 0, TimeUnit.MILLISECONDS, this, Written.HANDLER);
            } catch (ShutdownChannelGroupException e) {
                Written.HANDLER.failed(e, this);
            }
        }
    }

    private static final class Written implements CompletionHandler<Long, WriteCoalescingSession> {
        private static final Written HANDLER = new Written();

        @Override
        public void completed(Long bytes, WriteCoalescingSession session) {
            session.gone().forEach(Nio2DefaultIoWriteFuture::setWritten);
            session.write();
        }

        @Override
        public void failed(Throwable reason, WriteCoalescingSession session) {
            session.end(reason);
            session.exceptionCaught(reason);
        }
    }

    private List<Nio2DefaultIoWriteFuture> gone() {
        List<Nio2DefaultIoWriteFuture> gone = new ArrayList<>(MOST_AT_ONCE);
        lock.lock();
        try {
            while (!unwritten.isEmpty() && !unwritten.element().getBuffer().hasRemaining()) {
                gone.add(unwritten.remove());
            }
        } finally {
            lock.unlock();
        }
        return gone;
    }

    private void end(Throwable reason) {
        List<Nio2DefaultIoWriteFuture> left;
        lock.lock();
        try {
            ended = true;
            left = List.copyOf(unwritten);
            unwritten.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(written -> written.setException(reason));
    }

    @Override
    protected CloseFuture doCloseGracefully() {
        List<Nio2DefaultIoWriteFuture> left;
        lock.lock();
        try {
            left = List.copyOf(unwritten);
        } finally {
            lock.unlock();
        }
        return builder().when(this, left).build().close(false);
    }

    @Override
    protected void doCloseImmediately() {
        end(new ClosedChannelException());
        super.doCloseImmediately();
    }
}
