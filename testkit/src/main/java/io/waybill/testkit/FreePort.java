package io.waybill.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Loopback ports that nothing listens on, and that no system gives to whoever connects or asks for any port. So a test may
 * stop a server and start it there again while other tests run beside it.
 */
public final class FreePort {
    private static final int FIRST = 12_000;

    /** Where the ports of Linux begin that it gives itself; other systems begin later. */
    private static final int END = 32_000;
    private static final int TRIES = 100;

    private FreePort() {}

    /** A port that was free a moment ago; another test may still take it first. */
    public static int find() {
        IOException last = null;
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                last = e;
            }
        }
        throw new UncheckedIOException("no free loopback port", Objects.requireNonNull(last));
    }
}
