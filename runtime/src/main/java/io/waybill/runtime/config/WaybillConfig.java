package io.waybill.runtime.config;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.runtime.config.files.ConfigFiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The whole configuration, checked: the parts that several services read, and the sections of single services. Immutable.
 *
 * @param kafka        settings for every Kafka client, by Kafka's own names; has at least bootstrap.servers
 * @param serde        settings for the Avro serializer and deserializer, by Confluent's names; has schema.registry.url
 * @param destinations in the order of the file
 * @param routes       in the order of the file; each names a destination that exists
 * @param shutdown     how a process stops
 * @param own          the settings of single services by their sections; {@link #of} returns them typed
 * @param token        what commands log in with at the HTTP API: a reference to a secret, or the secret itself
 * @param exposed      warnings of files with secrets that others than their owners can read
 * @param origin       the files that it was read from; empty if it was read from text
 */
public record WaybillConfig(
        Map<String, String> kafka,
        Map<String, String> serde,
        TopicSettings topics,
        S3Settings s3,
        Map<DestinationName, DestinationConfig> destinations,
        Map<RouteName, Route> routes,
        HttpSettings http,
        StreamsSettings streams,
        ShutdownSettings shutdown,
        Map<OwnSection<?>, Object> own,
        Optional<String> token,
        List<ConfigWarning> exposed,
        Optional<ConfigFiles.Origin> origin) {

    /** A configuration that refers to no file. */
    public WaybillConfig(
            Map<String, String> kafka,
            Map<String, String> serde,
            TopicSettings topics,
            S3Settings s3,
            Map<DestinationName, DestinationConfig> destinations,
            Map<RouteName, Route> routes,
            HttpSettings http,
            StreamsSettings streams,
            Map<OwnSection<?>, Object> own) {
        this(kafka, serde, topics, s3, destinations, routes, http, streams, ShutdownSettings.DEFAULT, own,
                Optional.empty(), List.of(), Optional.empty());
    }

    /**
     * @param prefix         what every topic's name begins with
     * @param filePartitions partitions of the topics keyed by file; for life
     * @param workPartitions partitions of transfer-work: the largest useful number of workers; for life
     * @param replication    copies of each partition
     */
    public record TopicSettings(String prefix, int filePartitions, int workPartitions, short replication) {
        /** The consumer group of all workers. */
        public String workerGroup() {
            return prefix + "transfer-worker";
        }
    }

    /**
     * @param endpoint         empty for AWS itself
     * @param accessKey        empty to use the default chain of the AWS SDK; there if and only if secretKey is
     * @param notificationKeys how the store writes keys in its notifications
     */
    public record S3Settings(
            Optional<URI> endpoint,
            String region,
            boolean pathStyle,
            Optional<Secret> accessKey,
            Optional<Secret> secretKey,
            NotificationKeys notificationKeys) {
        /** The settings of a client, which reads no notifications. */
        public S3Settings(
                Optional<URI> endpoint,
                String region,
                boolean pathStyle,
                Optional<Secret> accessKey,
                Optional<Secret> secretKey) {
            this(endpoint, region, pathStyle, accessKey, secretKey, NotificationKeys.AUTO);
        }
    }

    /** How the store writes object keys in its notifications. */
    public enum NotificationKeys {
        /**
         * As the dialect of the notification says. If the store does not have the decoded key, ingest also asks for the
         * key as it stands.
         */
        AUTO,
        /** URL-encoded, as AWS does. */
        ENCODED,
        /** As they are. */
        RAW
    }

    /**
     * @param port       0 to take a free one
     * @param advertised where other instances reach this process, HOST or HOST:PORT; empty: where it listens
     * @param hosts      further names, without ports, at which clients may reach the API
     * @param access     who may use it
     * @param tls        how it is encrypted, and whom this process trusts when it calls others
     */
    public record HttpSettings(
            String host,
            int port,
            Optional<String> advertised,
            List<String> hosts,
            AccessSettings access,
            TlsSettings tls) {
        private static final Pattern LOOPBACK =
                Pattern.compile("(?i)localhost|127(\\.\\d{1,3}){3}|\\[?(::1|(0{1,4}:){7}0{0,3}1)]?");

        public HttpSettings {
            hosts = List.copyOf(hosts);
        }

        /** Whether only this machine reaches it, as far as the text of the host tells. */
        public boolean loopback() {
            return loopback(host);
        }

        /** Whether a host without a port is this machine, as far as its text tells. */
        public static boolean loopback(String host) {
            return LOOPBACK.matcher(host).matches();
        }

        /** The host at which other instances reach the process; empty: where it listens. */
        public Optional<String> advertisedHost() {
            return advertised.map(HttpSettings::hostOf);
        }

        /** The host of an authority, without the port and the brackets of an address. */
        static String hostOf(String authority) {
            return authority.replaceFirst(":[0-9]{1,5}$", "").replace("[", "").replace("]", "");
        }

        /** An endpoint without TLS. */
        public HttpSettings(
                String host, int port, Optional<String> advertised, List<String> hosts, AccessSettings access) {
            this(host, port, advertised, hosts, access, TlsSettings.NONE);
        }

        /** What the addresses of it begin with. */
        public String scheme() {
            return tls.server().isPresent() ? "https" : "http";
        }

        /** An endpoint without a login. */
        public HttpSettings(String host, int port, Optional<String> advertised, List<String> hosts) {
            this(host, port, advertised, hosts, AccessSettings.UNSAID);
        }

        /** An endpoint without a login that is reached where it listens, and at no further name. */
        public HttpSettings(String host, int port) {
            this(host, port, Optional.empty(), List.of());
        }
    }

    /**
     * TLS of the HTTP endpoint. The files were good when the configuration was read, and may change later.
     *
     * @param server empty if it speaks plain HTTP
     * @param ca     whose certificates this process and commands trust at other instances; empty: those that the platform
     *               trusts
     */
    public record TlsSettings(Optional<TlsFiles> server, Optional<Path> ca) {
        public static final TlsSettings NONE = new TlsSettings(Optional.empty(), Optional.empty());
    }

    /**
     * Who this process is to those that call it.
     *
     * @param certificate its own first, then those that signed it
     * @param password    of the key; empty if it is not encrypted
     * @param clientCa    who must have signed the certificate of a caller; empty if callers need none
     */
    public record TlsFiles(
            Path certificate, Path privateKey, Optional<Secret> password, Optional<Path> clientCa) {}

    /**
     * @param stateDirectory  where Kafka Streams keeps its stores; must outlive a restart for a quick start
     * @param instanceId      this process's name among its peers, the same after a restart
     * @param internalMetrics whether the metrics of Kafka Streams are shown, too
     */
    public record StreamsSettings(
            Path stateDirectory,
            String instanceId,
            int standbyReplicas,
            int threads,
            Duration commitInterval,
            boolean internalMetrics) {
        /** Settings that show Waybill's own metrics only. */
        public StreamsSettings(
                Path stateDirectory, String instanceId, int standbyReplicas, int threads, Duration commitInterval) {
            this(stateDirectory, instanceId, standbyReplicas, threads, commitInterval, false);
        }
    }

    /**
     * How a process stops.
     *
     * @param patience from the request to the end of the process
     */
    public record ShutdownSettings(Duration patience) {
        public static final ShutdownSettings DEFAULT = new ShutdownSettings(Duration.ofSeconds(10));

        /** What the process needs after its services have ended. */
        private static final Duration FOR_THE_PROCESS = Duration.ofSeconds(2);

        /** What the process needs after the files in flight have ended: mostly to hand its partitions over. */
        private static final Duration AFTER_FILES = Duration.ofSeconds(7);

        /** How long services may take to stop. */
        public Duration services() {
            return without(FOR_THE_PROCESS, 2);
        }

        /** How long files in flight may take to end. */
        public Duration files() {
            return without(AFTER_FILES, 7);
        }

        /** How long requests in flight may take to be answered, before the service that answers them stops. */
        public Duration requests() {
            return services().dividedBy(2);
        }

        /** The patience without a reserve, which takes at most so many tenths of it. */
        private Duration without(Duration reserve, int tenths) {
            Duration most = patience.multipliedBy(tenths).dividedBy(10);
            return patience.minus(most.compareTo(reserve) < 0 ? most : reserve);
        }
    }

    /**
     * Returns the settings that a service made of its own section.
     *
     * @throws IllegalArgumentException if the configuration was read without that section
     */
    @SuppressWarnings("unchecked") // The section's own reader made them.
    public <T> T of(OwnSection<T> section) {
        Object settings = own.get(section);
        if (settings == null) {
            throw new IllegalArgumentException(
                    "the configuration was read without '" + section.keys().name() + "'");
        }
        return (T) settings;
    }

    /** Settings that are allowed but may not be intended; those of single routes first, in the order of the file. */
    public List<ConfigWarning> warnings() {
        return Stream.of(
                exposed.stream(),
                destinations.values().stream().flatMap(destination -> ConfigWarning.ofAlgorithms(destination)
                        .stream()),
                routes.values().stream().flatMap(route -> ConfigWarning.ofPaths(route).stream()),
                ConfigWarning.ofRoutes(routes.values()).stream(),
                ConfigWarning.ofHttp(http).stream())
                .flatMap(warnings -> warnings)
                .toList();
    }

    /** Names only: the settings for libraries hold secrets. */
    @Override
    public String toString() {
        return "WaybillConfig[destinations=" + destinations.keySet() + ", routes=" + routes.keySet() + "]";
    }

    /**
     * Reads a configuration.
     *
     * @param file     or a directory, whose files with names that end with {@code .yaml} are read as one
     * @param sections the sections of single services; any other section is an unknown key
     * @throws BadConfigurationException with every fault found
     */
    public static WaybillConfig load(Path file, Overrides overrides, List<OwnSection<?>> sections) {
        ConfigFiles files = YamlFile.files(file);
        Node.Section root = YamlFile.merged(files, ConfigurationKeys.root(sections));
        return ConfigReader.read(root, overrides, sections, Optional.of(files.origin()));
    }

    /**
     * Reads a configuration from text.
     *
     * @param name     the name of the text in messages
     * @param sections the sections of single services; any other section is an unknown key
     * @throws BadConfigurationException with every fault found
     */
    public static WaybillConfig parse(
            String name, String yaml, Overrides overrides, List<OwnSection<?>> sections) {
        return ConfigReader.read(YamlFile.parse(name, yaml), overrides, sections, Optional.empty());
    }
}
