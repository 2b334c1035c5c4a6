package io.waybill.devstack.servers;

import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Loopback TCP ports. This class finds out whether a port is free, and picks a free port if the caller asks for any.
 */
final class Ports {
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    // These ports are below the range that common kernels use for outgoing connections (32768 and up). So no client on
    // this machine takes a port between our check and the server's bind.
    private static final int FIRST_PICKED = 20_000;
    private static final int LAST_PICKED = 32_000;
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final int MOST_TRIES = 1_000;

    private Ports() {}

    /** The port itself, or a free one if it is 0. The port is not held, so the caller must bind it soon. */
    static int resolve(int port) throws IOException {
        return port == 0 ? pick() : port;
    }

    static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            // A restarted stack must not fail because of its own connections in TIME_WAIT.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(LOOPBACK, port), 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** Waits until the port is free or the time is over. */
    static void awaitFree(int port, Duration limit, ProcessClock clock) throws InterruptedException {
        long latest = clock.after(limit);
        while (port != 0 && !isFree(port) && !clock.isOver(latest)) {
            Thread.sleep(LOOK_EVERY); // allow sleep: whoever holds a port tells nobody when it lets go
        }
    }

    private static int pick() throws IOException {
        var random = ThreadLocalRandom.current();
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int candidate = random.nextInt(FIRST_PICKED, LAST_PICKED);
            if (isFree(candidate)) {
                return candidate;
            }
        }
        throw new IOException("no free port found between " + FIRST_PICKED + " and " + LAST_PICKED);
    }
}
