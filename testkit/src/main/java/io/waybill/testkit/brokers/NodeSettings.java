package io.waybill.testkit.brokers;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * What Kafka reads about a node.
 *
 * @param voters the nodes of the quorum, as {@code controller.quorum.voters}
 * @param more   take precedence
 */
record NodeSettings(int id, NodePorts ports, String voters, Map<String, String> more) {
    Properties properties(Path data) {
        var properties = new Properties();
        properties.putAll(identity(data));
        properties.putAll(durability());
        properties.putAll(promptness());
        properties.putAll(economy());
        properties.putAll(more);
        return properties;
    }

    private Map<String, String> identity(Path data) {
        return Map.of(
                "process.roles", "broker,controller",
                "node.id", Integer.toString(id),
                "log.dirs", data.toString(),
                "controller.listener.names", "CONTROLLER",
                "controller.quorum.voters", voters,
                "listeners",
                "PLAINTEXT://127.0.0.1:" + ports.client() + ",CONTROLLER://127.0.0.1:" + ports.controller(),
                "advertised.listeners", "PLAINTEXT://127.0.0.1:" + ports.client(),
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    }

    /** As the documents ask for it: nothing acknowledged is lost with one node. */
    private static Map<String, String> durability() {
        return Map.of(
                "default.replication.factor", "3",
                "min.insync.replicas", "2",
                "offsets.topic.replication.factor", "3",
                "transaction.state.log.replication.factor", "3",
                "transaction.state.log.min.isr", "2",
                "share.coordinator.state.topic.replication.factor", "3",
                "share.coordinator.state.topic.min.isr", "2",
                "auto.create.topics.enable", "false");
    }

    /** A dead node is noticed within seconds, as its default of nine, and group members sooner than their default. */
    private static Map<String, String> promptness() {
        return Map.of(
                "group.initial.rebalance.delay.ms", "0",
                "group.consumer.min.session.timeout.ms", "1000",
                "group.consumer.session.timeout.ms", "6000",
                "group.consumer.min.heartbeat.interval.ms", "100",
                "group.consumer.heartbeat.interval.ms", "1000",
                "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    }

    /** Three nodes share the memory and the two processors of a machine. */
    private static Map<String, String> economy() {
        return Map.ofEntries(
                Map.entry("offsets.topic.num.partitions", "5"),
                Map.entry("transaction.state.log.num.partitions", "5"),
                Map.entry("share.coordinator.state.topic.num.partitions", "2"),
                Map.entry("offsets.topic.segment.bytes", "4194304"),
                Map.entry("transaction.state.log.segment.bytes", "4194304"),
                Map.entry("log.segment.bytes", "16777216"),
                Map.entry("log.index.size.max.bytes", "131072"),
                Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"),
                Map.entry("num.replica.fetchers", "1"),
                Map.entry("group.coordinator.threads", "1"),
                Map.entry("num.recovery.threads.per.data.dir", "1"));
    }
}
