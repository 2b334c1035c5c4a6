package io.waybill.runtime.http;

import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.ErrorAnswer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Counts the requests in flight, so that the services that answer them stop after the answers. From then on it refuses
 * further ones. It neither counts nor refuses what orchestrators and scrapers ask.
 */
final class RequestsInFlight extends Handler.Wrapper {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    /** Guarded by the lock. */
    private int count;
    /** Guarded by the lock. */
    private boolean finishing;

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (RequestGuard.FOR_EVERYBODY.contains(Request.getPathInContext(request))) {
            return super.handle(request, response, callback);
        }
        if (!began()) {
            response.setStatus(503);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            Content.Sink.write(
                    response, true, ApiJson.write(ErrorAnswer.of("this process is stopping; ask again")), callback);
            return true;
        }
        Request.addCompletionListener(request, _ -> ended());
        return super.handle(request, response, callback);
    }

    private boolean began() {
        lock.lock();
        try {
            count += finishing ? 0 : 1;
            return !finishing;
        } finally {
            lock.unlock();
        }
    }

    private void ended() {
        lock.lock();
        try {
            count--;
            none.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Refuses further requests, and waits for the answers to those in flight; false if one still has none. */
    boolean finish(Duration patience) {
        lock.lock();
        try {
            finishing = true;
            long left = patience.toNanos();
            while (count > 0 && left > 0) {
                left = none.awaitNanos(left);
            }
            return count == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
