package io.waybill.devstack.servers;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The directory and the ports of a stack. A port of 0 means any free port; each start chooses it again.
 *
 * @param dataDir            all state; the stack makes it if it does not exist
 * @param registryApp        the unpacked schema registry application
 * @param notificationsTopic the topic in which the store announces objects
 * @param flushEveryMessage  makes Kafka safe against power cuts, at a price; see {@link EmbeddedKafka}
 */
public record StackSettings(
        Path dataDir,
        Path registryApp,
        int kafkaPort,
        int s3Port,
        int sftpPort,
        int registryPort,
        String notificationsTopic,
        boolean flushEveryMessage) {

    public StackSettings {
        Objects.requireNonNull(dataDir, "dataDir");
        Objects.requireNonNull(registryApp, "registryApp");
        Objects.requireNonNull(notificationsTopic, "notificationsTopic");
    }

    /** The documented ports: Kafka 9092, S3 9000, SFTP 2022, schema registry 8081. */
    public static StackSettings standard(Path dataDir, Path registryApp) {
        return new StackSettings(dataDir, registryApp, 9092, 9000, 2022, 8081, "waybill.s3-notifications", false);
    }

    /** Free ports for everything, so that several stacks can run in parallel. */
    public static StackSettings anyPorts(Path dataDir, Path registryApp) {
        return standard(dataDir, registryApp).withPorts(0, 0, 0, 0);
    }

    public StackSettings withPorts(int kafka, int s3, int sftp, int registry) {
        return new StackSettings(
                dataDir, registryApp, kafka, s3, sftp, registry, notificationsTopic, flushEveryMessage);
    }

    public StackSettings withNotificationsTopic(String topic) {
        return new StackSettings(
                dataDir, registryApp, kafkaPort, s3Port, sftpPort, registryPort, topic, flushEveryMessage);
    }

    public StackSettings withFlushEveryMessage(boolean flush) {
        return new StackSettings(
                dataDir, registryApp, kafkaPort, s3Port, sftpPort, registryPort, notificationsTopic, flush);
    }
}
