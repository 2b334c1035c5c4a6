package io.waybill.runtime.http;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose request does not arrive in time. A sender that gives a byte now and then is never idle, so
 * an idle time-out does not end it. The headers of a request have some seconds, and so have its body and, before all, the
 * handshake of TLS.
 */
final class SlowRequests implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlowRequests.class);

    /** Of TLS, and not finished. Even a busy endpoint has few at one time. */
    static final int MOST_HANDSHAKES = 256;

    private final int looks;
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("slow-requests").factory());
    private Map<EndPoint, Arriving> arriving = Map.of();

    /**
     * A part of a request that was seen arriving.
     *
     * @param request the number of the request on its connection
     * @param part    which part of it
     * @param looks   how often it was seen, one time a second
     */
    private record Arriving(long request, Part part, int looks) {
        Arriving after(@Nullable Arriving before) {
            return before != null && before.request == request && before.part == part
                    ? new Arriving(request, part, before.looks + 1)
                    : this;
        }
    }

    private enum Part {
        HANDSHAKE, HEADERS, BODY
    }

    /**
     * @param seconds how long the headers of a request may take, and its body again
     */
    SlowRequests(int seconds) {
        looks = seconds;
    }

    void watch(ServerConnector connector) {
        var _ = ticker.scheduleWithFixedDelay(() -> look(connector), 1, 1, TimeUnit.SECONDS);
    }

    private void look(ServerConnector connector) {
        try {
            closeSlow(connector);
        } catch (RuntimeException e) {
            // Without this the watch would end at its first failure, and nobody would know.
            LOG.atWarn().setCause(e).log("The watch over slow requests failed");
        }
    }

    private void closeSlow(ServerConnector connector) {
        var now = new HashMap<EndPoint, Arriving>();
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            part(endPoint.getConnection()).ifPresent(part -> {
                Arriving seen = part.after(arriving.get(endPoint));
                now.put(endPoint, seen);
                if (seen.looks > looks) {
                    endPoint.close(new TimeoutException("the request did not arrive within " + looks + " s"));
                }
            });
        }
        closeSurplus(now);
        arriving = now;
    }

    /** Another thread reads. What is seen may be a moment old, which does not matter for seconds. */
    private static Optional<Arriving> part(@Nullable Connection connection) {
        return switch (connection) {
            case SslConnection tls when isShaking(tls) -> Optional.of(new Arriving(-1, Part.HANDSHAKE, 1));
            case SslConnection tls -> part(tls.getSslEndPoint().getConnection());
            case HttpConnection http when !http.getParser().isIdle() ->
                Optional.of(new Arriving(
                        http.getMessagesIn(), http.getParser().inContentState() ? Part.BODY : Part.HEADERS, 1));
            case null, default -> Optional.empty();
        };
    }

    /** Until its end the engine has a session without any cipher. */
    private static boolean isShaking(SslConnection tls) {
        return tls.getSSLEngine().getSession().getCipherSuite().equals("SSL_NULL_WITH_NULL_NULL");
    }

    /** Who begins handshakes without end must not fill the memory within their time. */
    private static void closeSurplus(Map<EndPoint, Arriving> seen) {
        List<Map.Entry<EndPoint, Arriving>> handshakes = seen.entrySet().stream()
                .filter(one -> one.getValue().part == Part.HANDSHAKE)
                .sorted(Comparator.comparingInt((Map.Entry<EndPoint, Arriving> one) -> one.getValue().looks).reversed())
                .toList();
        handshakes.stream()
                .limit(Math.max(0, handshakes.size() - MOST_HANDSHAKES))
                .forEach(one -> one.getKey().close(new TimeoutException("too many handshakes are unfinished")));
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
