package io.waybill.state.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The OpenAPI document that describes the routes: docs/openapi.yaml, unchanged. */
final class ApiDocument {
    static final String PATH = "/openapi.yaml";

    private static final String TEXT = text();

    private ApiDocument() {}

    private static String text() {
        try (InputStream document = ApiDocument.class.getResourceAsStream("openapi.yaml")) {
            if (document == null) {
                throw new IllegalStateException("the build has left openapi.yaml out");
            }
            return new String(document.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void show(Context http) {
        http.contentType("application/yaml").result(TEXT);
    }
}
