package io.waybill.runtime.login;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import io.waybill.runtime.call.WholeAnswers;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks the issuer. Its whole answer must come in time, and must not be large. Safe for several threads. */
final class IssuerRetriever implements ResourceRetriever {
    /** With an issuer that is well. People and programs wait meanwhile. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int LARGEST_DOCUMENT = 512 * 1_024;

    private final Duration patience;
    private final HttpClient http;

    /** @param patience how long a whole answer may take */
    IssuerRetriever(Duration patience) {
        this.patience = patience;
        this.http = HttpClient.newBuilder()
                .connectTimeout(patience)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    @Override
    public Resource retrieveResource(URL address) throws IOException {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(address.toString())));
        if (answer.statusCode() != 200) {
            throw new IOException("it answers " + answer.statusCode());
        }
        return new Resource(answer.body(), answer.headers().firstValue("Content-Type").orElse(null));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return WholeAnswers.await(
                    http, request.timeout(patience).build(),
                    BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_DOCUMENT));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the process stops", e);
        }
    }
}
