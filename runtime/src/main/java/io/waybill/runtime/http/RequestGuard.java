package io.waybill.runtime.http;

import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.ErrorAnswer;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Refuses requests before any route sees them: those that a page of another site may have sent, and those that say one
 * method and mean another. Javalin takes the method of {@code X-HTTP-Method-Override}. A proxy that lets only GET pass
 * would let a cancellation pass.
 */
final class RequestGuard extends Handler.Wrapper {
    /** Orchestrators and scrapers ask by whatever name they have, and these tell and change nothing of a file. */
    private static final Set<String> FOR_EVERYBODY = Set.of("/healthz", "/readyz", "/metrics");

    private static final String OVERRIDE = "X-HTTP-Method-Override";

    private final AllowedHosts hosts;

    RequestGuard(AllowedHosts hosts) {
        this.hosts = hosts;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getHeaders().contains(OVERRIDE)) {
            refuse(response, callback, 400, "the header " + OVERRIDE + " is not supported; send the method itself");
            return true;
        }
        Optional<String> refusal = FOR_EVERYBODY.contains(Request.getPathInContext(request))
                ? Optional.empty()
                : hosts.refusal(
                        request.getHeaders().get(HttpHeader.HOST), request.getHeaders().get(HttpHeader.ORIGIN));
        if (refusal.isPresent()) {
            refuse(response, callback, 403, refusal.get());
            return true;
        }
        return super.handle(request, response, callback);
    }

    private static void refuse(Response response, Callback callback, int status, String why) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, ApiJson.write(ErrorAnswer.of(why)), callback);
    }
}
