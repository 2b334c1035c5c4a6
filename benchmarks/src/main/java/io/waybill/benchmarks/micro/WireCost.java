package io.waybill.benchmarks.micro;

import io.waybill.benchmarks.KnownSchemas;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.runtime.wire.DomainSerdes;
import org.apache.kafka.common.serialization.Serde;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Records of Kafka, from the domain's types to bytes and back, with a registry that knows the schemas. */
@State(Scope.Benchmark)
public class WireCost {
    private static final String TOPIC = "topic";

    private final DomainSerdes serdes = DomainSerdes.of(new KnownSchemas());
    private final Serde<FileEvent> events = serdes.fileEvent();
    private final Serde<FileState> states = serdes.fileState();
    private final FileEvent event = LifecycleCost.life().getLast();
    private final FileState state = LifecycleCost.delivered();
    private final byte[] eventBytes = events.serializer().serialize(TOPIC, event);
    private final byte[] stateBytes = states.serializer().serialize(TOPIC, state);

    @Benchmark
    public byte[] writeEvent() {
        return events.serializer().serialize(TOPIC, event);
    }

    @Benchmark
    public FileEvent readEvent() {
        return events.deserializer().deserialize(TOPIC, eventBytes);
    }

    @Benchmark
    public byte[] writeState() {
        return states.serializer().serialize(TOPIC, state);
    }

    @Benchmark
    public FileState readState() {
        return states.deserializer().deserialize(TOPIC, stateBytes);
    }
}
