package io.waybill.state.query;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.state.index.GroupKey;
import io.waybill.state.table.HistoryEntry;
import io.waybill.state.table.HistoryKey;
import io.waybill.state.table.StateTopology;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The stores of a running Kafka Streams client. */
final class RunningStores implements LocalStores {
    private final Supplier<Optional<KafkaStreams>> streams;

    RunningStores(Supplier<Optional<KafkaStreams>> streams) {
        this.streams = streams;
    }

    @Override
    public List<Partition> partitions() {
        KafkaStreams running =
                streams.get().orElseThrow(() -> new TableNotReadyException("the state-processor has not started"));
        // In any other state a partition may be missing among those that this instance can read, and its files would
        // seem unknown.
        if (running.state() != KafkaStreams.State.RUNNING) {
            throw new TableNotReadyException("the state-processor is " + running.state());
        }
        return running.metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .map(task -> task.taskId().partition())
                .distinct()
                .<Partition>map(partition -> new RunningPartition(running, partition))
                .toList();
    }

    private record RunningPartition(KafkaStreams streams, int number) implements Partition {
        @Override
        public ReadOnlyKeyValueStore<FileId, FileState> files() {
            return store(StateTopology.FILES);
        }

        @Override
        public ReadOnlyKeyValueStore<HistoryKey, HistoryEntry> history() {
            return store(StateTopology.HISTORY);
        }

        @Override
        public ReadOnlyKeyValueStore<GroupKey, byte[]> groups() {
            return store(StateTopology.GROUPS);
        }

        private <K, V> ReadOnlyKeyValueStore<K, V> store(String name) {
            return streams.store(StoreQueryParameters.fromNameAndType(
                    name, QueryableStoreTypes.<K, V>keyValueStore())
                    .withPartition(number));
        }
    }
}
