package io.waybill.devstack.servers;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before a broker starts, evicts the broker that ran in its directory before and was killed.
 *
 * <p>A broker that starts believes that it leads all partitions that its killed predecessor led, until the controller
 * has seen that it is another broker. Its coordinators begin their work, lose it a moment later, and get it again. In
 * between, the coordinators of Kafka 4.3.1 may drop the markers of transactions, because
 * {@code TransactionMarkerChannelManager} takes a partition without a leader for a deleted one. Those transactions then
 * hang for ever. The coordinators may also forget to evict members of groups that are gone. Therefore the controller
 * first runs alone, until it has fenced the former broker. Then the new broker leads nothing before it is ready.
 */
final class StaleBrokerEviction {
    private static final Logger LOG = LoggerFactory.getLogger(StaleBrokerEviction.class);

    /** The file that a broker leaves behind if it stopped in order. */
    private static final String CLEAN = ".kafka_cleanshutdown";

    /**
     * The former broker is certainly dead, because this process holds the directory's lock. So there is no need to wait
     * for its heartbeats.
     */
    private static final Map<String, String> NO_PATIENCE =
            Map.of("broker.session.timeout.ms", "1000", "broker.heartbeat.interval.ms", "400");

    private static final int MOST_LOOKS = 500;
    private static final long PAUSE_MILLIS = 20;

    private final Path directory;
    private final Map<String, String> settings;
    private final int controllerPort;

    /**
     * @param settings of broker and controller together
     */
    StaleBrokerEviction(Path directory, Map<String, String> settings, int controllerPort) {
        this.directory = directory;
        this.settings = settings;
        this.controllerPort = controllerPort;
    }

    /** Whether a broker ran here and did not stop in order. */
    boolean isNeeded() {
        return Files.exists(directory.resolve("__cluster_metadata-0")) && !Files.exists(directory.resolve(CLEAN));
    }

    /**
     * Returns when the former broker leads nothing any more. If that takes ten seconds, returns without that, and the
     * start continues as Kafka's own would.
     */
    void evict() {
        var alone = new KafkaRaftServer(
                KafkaConfig.fromProps(EmbeddedKafka.asProperties(controllerSettings())), Time.SYSTEM);
        alone.startup();
        try {
            for (int looks = 0; !isFenced(); looks++) {
                if (looks == MOST_LOOKS) {
                    LOG.atWarn().log("The controller did not fence the former broker in time");
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS); // allow sleep: between two looks at the controller
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            alone.shutdown();
        }
    }

    /** Only the controller's metrics show this. The requests that controllers answer do not mention fenced brokers. */
    private static boolean isFenced() {
        try {
            Object count = ManagementFactory.getPlatformMBeanServer()
                    .getAttribute(
                            new ObjectName(
                                    "kafka.controller:type=KafkaController,name=FencedBrokerCount"),
                            "Value");
            return count instanceof Number number && number.intValue() > 0;
        } catch (JMException e) {
            return false;
        }
    }

    private Map<String, String> controllerSettings() {
        var controller = new HashMap<>(settings);
        controller.keySet().removeAll(Set.of("advertised.listeners", "inter.broker.listener.name"));
        controller.put("process.roles", "controller");
        controller.put("listeners", "CONTROLLER://127.0.0.1:" + controllerPort);
        controller.putAll(NO_PATIENCE);
        return controller;
    }
}
