package io.waybill.runtime.config;

import io.waybill.runtime.config.WaybillConfig.NotificationKeys;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The keys that several services read. This class declares those that serve all destinations and routes. */
public final class ConfigurationKeys {
    static final Key<String> BOOTSTRAP_SERVERS = Key.required(
            "bootstrap.servers", KeyType.TEXT, "Addresses of brokers as `host:port`, separated by commas.");

    static final Section KAFKA = Section.free(
            "kafka", "Settings for every Kafka client, by Kafka's own names.", BOOTSTRAP_SERVERS);

    static final Key<String> REGISTRY_URL = Key.required(
            "schema.registry.url",
            KeyType.TEXT,
            "One or several addresses of the schema registry, separated by commas.");

    /**
     * Settings of the Avro serdes, by Confluent's names. They are at the top level of the file, as in Confluent's
     * clients.
     */
    static final List<Key<?>> SERDE = List.of(
            REGISTRY_URL,
            Key.optional(
                    "basic.auth.credentials.source",
                    KeyType.TEXT,
                    "`NONE`",
                    "`USER_INFO` logs in at the registry with `basic.auth.user.info`."),
            Key.optional("basic.auth.user.info", KeyType.SECRET, "", "The registry's `user:password`."),
            Key.optional(
                    "auto.register.schemas",
                    KeyType.LIBRARY_FLAG,
                    "`true`",
                    "Whether a schema that the registry does not know is registered."),
            Key.optional(
                    "schema.registry.ssl.truststore.location",
                    KeyType.TEXT,
                    "the platform's",
                    "The trust store that says which registry to trust."),
            Key.optional("schema.registry.ssl.truststore.type",
                    KeyType.TEXT,
                    "`PKCS12`",
                    "The trust store's format; `PEM` for a file of certificates."),
            Key.optional(
                    "schema.registry.ssl.truststore.password", KeyType.SECRET, "", "The trust store's password."),
            Key.optional(
                    "avro.serializer.class", KeyType.TEXT, "ours", "Another serializer, such as Confluent's.")
                    .see("wire-format.md#another-serde"),
            Key.optional(
                    "avro.deserializer.class", KeyType.TEXT, "ours", "Another deserializer, such as Confluent's.")
                    .see("wire-format.md#another-serde"));

    static final Key<String> TOPIC_PREFIX =
            Key.of("prefix", KeyType.TEXT, "waybill.", "What every topic's name begins with.");

    static final Key<Integer> FILE_PARTITIONS = Key.of(
            "filePartitions", KeyType.number(1, 1024), 12, "Partitions of topics keyed by file; for life.");

    static final Key<Integer> WORK_PARTITIONS = Key.of(
            "workPartitions",
            KeyType.number(1, 1024),
            24,
            "Partitions of `transfer-work`, the largest useful number of workers; for life.");

    static final Key<Integer> REPLICATION = Key.of(
            "replication", KeyType.number(1, 9), 3, "Copies of each partition, when Waybill creates a topic.");

    static final Section TOPICS = Section.fixed(
            "topics", "Waybill's topics.", TOPIC_PREFIX, FILE_PARTITIONS, WORK_PARTITIONS, REPLICATION);

    static final Key<URI> S3_ENDPOINT = Key.optional(
            "endpoint",
            KeyType.text("address", ConfigurationKeys::httpUri, "^https?://[^/\\s]+"),
            "AWS",
            "The address of another store.");

    static final Key<String> S3_REGION = Key.of(
            "region",
            KeyType.TEXT,
            "us-east-1",
            "Where a bucket is looked for first; a store that names another region for it is asked there.");

    static final Key<Boolean> S3_PATH_STYLE = Key.optional(
            "pathStyle",
            KeyType.FLAG,
            "`true` with an endpoint",
            "Whether the bucket stands in the path instead of the host name.");

    static final Key<Secret> S3_ACCESS_KEY =
            Key.optional("accessKey", KeyType.SECRET, "the AWS SDK's default chain", "The access key's id.");

