package io.waybill.benchmarks.isolation;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before a store. While there is trouble, it forbids everything in one bucket, and takes its time for each answer
 * about another one. All else it passes on, one request for each connection.
 */
final class TroubledStore implements AutoCloseable {
    static final String FORBIDDEN = "forbidden";
    static final String SLOW = "slow";

    private static final int LONGEST_HEAD = 64 << 10;
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+) *$");
    private static final String REFUSAL =
            "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";

    private final ServerSocket listener;
    private final int target;
    private final Duration slowness;
    private volatile boolean trouble;

    /**
     * Begins to listen, without trouble.
     *
     * @param port     to listen on at 127.0.0.1
     * @param target   the store's port
     * @param slowness of each answer about the slow bucket
     */
    TroubledStore(int port, int target, Duration slowness) {
        try {
            listener = new ServerSocket(port, 200, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException("the store's front cannot listen", e);
        }
        this.target = target;
        this.slowness = slowness;
        Thread.ofVirtual().name("troubled-store").start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    void trouble(boolean on) {
        trouble = on;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            var in = new BufferedInputStream(client.getInputStream());
            Optional<String> head = head(in);
            if (head.isPresent()) {
                answer(head.get(), in, client.getOutputStream());
            }
        } catch (IOException e) {
            // One side is gone; the other sees its connection end.
        }
    }

    private void answer(String head, InputStream in, OutputStream out) throws IOException {
        if (trouble && isAbout(FORBIDDEN, head)) {
            in.skipNBytes(length(head));
            // An answer to HEAD has no body, whatever its length says.
            String body = head.startsWith("HEAD ") ? "" : REFUSAL;
            out.write(("HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nContent-Length: " + REFUSAL.length()
                    + "\r\nConnection: close\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        if (trouble && isAbout(SLOW, head)) {
            LockSupport.parkNanos(slowness.toNanos());
        }
        pass(head, in, out);
    }

    private void pass(String head, InputStream in, OutputStream out) throws IOException {
        try (var store = new Socket(InetAddress.ofLiteral("127.0.0.1"), target)) {
            store.setTcpNoDelay(true);
            OutputStream request = store.getOutputStream();
            request.write(closing(head).getBytes(StandardCharsets.ISO_8859_1));
            copy(in, request, length(head));
            request.flush();
            store.getInputStream().transferTo(out);
        }
    }

    private static void copy(InputStream in, OutputStream out, long bytes) throws IOException {
        byte[] chunk = new byte[8192];
        for (long left = bytes; left > 0;) {
            int read = in.read(chunk, 0, (int) Math.min(chunk.length, left));
            if (read < 0) {
                throw new IOException("the request ended early");
            }
            out.write(chunk, 0, read);
            left -= read;
        }
    }

    /** The head of a request, up to its empty line; empty if the client has no further one. */
    private static Optional<String> head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        for (int ends = 0; ends < 4;) {
            int next = in.read();
            if (next < 0 || head.size() > LONGEST_HEAD) {
                return Optional.empty();
            }
            head.write(next);
            ends = next == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : next == '\r' ? 1 : 0;
        }
        return Optional.of(head.toString(StandardCharsets.ISO_8859_1));
    }

    private static boolean isAbout(String bucket, String head) {
        String path = head.split(" ", 3)[1];
        return path.equals("/" + bucket) || path.startsWith("/" + bucket + "/") || path.startsWith("/" + bucket + "?");
    }

    private static long length(String head) {
        Matcher length = LENGTH.matcher(head.replace("\r", ""));
        return length.find() ? Long.parseLong(length.group(1)) : 0;
    }

    /** The same request, after which the store closes the connection: that is the end of the answer. */
    private static String closing(String head) {
        var lines = new StringBuilder();
        for (String line : head.split("\r\n")) {
            if (!line.isEmpty() && !line.toLowerCase(Locale.ROOT).startsWith("connection:")) {
                lines.append(line).append("\r\n");
            }
        }
        return lines.append("Connection: close\r\n\r\n").toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
