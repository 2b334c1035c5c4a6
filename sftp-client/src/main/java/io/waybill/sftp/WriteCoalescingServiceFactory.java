package io.waybill.sftp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.IoServiceFactoryFactory;
import org.apache.sshd.common.io.nio2.Nio2Connector;
import org.apache.sshd.common.io.nio2.Nio2Service;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactory;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.io.nio2.Nio2Session;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.apache.sshd.common.util.threads.ThreadUtils;

/**
 * Makes the connections of a client {@link WriteCoalescingSession}s. A few threads wait for the network and handle the
 * events themselves. In the library's own pool another thread announces each event, which costs more than most events. With
 * a thread group of a fixed size, the network's thread writes a packet, not the thread that sends it; meanwhile more
 * packets gather.
 */
final class WriteCoalescingServiceFactory extends Nio2ServiceFactory {
    /** Nothing that these threads do waits, and the senders do the encryption. More threads would only wake each other. */
    private static final int THREADS =
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final AsynchronousChannelGroup network;
    private final CloseableExecutorService connecting;

    private WriteCoalescingServiceFactory(FactoryManager manager, CloseableExecutorService connecting) {
        super(manager, null, ThreadUtils.noClose(connecting));
        this.connecting = connecting;
        try {
            network = AsynchronousChannelGroup.withFixedThreadPool(
                    THREADS, Thread.ofPlatform().daemon().name("sftp-network-", 0).factory());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot wait for the network", e);
        }
    }

    /** What a client needs to use such a factory. */
    static IoServiceFactoryFactory factory() {
        return new Nio2ServiceFactoryFactory() {
            @Override
            public IoServiceFactory create(FactoryManager manager) {
                // A thread waits for each connection that is being made. With fewer threads, a partner whose firewall drops
                // every packet would hold up all others.
                return new WriteCoalescingServiceFactory(manager, ThreadUtils.newCachedThreadPool("sftp-connect"));
            }
        };
    }

    @Override
    public IoConnector createConnector(IoHandler handler) {
        return autowireCreatedService(
                new Nio2Connector(this, getFactoryManager(), handler, network, ThreadUtils.noClose(connecting)));
    }

    @Override
    public Nio2Session createSession(
            Nio2Service service, IoHandler handler, AsynchronousSocketChannel socket, SocketAddress acceptance)
            throws IOException {
        return new WriteCoalescingSession(service, getFactoryManager(), handler, socket, acceptance);
    }

    @Override
    protected void doCloseImmediately() {
        try {
            network.shutdownNow();
        } catch (IOException e) {
            log.debug("the network's threads cannot be ended", e);
        } finally {
            connecting.shutdownNow();
            super.doCloseImmediately();
        }
    }
}