    static final Key<Secret> S3_SECRET_KEY = Key.optional(
            "secretKey", KeyType.SECRET, "the AWS SDK's default chain", "The secret that belongs to the access key.");

    static final Key<NotificationKeys> S3_NOTIFICATION_KEYS = Key.of(
            "notificationKeys",
            KeyType.oneOf(NotificationKeys.class),
            NotificationKeys.AUTO,
            "How the store writes keys in its notifications; `auto` goes by the dialect, and asks for the key as it stands"
                    + " if the store does not have the decoded one.")
            .see("notifications.md#keys");

    static final Section S3 = Section.fixed(
            "s3",
            "The object store.",
            S3_ENDPOINT,
            S3_REGION,
            S3_PATH_STYLE,
            S3_ACCESS_KEY,
            S3_SECRET_KEY,
            S3_NOTIFICATION_KEYS);

    static final Key<Secret> TOKEN = Key.optional(
            "token",
            KeyType.SECRET,
            "none",
            "What commands log in with at the HTTP API; services do not read it.")
            .see("http-api.md#login");

    static final Key<Path> STATE_DIRECTORY = Key.of(
            "stateDirectory",
            KeyType.text("path", Path::of),
            Path.of("data/streams"),
            "The directory for the stores of state-processor, timeout-monitor and audit-service.");

    static final Key<String> INSTANCE_ID = Key.of(
            "instanceId",
            KeyType.TEXT,
            "waybill-1",
            "This process among its like, the same after a restart.")
            .see("#names-of-processes");

    static final Key<Integer> STANDBY_REPLICAS = Key.of(
            "standbyReplicas", KeyType.number(0, 9), 1, "Copies of each store on other instances.");

    static final Key<Integer> THREADS =
            Key.of("threads", KeyType.number(1, 64), 1, "Stream threads of each of these services.");

    static final Key<Duration> COMMIT_INTERVAL = Key.of(
            "commitInterval",
            KeyType.POSITIVE_DURATION,
            Duration.ofMillis(100),
            "How long decisions are collected under load; while there are few, each is committed, and so seen, at"
                    + " once.");

    static final Key<Boolean> INTERNAL_METRICS = Key.of(
            "internalMetrics",
            KeyType.FLAG,
            false,
            "Whether `/metrics` also shows the metrics of Kafka Streams, some thousand lines under names that change"
                    + " with each start.");

    static final Section STREAMS = Section.fixed(
            "streams",
            "The state-processor, the timeout-monitor and the audit-service.",
            STATE_DIRECTORY,
            INSTANCE_ID,
            STANDBY_REPLICAS,
            THREADS,
            COMMIT_INTERVAL,
            INTERNAL_METRICS);

    static final Key<Duration> PATIENCE = Key.of(
            "patience",
            KeyType.POSITIVE_DURATION,
            Duration.ofSeconds(10),
            "How long a process may take from SIGTERM to its end.")
            .see("processes.md#stop");

    static final Section SHUTDOWN = Section.fixed("shutdown", "How a process stops.", PATIENCE);

    private ConfigurationKeys() {}

    /**
     * The whole file.
     *
     * @param own the sections of single services; they follow the shared ones
     */
    public static Section root(List<OwnSection<?>> own) {
        var entries = new ArrayList<SectionEntry>();
        entries.add(KAFKA);
        entries.addAll(SERDE);
        entries.addAll(
                List.of(
                        TOPICS,
                        S3,
                        DestinationKeys.SECTION,
                        DestinationKeys.CALENDARS,
                        RouteKeys.SECTION,
                        HttpKeys.SECTION,
                        TOKEN,
                        STREAMS,
                        SHUTDOWN));
        own.forEach(section -> entries.add(section.keys()));
        return new Section(
                "", Section.Kind.FIXED, "The configuration of all services of Waybill.", List.copyOf(entries),
                List.of());
    }

    private static URI httpUri(String text) {
        if (!text.matches("https?://[^/\\s]+.*")) {
            throw new IllegalArgumentException("expected an http or https address, was '" + text + "'");
        }
        return URI.create(text);
    }
}
