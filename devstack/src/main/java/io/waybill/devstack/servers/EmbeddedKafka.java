package io.waybill.devstack.servers;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * One real Kafka broker in this JVM. It is also its own KRaft controller.
 *
 * <p>Its logs are in the directory. A restart, also after a kill, finds the same cluster id, topics, records and
 * offsets. The broker acknowledges a record before the record is on the disk, as Kafka does everywhere. So a killed
 * process loses nothing, but a power cut may lose records, unless {@code flushEveryMessage} is set.
 *
 * <p>The broker never creates a topic implicitly. One thread starts and closes it. Any thread may use the started
 * broker.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final int NODE_ID = 1;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

    private final Path dir;
    private final int wantedPort;
    private final boolean flushEveryMessage;
    private final Listeners listeners;
    private @Nullable KafkaRaftServer server;
    private int port;

    /** How clients reach the broker, and who they are. */
    public interface Listeners {
        /** Everybody on this machine, without encryption. */
        Listeners OPEN = port -> Map.of(
                "listeners", "PLAINTEXT://127.0.0.1:" + port,
                "advertised.listeners", "PLAINTEXT://127.0.0.1:" + port,
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT",
                "inter.broker.listener.name", "PLAINTEXT");

        /**
         * The settings of the broker for its listeners; that of the controller is added.
         *
         * @param port of the listener that {@link EmbeddedKafka#bootstrapServers} names
         */
        Map<String, String> settings(int port);

        /** The users that exist from the first start, as {@code kafka-storage.sh} takes them. */
        default List<String> users() {
            return List.of();
        }
    }

    /**
     * @param dir               holds the logs; the broker makes it if it does not exist
     * @param port              of the clients' listener, or 0 for a free one
     * @param flushEveryMessage whether to fsync each record before the broker acknowledges it: safe against power cuts,
     *                          and several times slower
     */
    public EmbeddedKafka(Path dir, int port, boolean flushEveryMessage) {
        this(dir, port, flushEveryMessage, Listeners.OPEN);
    }

    /** The same, with other listeners. */
    public EmbeddedKafka(Path dir, int port, boolean flushEveryMessage, Listeners listeners) {
        this.dir = Objects.requireNonNull(dir, "dir");
        this.wantedPort = port;
        this.flushEveryMessage = flushEveryMessage;
        this.listeners = listeners;
    }

    /**
     * Formats the directory if it is new. Returns when the broker serves clients.
     *
     * @throws IOException if the directory cannot be used
     */
    public void start() throws IOException {
        port = Ports.resolve(wantedPort);
        // The controller's port may differ at each start. With a static quorum it is only in this configuration and
        // never in the log, so nothing remembers the old port.
        int controllerPort = Ports.resolve(0);
        Files.createDirectories(dir);
        format();
        var eviction = new StaleBrokerEviction(dir, settings(controllerPort), controllerPort);
        if (eviction.isNeeded()) {
            eviction.evict();
        }
        var starting = new KafkaRaftServer(KafkaConfig.fromProps(asProperties(settings(controllerPort))), Time.SYSTEM);
        server = starting;
        starting.startup();
    }

    /** The value for {@code bootstrap.servers}. Valid after the start. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /**
     * Stops the broker cleanly, normally in well under three seconds. Broker and controller stop on their own thread.
     * If that takes more than 20 seconds, close returns and leaves them to the end of the process. The next start then
     * recovers the logs as after a kill.
     */
    @Override
    public void close() {
        var stopping = server;
        server = null;
        if (stopping == null) {
            return;
        }
        var closer = Thread.ofPlatform().daemon().name("embedded-kafka-close").start(stopping::shutdown);
        try {
            closer.join(CLOSE_LIMIT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void format() throws IOException {
        if (Files.exists(dir.resolve("meta.properties"))) {
            return; // the cluster id of the first start stays
        }
        var formatter = new Formatter()
                .setNodeId(NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(dir.toString())
                .addDirectory(dir.toString())
                .setScramArguments(listeners.users())
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()));
        try {
            formatter.run();
        } catch (IOException unusable) {
            throw unusable;
        } catch (Exception broken) {
            throw new IOException("cannot format the Kafka directory " + dir, broken);
        }
    }

    private Map<String, String> settings(int controllerPort) {
        var settings = new LinkedHashMap<String, String>();
        settings.putAll(identity(controllerPort));
        settings.putAll(listeners.settings(port));
        settings.merge("listeners", "CONTROLLER://127.0.0.1:" + controllerPort, (some, more) -> some + "," + more);
        settings.merge("listener.security.protocol.map", "CONTROLLER:PLAINTEXT", (some, more) -> some + "," + more);
        settings.putAll(singleNode());
        settings.putAll(promptness());
        settings.putAll(economy());
        if (flushEveryMessage) {
            settings.put("log.flush.interval.messages", "1");
        }
        return settings;
    }

    private Map<String, String> identity(int controllerPort) {
        return Map.of(
                "process.roles", "broker,controller",
                "node.id", Integer.toString(NODE_ID),
                "log.dirs", dir.toString(),
                "controller.listener.names", "CONTROLLER",
                "controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
    }

    private static Map<String, String> singleNode() {
        return Map.of(
                "default.replication.factor", "1",
                "min.insync.replicas", "1",
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "auto.create.topics.enable", "false");
    }

    /**
     * With these settings a restart after a kill takes only seconds, because no part waits long for a killed one. The
     * broker itself need not wait, thanks to {@link StaleBrokerEviction}. So its session has Kafka's usual length, which a
     * busy machine needs.
     */
    private static Map<String, String> promptness() {
        return Map.of(
                // The one that is patient: on a busy machine the broker's first minute may be over before it is known.
                "initial.broker.registration.timeout.ms", "600000",
                "group.initial.rebalance.delay.ms", "0",
                "group.min.session.timeout.ms", "1000",
                "group.consumer.min.session.timeout.ms", "1000",
                "group.consumer.session.timeout.ms", "6000",
                "group.consumer.min.heartbeat.interval.ms", "100",
                "group.consumer.heartbeat.interval.ms", "1000",
                "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    }

    /** Small internal topics, indexes and buffers, because the broker shares the heap and disk of a laptop. */
    private static Map<String, String> economy() {
        return Map.ofEntries(
                Map.entry("offsets.topic.num.partitions", "5"),
                Map.entry("transaction.state.log.num.partitions", "5"),
                Map.entry("share.coordinator.state.topic.num.partitions", "2"),
                Map.entry("offsets.topic.segment.bytes", "4194304"),
                Map.entry("transaction.state.log.segment.bytes", "4194304"),
                Map.entry("metadata.log.segment.bytes", "8388608"),
                // No records that say nothing: the broker would write and sync two a second, for others of a quorum.
                Map.entry("metadata.max.idle.interval.ms", "0"),
                Map.entry("log.segment.bytes", "16777216"),
                Map.entry("log.index.size.max.bytes", "131072"),
                Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"),
                Map.entry("group.coordinator.threads", "1"),
                Map.entry("num.recovery.threads.per.data.dir", "2"));
    }

    static Properties asProperties(Map<String, String> settings) {
        var properties = new Properties();
        properties.putAll(settings);
        return properties;
    }
}
