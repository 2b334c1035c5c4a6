package io.waybill.runtime.wire;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;

/**
 * How to reach a registry, by Confluent's property names.
 *
 * @param urls          tried in order
 * @param authorization the value of the HTTP header
 * @param autoRegister  whether an unknown schema may be registered
 * @param login         is told of each answer
 */
record RegistrySettings(
        List<URI> urls,
        Optional<String> authorization,
        boolean autoRegister,
        Optional<TrustStore> trustStore,
        LoginWatch login) {

    /** The certificate authorities to trust, if not the platform's own. */
    record TrustStore(String location, String type, Optional<String> password) {}

    static RegistrySettings from(Map<String, ?> properties) {
        String urls = text(properties, "schema.registry.url")
                .orElseThrow(() -> new ConfigException("schema.registry.url", null, "is missing"));
        return new RegistrySettings(
                Arrays.stream(urls.split("\\s*,\\s*"))
                        .map(url -> URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url))
                        .toList(),
                authorization(properties),
                text(properties, "auto.register.schemas").map(Boolean::parseBoolean).orElse(true),
                text(properties, "schema.registry.ssl.truststore.location")
                        .map(location -> new TrustStore(
                                location,
                                text(properties, "schema.registry.ssl.truststore.type").orElse("PKCS12"),
                                text(properties, "schema.registry.ssl.truststore.password"))),
                LoginWatch.of(properties));
    }

    private static Optional<String> authorization(Map<String, ?> properties) {
        String source = text(properties, "basic.auth.credentials.source").orElse("NONE");
        return switch (source) {
            case "NONE" -> Optional.empty();
            case "USER_INFO" -> {
                String user = text(properties, "basic.auth.user.info")
                        .orElseThrow(() -> new ConfigException(
                                "basic.auth.user.info is missing, which basic.auth.credentials.source USER_INFO needs"));
                yield Optional.of("Basic "
                        + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
            }
            default ->
                throw new ConfigException("basic.auth.credentials.source", source, "expected NONE or USER_INFO");
        };
    }

    private static Optional<String> text(Map<String, ?> properties, String key) {
        return Optional.ofNullable(properties.get(key)).map(Object::toString);
    }
}
