package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.common.io.IoConnectFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a peer on a real socket, who reads when he is told to. */
@Timeout(30)
final class WriteCoalescingSessionTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int PACKET = 32 << 10;
    /** More than the system's buffers take. */
    private static final int PACKETS = 1000;

    private final SshClient client = SshClient.setUpDefaultClient();
    private final IoServiceFactory factory = WriteCoalescingServiceFactory.factory().create(client);
    private final byte[] content = new byte[PACKET * PACKETS];
    private ServerSocket listener;
    private Socket peer;
    private IoSession session;

    @BeforeEach
    void connect() throws IOException {
        new Random(1).nextBytes(content);
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        IoConnectFuture connected =
                factory.createConnector(new Deaf()).connect(listener.getLocalSocketAddress(), null, null);
        assertThat(connected.await(LIMIT.toMillis())).isTrue();
        session = connected.getSession();
        peer = listener.accept();
    }

    @AfterEach
    void disconnect() throws IOException {
        session.close(true);
        peer.close();
        listener.close();
        factory.close(true);
    }

    @Test
    void shouldWritePacketsInTheirOrder() throws IOException {
        List<IoWriteFuture> written = write();

        assertThat(peer.getInputStream().readNBytes(content.length)).isEqualTo(content);
        for (IoWriteFuture each : written) {
            assertThat(each.verify(LIMIT.toMillis()).isWritten()).isTrue();
        }
    }

    @Test
    void shouldWriteWhatWaitsBeforeItCloses() throws IOException {
        write();
        session.close(false);

        assertThat(peer.getInputStream().readAllBytes()).isEqualTo(content);
    }

    @Test
    void shouldFailWhatIsNotWrittenWhenItClosesAtOnce() throws IOException {
        List<IoWriteFuture> written = write();
        session.close(true).await(LIMIT.toMillis());

        IoWriteFuture last = written.getLast();
        assertThat(last.await(LIMIT.toMillis())).isTrue();
        assertThat(last.getException()).isInstanceOf(ClosedChannelException.class);
        assertThat(session.writeBuffer(new ByteArrayBuffer(new byte[1])).getException())
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void shouldFailWhatIsNotWrittenAndCloseWhenThePeerIsGone() throws IOException {
        var closed = new CompletableFuture<Boolean>();
        session.addCloseFutureListener(future -> closed.complete(future.isClosed()));
        List<IoWriteFuture> written = write();
        peer.setSoLinger(true, 0);
        peer.close();

        IoWriteFuture last = written.getLast();
        assertThat(last.await(LIMIT.toMillis())).isTrue();
        assertThat(last.getException()).isInstanceOf(IOException.class);
        assertThat(closed).succeedsWithin(LIMIT).isEqualTo(true);
    }

    @Test
    void shouldEndItsThreadsWhenItsServiceIsClosed() throws Exception {
        Set<Thread> before = networkThreads();
        IoServiceFactory another = WriteCoalescingServiceFactory.factory().create(client);
        Set<Thread> its = networkThreads();
        its.removeAll(before);

        another.close(true);

        assertThat(its).isNotEmpty();
        for (Thread thread : its) {
            assertThat(thread.join(LIMIT)).isTrue();
        }
    }

    private static Set<Thread> networkThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("sftp-network-"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private List<IoWriteFuture> write() throws IOException {
        List<IoWriteFuture> written = new ArrayList<>();
        for (int from = 0; from < content.length; from += PACKET) {
            written.add(session.writeBuffer(new ByteArrayBuffer(content, from, PACKET)));
        }
        return written;
    }

    /** Takes no interest in what the peer sends. */
    private static final class Deaf implements IoHandler {
        @Override
        public void sessionCreated(IoSession session) {
            // It is given to who connects.
        }

        @Override
        public void sessionClosed(IoSession session) {
            // Seen by its futures.
        }

        @Override
        public void exceptionCaught(IoSession session, Throwable cause) {
            // Seen by its futures.
        }

        @Override
        public void messageReceived(IoSession session, Readable message) {
            // The peer sends nothing.
        }
    }
}
