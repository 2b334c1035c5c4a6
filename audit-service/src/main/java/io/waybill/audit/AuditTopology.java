package io.waybill.audit;

import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.audit.SigningKey;
import io.waybill.runtime.topic.Topics;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Makes the topology:
 *
 * <pre>
 *   audit-entries --> chain-entries [head] --> audit
 * </pre>
 */
final class AuditTopology implements Supplier<Topology> {
    /** The end of the chain of each partition, and how far it was read. Kafka Streams makes a topic name from this name. Do not change it. */
    static final String HEAD = "head";

    /** All of them; Kafka Streams keeps them in topics, too. */
    static final List<String> STORES = List.of(HEAD);

    private static final String SOURCE = "audit-entries";
    private static final String CHAIN = "chain-entries";
    private static final String TO_AUDIT = "to-audit";

    private final Topics topics;
    private final Optional<SigningKey> key;
    private final AuditMetrics metrics;

    /**
     * @param key signs checkpoints; empty if nobody does
     */
    AuditTopology(Topics topics, Optional<SigningKey> key, AuditMetrics metrics) {
        this.topics = topics;
        this.key = key;
        this.metrics = metrics;
    }

    @Override
    public Topology get() {
        var topology = new Topology();
        topology.addSource(
                SOURCE,
                topics.auditEntries().key().deserializer(),
                topics.auditEntries().value().deserializer(),
                topics.auditEntries().name());
        topology.addProcessor(CHAIN, new ChainSupplier(), SOURCE);
        topology.addSink(
                TO_AUDIT,
                topics.audit().name(),
                topics.audit().key().serializer(),
                topics.audit().value().serializer(),
                // The partition of a chain, whatever the key of its record: a checkpoint has the same key in each.
                (StreamPartitioner<String, AuditRecord>) (_, _, record, _) -> Optional
                        .of(Set.of(record.link().partition())),
                CHAIN);
        return topology;
    }

    /** Supplies the processor together with the store that only it uses. */
    private final class ChainSupplier implements ProcessorSupplier<String, AuditEntry, String, AuditRecord> {
        @Override
        public Processor<String, AuditEntry, String, AuditRecord> get() {
            return new ChainProcessor(key, metrics);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore(HEAD), Serdes.Integer(), ChainProgressText.serde()));
        }
    }
}
