package io.waybill.runtime.http;

import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.ErrorAnswer;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Refuses requests before any route sees them: those without the certificate that they need, those that a page of another
 * site may have sent, those whose query nobody can read, and those that say one method and mean another. Javalin takes the method of {@code X-HTTP-Method-Override}. A proxy that lets only GET pass
 * would let a cancellation pass.
 */
final class RequestGuard extends Handler.Wrapper {
    /** Orchestrators and scrapers ask by whatever name they have, and these tell and change nothing of a file. */
    static final Set<String> FOR_EVERYBODY = Set.of("/healthz", "/readyz", "/metrics");

    private static final Pattern CUT_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private static final String OVERRIDE = "X-HTTP-Method-Override";

    /** Kubernetes has no certificate to show, and would restart what it cannot probe. */
    private static final Set<String> WITHOUT_CERTIFICATE = Set.of("/healthz", "/readyz");

    private final AllowedHosts hosts;
    private final boolean certificates;

    /** @param certificates whether senders must have shown one; the handshake has refused those that are not good */
    RequestGuard(AllowedHosts hosts, boolean certificates) {
        this.hosts = hosts;
        this.certificates = certificates;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getHeaders().contains(OVERRIDE)) {
            refuse(response, callback, 400, "the header " + OVERRIDE + " is not supported; send the method itself");
            return true;
        }
        String query = request.getHttpURI().getQuery();
        if (query != null && CUT_ESCAPE.matcher(query).find()) {
            // Javalin would leave the parameter out, and a filter that is not there lets everything pass.
            refuse(response, callback, 400, "the query has a % without two hexadecimal digits behind it; write %25");
            return true;
        }
        if (certificates && !shown(request)) {
            refuse(response, callback, 403,
                    "this server wants a certificate of its callers, and you sent none: commands"
                            + " take --client-certificate and --client-key");
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

    private static boolean shown(Request request) {
        boolean probe = WITHOUT_CERTIFICATE.contains(Request.getPathInContext(request))
                && (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod()));
        if (probe) {
            return true;
        }
        EndPoint.SslSessionData session =
                request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
        return session != null && session.peerCertificates() != null && session.peerCertificates().length > 0;
    }

    private static void refuse(Response response, Callback callback, int status, String why) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, ApiJson.write(ErrorAnswer.of(why)), callback);
    }
}
