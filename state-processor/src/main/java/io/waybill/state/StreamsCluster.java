package io.waybill.state;

import io.waybill.domain.FileId;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.state.http.Cluster;
import io.waybill.state.query.TableNotReadyException;
import io.waybill.state.table.StateTopology;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/** Finds the other instances through the metadata that Kafka Streams shares among its members. */
final class StreamsCluster implements Cluster {
    private final Supplier<Optional<KafkaStreams>> streams;
    private final Serializer<FileId> ids;
    private final HttpSettings http;
    private volatile Optional<HostInfo> self = Optional.empty();

    /**
     * @param http the address where this instance listens
     */
    StreamsCluster(Supplier<Optional<KafkaStreams>> streams, Serializer<FileId> ids, HttpSettings http) {
        this.streams = streams;
        this.ids = ids;
        this.http = http;
    }

    /**
     * Finds the address at which other instances reach this one. Returns the Kafka Streams setting with that address,
     * or no setting if no instance can reach this one.
     */
    Map<String, String> join() {
        self = reachable(http);
        return self.map(host -> Map.of(StreamsConfig.APPLICATION_SERVER_CONFIG, host.host() + ":" + host.port()))
                .orElse(Map.of());
    }

    /**
     * The address at which other instances reach an endpoint: the advertised one, if there is one. If the endpoint
     * listens on every address, it is the address that this machine reports for its own name. If the endpoint takes any
     * free port, no instance reaches it, and it answers only for its own partitions.
     */
    static Optional<HostInfo> reachable(HttpSettings http) {
        String advertised = http.advertised().orElse("");
        int colon = advertised.lastIndexOf(':');
        boolean withPort = colon > advertised.lastIndexOf(']');
        int port = withPort ? Integer.parseInt(advertised.substring(colon + 1)) : http.port();
        if (port == 0) {
            return Optional.empty();
        }
        if (!advertised.isEmpty()) {
            String host = withPort ? advertised.substring(0, colon) : advertised;
            return Optional.of(new HostInfo(host.replace("[", "").replace("]", ""), port));
        }
        boolean everywhere = http.host().equals("0.0.0.0") || http.host().equals("::");
        return Optional.of(new HostInfo(everywhere ? ownAddress() : http.host(), port));
    }

    private static String ownAddress() {
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            // If the machine has no address for its own name, other instances cannot use that name either.
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }

    @Override
    public Optional<URI> owner(FileId id) {
        Optional<HostInfo> here = self;
        if (here.isEmpty()) {
            return Optional.empty();
        }
        KeyQueryMetadata metadata = running().queryMetadataForKey(StateTopology.FILES, id, ids);
        if (metadata == null || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
            throw new TableNotReadyException("the partitions of the table are being assigned");
        }
        return metadata.activeHost().equals(here.get()) ? Optional.empty() : Optional.of(uri(metadata.activeHost()));
    }

    @Override
    public List<URI> others() {
        Optional<HostInfo> here = self;
        if (here.isEmpty()) {
            return List.of();
        }
        return running().streamsMetadataForStore(StateTopology.FILES).stream()
                .filter(member -> !member.topicPartitions().isEmpty())
                .map(member -> member.hostInfo())
                .filter(host -> !host.equals(here.get()) && !host.equals(HostInfo.unavailable()))
                .distinct()
                .map(this::uri)
                .toList();
    }

    private KafkaStreams running() {
        KafkaStreams running =
                streams.get().orElseThrow(() -> new TableNotReadyException("the state-processor has not started"));
        if (!running.state().isRunningOrRebalancing()) {
            throw new TableNotReadyException("the state-processor is " + running.state());
        }
        return running;
    }

    private URI uri(HostInfo host) {
        String name = host.host().indexOf(':') >= 0 ? "[" + host.host() + "]" : host.host();
        return URI.create(http.scheme() + "://" + name + ":" + host.port());
    }
}
