package io.waybill.runtime.wire;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** Asks a schema registry whether it answers, with the trust and the login that the serdes have. */
public final class RegistryCheck {
    private RegistryCheck() {}

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
            return http.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }
}
