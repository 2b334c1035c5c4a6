package io.waybill.runtime.wire;

import io.waybill.domain.Texts;
import io.waybill.runtime.call.WholeAnswers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Asks a schema registry whether it answers, with the trust and the login that the serdes have. */
public final class RegistryCheck {
    static final int UNAUTHORIZED = 401;

    private RegistryCheck() {}

    /**
     * Why the registry does not let Waybill in; empty if it does, or if none of its servers answers: services wait for that.
     *
     * @param serde the settings of the serdes
     * @throws IllegalArgumentException if a URL is no address
     */
    public static Optional<String> refusedLogin(Map<String, String> serde, Duration limit)
            throws InterruptedException {
        for (URI url : RegistrySettings.from(serde).urls()) {
            try {
                int status = status(serde, url.toString(), limit);
                return status == UNAUTHORIZED
                        ? Optional.of("schema registry " + Texts.masked(url.toString()) + ": " + refusal(status))
                        : Optional.empty();
            } catch (IOException e) {
                // The next server may answer.
            }
        }
        return Optional.empty();
    }

    /** What an answer other than 200 means, and what to do. */
    public static String refusal(int status) {
        return status == UNAUTHORIZED
                ? "refuses the login with 401; correct basic.auth.user.info, which needs"
                        + " basic.auth.credentials.source: USER_INFO"
                : "answers " + status + " to GET /subjects; is the path right?";
    }

    /**
     * The HTTP status of the answer to the first question that every registry knows.
     *
     * @param serde the settings of the serdes
     * @param url   one of its registries
     * @throws IOException              if it does not answer
     * @throws IllegalArgumentException if the URL is no address
     */
    public static int status(Map<String, String> serde, String url, Duration limit)
            throws IOException, InterruptedException {
        RegistrySettings settings = RegistrySettings.from(serde);
        try (var http = HttpSchemaRegistry.client(settings, limit)) {
            var request = HttpRequest.newBuilder(URI.create(url + "/subjects")).timeout(limit);
            settings.authorization().ifPresent(value -> request.header("Authorization", value));
            return WholeAnswers.await(http, request.build(), BodyHandlers.discarding()).statusCode();
        }
    }
}
