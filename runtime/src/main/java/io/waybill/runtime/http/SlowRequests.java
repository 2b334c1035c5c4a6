package io.waybill.runtime.http;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose request does not arrive in time. A sender that gives a byte now and then is never idle, so
 * an idle time-out does not end it. The headers of a request have some seconds, and so has its body.
 */
final class SlowRequests implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlowRequests.class);

    private final int looks;
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("slow-requests").factory());
    private Map<EndPoint, Arriving> arriving = Map.of();

    /**
     * A part of a request that was seen arriving.
     *
     * @param request the number of the request on its connection
     * @param body    whether its headers have arrived
     * @param looks   how often it was seen, one time a second
     */
    private record Arriving(long request, boolean body, int looks) {
        Arriving after(@Nullable Arriving before) {
            return before != null && before.request == request && before.body == body
                    ? new Arriving(request, body, before.looks + 1)
                    : this;
        }
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
            if (endPoint.getConnection() instanceof HttpConnection connection && !connection.getParser().isIdle()) {
                // Another thread reads. What is seen may be a moment old, which does not matter for seconds.
                var seen = new Arriving(connection.getMessagesIn(), connection.getParser().inContentState(), 1)
                        .after(arriving.get(endPoint));
                now.put(endPoint, seen);
                if (seen.looks > looks) {
                    endPoint.close(new TimeoutException("the request did not arrive within " + looks + " s"));
                }
            }
        }
        arriving = now;
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
