package io.waybill.runtime.config;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.schedule.ClosedDays;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import io.waybill.runtime.config.WaybillConfig.ShutdownSettings;
import io.waybill.runtime.config.WaybillConfig.StreamsSettings;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.config.files.ConfigFiles;
import java.net.URI;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Turns nodes into a {@link WaybillConfig}. It has one method for each section that several services read. */
final class ConfigReader {
    /** Ends of the names of Kafka's settings that hold secrets. */
    private static final Pattern KAFKA_SECRET = Pattern.compile(
            "(password|passphrase|secret|jaas\\.config|keystore\\.key|private\\.key)$");
    /** A secret in the options of a login module. One in the form ${...} is for Kafka's own providers to find. */
    private static final Pattern PLAIN_IN_JAAS =
            Pattern.compile("(?i)(password|secret|token)\\w*\\s*=\\s*\"?(?!\\$\\{)[^\\s;\"]");

    private ConfigReader() {}

    static WaybillConfig read(
            Node.Section root,
            Overrides overrides,
            List<OwnSection<?>> sections,
            Optional<ConfigFiles.Origin> origin) {
        var problems = new Problems();
        var keys = new SectionReader(ConfigurationKeys.root(sections), root, overrides, problems);
        Map<DestinationName, DestinationConfig> destinations = destinations(keys, DestinationReader.calendars(keys));
        Map<RouteName, Route> routes = routes(keys, destinations);
        var config = new WaybillConfig(
                kafka(keys),
                serde(keys),
                topics(keys.section(ConfigurationKeys.TOPICS)),
                s3(keys.section(ConfigurationKeys.S3)),
                destinations,
                routes,
                HttpKeys.read(keys.section(HttpKeys.SECTION), routes.keySet(), destinations.keySet()),
                streams(keys.section(ConfigurationKeys.STREAMS)),
                shutdown(keys.section(ConfigurationKeys.SHUTDOWN)),
                own(keys, sections),
                keys.unfollowed(ConfigurationKeys.TOKEN),
                problems.warnings(),
                origin);
        keys.finish();
        problems.throwIfAny();
        return config;
    }

    private static Map<String, String> kafka(SectionReader keys) {
        Map<String, String> clients = keys.free(
                ConfigurationKeys.KAFKA, (name, value) -> kafkaSetting(keys, name, value));
        String servers = ConfigurationKeys.BOOTSTRAP_SERVERS.name();
        if (!clients.containsKey(servers)) {
            keys.problem(ConfigurationKeys.KAFKA, servers + " is missing");
        }
        return Map.copyOf(clients);
    }

    /** A secret is given as everywhere: by reference, or in an environment variable. */
    private static String kafkaSetting(SectionReader keys, String name, Node.Scalar value) {
        if (!KAFKA_SECRET.matcher(name).find()) {
            return value.text();
        }
        boolean plain = name.endsWith("jaas.config") ? PLAIN_IN_JAAS.matcher(value.text()).find()
                : !value.text().startsWith("${");
        return Secret.refersTo(value.text()) || plain && !Overrides.fromEnvironment(value)
                ? keys.revealed(value.text())
                : value.text();
    }

    private static Map<String, String> serde(SectionReader keys) {
        var settings = new LinkedHashMap<String, String>();
        for (Key<?> key : ConfigurationKeys.SERDE) {
            keys.find(key).ifPresent(value -> settings.put(
                    key.name(), value instanceof Secret secret ? secret.reveal() : value.toString()));
        }
        if (!settings.containsKey(ConfigurationKeys.REGISTRY_URL.name())) {
            keys.problem(ConfigurationKeys.REGISTRY_URL, "is missing");
        }
        return Map.copyOf(settings);
    }

    private static TopicSettings topics(SectionReader keys) {
        var settings = new TopicSettings(
                keys.get(ConfigurationKeys.TOPIC_PREFIX),
                keys.get(ConfigurationKeys.FILE_PARTITIONS),
                keys.get(ConfigurationKeys.WORK_PARTITIONS),
                keys.get(ConfigurationKeys.REPLICATION).shortValue());
        keys.finish();
        return settings;
    }

    private static S3Settings s3(SectionReader keys) {
        Optional<URI> endpoint = keys.find(ConfigurationKeys.S3_ENDPOINT);
        Optional<Secret> accessKey = keys.find(ConfigurationKeys.S3_ACCESS_KEY);
        Optional<Secret> secretKey = keys.find(ConfigurationKeys.S3_SECRET_KEY);
        // A key whose secret cannot be read is there; its fault is known.
        boolean hasAccessKey = keys.has(ConfigurationKeys.S3_ACCESS_KEY);
        if (hasAccessKey != keys.has(ConfigurationKeys.S3_SECRET_KEY)) {
            keys.problem(
                    hasAccessKey ? ConfigurationKeys.S3_SECRET_KEY : ConfigurationKeys.S3_ACCESS_KEY,
                    "is missing beside the other");
        }
        var settings = new S3Settings(
                endpoint,
                keys.get(ConfigurationKeys.S3_REGION),
                keys.find(ConfigurationKeys.S3_PATH_STYLE).orElse(endpoint.isPresent()),
                accessKey,
                secretKey,
                keys.get(ConfigurationKeys.S3_NOTIFICATION_KEYS));
        keys.finish();
        return settings;
    }

    private static Map<DestinationName, DestinationConfig> destinations(
            SectionReader keys, Map<String, ClosedDays> calendars) {
        var destinations = new LinkedHashMap<DestinationName, DestinationConfig>();
        keys.named(DestinationKeys.SECTION).forEach((name, section) -> named(
                keys, DestinationKeys.SECTION, name, DestinationName::new)
                .ifPresent(key -> destinations.put(key, DestinationReader.read(key, section, calendars))));
        return Collections.unmodifiableMap(destinations);
    }

    private static Map<RouteName, Route> routes(SectionReader keys,
            Map<DestinationName, DestinationConfig> destinations) {
        var routes = new LinkedHashMap<RouteName, Route>();
        keys.named(RouteKeys.SECTION).forEach((name, section) -> named(
                keys, RouteKeys.SECTION, name, RouteName::new)
                .flatMap(key -> RouteReader.read(key, section, destinations.keySet()))
                .ifPresent(route -> routes.put(route.name(), route)));
        return Collections.unmodifiableMap(routes);
    }

    private static <T> Optional<T> named(
            SectionReader keys, Section section, String name, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(name));
        } catch (IllegalArgumentException e) {
            keys.problem(section, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static StreamsSettings streams(SectionReader keys) {
        var settings = new StreamsSettings(
                keys.get(ConfigurationKeys.STATE_DIRECTORY),
                keys.get(ConfigurationKeys.INSTANCE_ID),
                keys.get(ConfigurationKeys.STANDBY_REPLICAS),
                keys.get(ConfigurationKeys.THREADS),
                keys.get(ConfigurationKeys.COMMIT_INTERVAL),
                keys.get(ConfigurationKeys.INTERNAL_METRICS));
        keys.finish();
        return settings;
    }

    private static ShutdownSettings shutdown(SectionReader keys) {
        var settings = new ShutdownSettings(keys.get(ConfigurationKeys.PATIENCE));
        keys.finish();
        return settings;
    }

    private static Map<OwnSection<?>, Object> own(SectionReader keys, List<OwnSection<?>> sections) {
        var own = new HashMap<OwnSection<?>, Object>();
        for (OwnSection<?> section : sections) {
            SectionReader inner = keys.section(section.keys());
            own.put(section, section.reader().apply(inner));
            inner.finish();
        }
        return Map.copyOf(own);
    }
}
