package io.waybill.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network with faults: forwards TCP connections to a loopback port and, when told, delays, stalls or cuts them.
 * Every method may be called at any time from any thread.
 */
public final class FaultInjectingProxy implements AutoCloseable {
    private static final int CHUNK = 64 << 10;

    /** Bytes under way in one direction of one connection; more than any bandwidth-delay product of a test. */
    private static final int IN_FLIGHT = 64 << 20;

    private final ServerSocket listener;
    private final int target;
    private final long oneWayNanos;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean stalled = new AtomicBoolean();
    private final AtomicLong bytesUntilCut = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong bytesToServer = new AtomicLong();

    private FaultInjectingProxy(ServerSocket listener, int target, Duration roundTrip) {
        this.listener = listener;
        this.target = target;
        this.oneWayNanos = roundTrip.toNanos() / 2;
    }

    /** A network without faults, so far. */
    public static FaultInjectingProxy to(int port) {
        return to(port, Duration.ZERO);
    }

    /** A network over which an answer takes this long, and that loses no bandwidth. */
    public static FaultInjectingProxy to(int port, Duration roundTrip) {
        try {
            var proxy = new FaultInjectingProxy(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), port,
                    roundTrip);
            Thread.ofVirtual().name("fault-injecting-proxy").start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy cannot listen", e);
        }
    }

    /** Where to connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** How many bytes came for the server so far, over all connections. */
    public long bytesToServer() {
        return bytesToServer.get();
    }

    /** How many connections were made so far. */
    public long connections() {
        return connections.get();
    }

    /** From now on bytes are taken and go nowhere, and no connection is closed: a peer that is gone without a word. */
    public void stall() {
        stalled.set(true);
    }

    /** Breaks every connection now; new ones may be made. */
    public void cut() {
        sockets.forEach(FaultInjectingProxy::reset);
    }

    /** Breaks every connection when so many more bytes have gone to the server; then the network is well again. */
    public void cutAfter(long bytes) {
        bytesUntilCut.set(bytes);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket near = listener.accept();
                connections.incrementAndGet();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                sockets.add(near);
                sockets.add(far);
                Thread.ofVirtual().start(() -> forward(near, far, true));
                Thread.ofVirtual().start(() -> forward(far, near, false));
            } catch (IOException e) {
                // The listener was closed, or the server refuses; the client sees its connection end either way.
            }
        }
    }

    private void forward(Socket from, Socket to, boolean towardsServer) {
        var underWay = new Semaphore(IN_FLIGHT);
        try (ScheduledExecutorService line =
                Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory())) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                if (towardsServer) {
                    bytesToServer.addAndGet(length);
                }
                if (towardsServer && bytesUntilCut.addAndGet(-length) < 0) {
                    bytesUntilCut.set(Long.MAX_VALUE);
                    cut();
                }
                if (!stalled.get()) {
                    byte[] sent = Arrays.copyOf(chunk, length);
                    underWay.acquireUninterruptibly(length);
                    if (oneWayNanos == 0) {
                        deliver(sent, out, to, underWay);
                    } else {
                        var _ = line.schedule(() -> deliver(sent, out, to, underWay), oneWayNanos,
                                TimeUnit.NANOSECONDS);
                    }
                }
            }
            var _ = line.schedule(() -> reset(to), oneWayNanos, TimeUnit.NANOSECONDS);
        } catch (IOException e) {
            reset(to);
        } finally {
            reset(from);
        }
    }

    private static void deliver(byte[] bytes, OutputStream out, Socket to, Semaphore underWay) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            reset(to);
        } finally {
            underWay.release(bytes.length);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It was closed already, which is what is wanted.
            return;
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy cannot be closed", e);
        }
        cut();
    }
}
