package io.waybill.benchmarks.isolation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** A server that takes every connection and never becomes an SSH server: it greets letter by letter. */
final class Tarpit implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int MOST_LETTERS = 2_000;

    private final ServerSocket listener;
    private final Set<Socket> held = ConcurrentHashMap.newKeySet();

    Tarpit() {
        try {
            listener = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException("the tarpit cannot listen", e);
        }
        Thread.ofVirtual().name("tarpit").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                held.add(client);
                Thread.ofVirtual().start(() -> hold(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void hold(Socket client) {
        try (client) {
            for (int letters = 0; letters < MOST_LETTERS; letters++) {
                client.getOutputStream().write("wait a moment\r\n".substring(letters % 15, letters % 15 + 1)
                        .getBytes(StandardCharsets.US_ASCII));
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (IOException e) {
            // The client lost its patience.
        } finally {
            held.remove(client);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket client : held) {
            client.close();
        }
    }
}
