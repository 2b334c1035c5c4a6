package io.waybill.testkit.brokers;

import io.waybill.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * Three Kafka nodes, each broker and controller, as a small installation has them: a record is acknowledged by two, and
 * one node may be lost. Nodes are named 1, 2 and 3. The class path of the test must have Kafka's broker.
 *
 * <p>One thread starts and closes the cluster. Nodes may be killed and started by any thread, one at a time each.
 */
@SuppressWarnings("try") // close() may be interrupted, and says so
public final class BrokerCluster implements AutoCloseable {
    private static final int NODES = 3;

    /** What a single node cannot have twice. */
    private static final Map<String, String> ALONE = Map.of(
            "default.replication.factor", "1",
            "min.insync.replicas", "1",
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1");

    private final List<BrokerNode> nodes;

    private BrokerCluster(List<BrokerNode> nodes) {
        this.nodes = nodes;
    }

    /** Starts all nodes; returns at once, since a client waits for those it needs. */
    public static BrokerCluster start(Path directory) throws IOException, InterruptedException {
        return start(directory, Map.of());
    }

    /**
     * The same, with settings that take precedence over those of this class.
     *
     * @param directory new, or that of a cluster before, which goes on
     */
    public static BrokerCluster start(Path directory, Map<String, String> settings)
            throws IOException, InterruptedException {
        var directories = IntStream.rangeClosed(1, NODES).mapToObj(id -> directory.resolve("node-" + id)).toList();
        return start(directories, settings);
    }

    /** A single node, for a test that loses none. */
    public static BrokerCluster startOne(Path directory) throws IOException, InterruptedException {
        return start(List.of(directory), Map.of());
    }

    /** The same, with a directory for each node, which may lie on file systems of their own; one is enough. */
    public static BrokerCluster start(List<Path> directories, Map<String, String> given)
            throws IOException, InterruptedException {
        var settings = new HashMap<String, String>(directories.size() == 1 ? ALONE : Map.of());
        settings.putAll(given);
        var ports = directories.stream().map(_ -> new NodePorts(FreePort.find(), FreePort.find())).toList();
        String voters = IntStream.range(0, directories.size())
                .mapToObj(i -> (i + 1) + "@127.0.0.1:" + ports.get(i).controller())
                .collect(Collectors.joining(","));
        String cluster = Uuid.randomUuid().toString();
        var nodes = new ArrayList<BrokerNode>();
        for (int i = 0; i < directories.size(); i++) {
            var ofNode = new NodeSettings(i + 1, ports.get(i), voters, settings);
            nodes.add(BrokerNode.prepared(directories.get(i), cluster, ofNode));
        }
        var brokers = new BrokerCluster(List.copyOf(nodes));
        try {
            for (BrokerNode node : nodes) {
                node.start();
            }
        } catch (IOException | RuntimeException e) {
            brokers.close();
            throw e;
        }
        return brokers;
    }

    /** The value for {@code bootstrap.servers}: all nodes. */
    public String bootstrapServers() {
        return nodes.stream().map(BrokerNode::address).collect(Collectors.joining(","));
    }

    /** A node by its id, from 1. */
    public BrokerNode node(int id) {
        return nodes.get(id - 1);
    }

    public List<BrokerNode> nodes() {
        return nodes;
    }

    /** Kills what still runs: nothing reads the directories again. */
    @Override
    public void close() throws InterruptedException {
        for (BrokerNode node : nodes) {
            node.kill();
        }
    }
}
