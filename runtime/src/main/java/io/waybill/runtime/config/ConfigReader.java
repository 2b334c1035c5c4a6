package io.waybill.runtime.config;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import io.waybill.runtime.config.WaybillConfig.StreamsSettings;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.config.WaybillConfig.WorkerSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Turns nodes into a {@link WaybillConfig}: one method for each section of the file. */
final class ConfigReader {
    /** Settings of the Avro serdes, by Confluent's names, at the top level of the file as Confluent's clients have them. */
    private static final List<String> SERDE_KEYS = List.of(
            "schema.registry.url",
            "basic.auth.credentials.source",
            "auto.register.schemas",
            "schema.registry.ssl.truststore.location",
            "schema.registry.ssl.truststore.type",
            "avro.serializer.class",
            "avro.deserializer.class");

    /** Those whose value is a {@code file:} or {@code env:} reference. */
    private static final List<String> SERDE_SECRETS =
            List.of("basic.auth.user.info", "schema.registry.ssl.truststore.password");

    private ConfigReader() {}

    static WaybillConfig read(Node.Section root, Overrides overrides) {
        var problems = new Problems();
        var keys = new Keys(root, overrides, problems);
        Map<DestinationName, DestinationConfig> destinations = destinations(keys);
        var config = new WaybillConfig(
                kafka(keys),
                serde(keys),
                topics(keys.section("topics")),
                s3(keys.section("s3")),
                destinations,
                routes(keys, destinations),
                http(keys.section("http")),
                streams(keys.section("streams")),
                worker(keys.section("worker")),
                monitorTick(keys.section("monitor")));
        keys.finish();
        problems.throwIfAny();
        return config;
    }

    private static Map<String, String> kafka(Keys keys) {
        Map<String, String> clients = keys.free("kafka");
        if (!clients.containsKey("bootstrap.servers")) {
            keys.problem("kafka", "bootstrap.servers is missing");
        }
        return Map.copyOf(clients);
    }

    private static Map<String, String> serde(Keys keys) {
        var settings = new LinkedHashMap<String, String>();
        for (String key : SERDE_KEYS) {
            keys.value(key, Function.identity()).ifPresent(value -> settings.put(key, value));
        }
        for (String key : SERDE_SECRETS) {
            keys.secret(key).ifPresent(secret -> settings.put(key, secret.reveal()));
        }
        if (!settings.containsKey("schema.registry.url")) {
            keys.problem("schema.registry.url", "is missing");
        }
        return Map.copyOf(settings);
    }

    private static TopicSettings topics(Keys keys) {
        var settings = new TopicSettings(
                keys.text("prefix", "waybill."),
                keys.number("filePartitions", 12, 1, 1024),
                keys.number("workPartitions", 24, 1, 1024),
                (short) keys.number("replication", 3, 1, 9));
        keys.finish();
        return settings;
    }

    private static S3Settings s3(Keys keys) {
        Optional<URI> endpoint = keys.value("endpoint", ConfigReader::httpUri);
        Optional<Secret> accessKey = keys.secret("accessKey");
        Optional<Secret> secretKey = keys.secret("secretKey");
        if (accessKey.isPresent() != secretKey.isPresent()) {
            keys.problem(accessKey.isPresent() ? "secretKey" : "accessKey", "is missing beside the other");
        }
        var settings = new S3Settings(
                endpoint,
                keys.text("region", "us-east-1"),
                keys.flag("pathStyle", endpoint.isPresent()),
                accessKey,
                secretKey);
        keys.finish();
        return settings;
    }

    private static URI httpUri(String text) {
        if (!text.matches("https?://[^/\\s]+.*")) {
            throw new IllegalArgumentException("expected an http or https address, was '" + text + "'");
        }
        return URI.create(text);
    }

    private static Map<DestinationName, DestinationConfig> destinations(Keys keys) {
        var destinations = new LinkedHashMap<DestinationName, DestinationConfig>();
        keys.named("destinations").forEach((name, section) -> named(keys, "destinations", name, DestinationName::new)
                .ifPresent(key -> destinations.put(key, DestinationReader.read(key, section))));
        return Collections.unmodifiableMap(destinations);
    }

    private static Map<RouteName, Route> routes(Keys keys, Map<DestinationName, DestinationConfig> destinations) {
        var routes = new LinkedHashMap<RouteName, Route>();
        keys.named("routes").forEach((name, section) -> named(keys, "routes", name, RouteName::new)
                .flatMap(key -> RouteReader.read(key, section, destinations.keySet()))
                .ifPresent(route -> routes.put(route.name(), route)));
        return Collections.unmodifiableMap(routes);
    }

    private static <T> Optional<T> named(Keys keys, String section, String name, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(name));
        } catch (IllegalArgumentException e) {
            keys.problem(section, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static HttpSettings http(Keys keys) {
        var settings = new HttpSettings(keys.text("host", "127.0.0.1"), keys.number("port", 8080, 0, 65_535));
        keys.finish();
        return settings;
    }

    private static StreamsSettings streams(Keys keys) {
        var settings = new StreamsSettings(
                keys.value("stateDirectory", Path::of).orElse(Path.of("data/streams")),
                keys.text("instanceId", "waybill-1"),
                keys.number("standbyReplicas", 1, 0, 9),
                keys.number("threads", 1, 1, 64),
                keys.positive("commitInterval", Duration.ofMillis(100)));
        keys.finish();
        return settings;
    }

    private static WorkerSettings worker(Keys keys) {
        var settings = new WorkerSettings(
                keys.text("id", "worker-1"),
                keys.number("span", 1000, 1, 100_000),
                keys.duration("commitLinger", Duration.ofMillis(5)));
        keys.finish();
        return settings;
    }

    private static Duration monitorTick(Keys keys) {
        Duration tick = keys.positive("tick", Duration.ofSeconds(1));
        keys.finish();
        return tick;
    }
}
