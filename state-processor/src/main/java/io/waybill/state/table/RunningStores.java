package io.waybill.state.table;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The stores of a client that runs. */
final class RunningStores implements LocalStores {
    private final Supplier<Optional<KafkaStreams>> streams;

    RunningStores(Supplier<Optional<KafkaStreams>> streams) {
        this.streams = streams;
    }

    @Override
    public List<ReadOnlyKeyValueStore<FileId, FileState>> files() {
        return stores(StateTopology.FILES);
    }

    @Override
    public List<ReadOnlyKeyValueStore<HistoryKey, HistoryEntry>> histories() {
        return stores(StateTopology.HISTORY);
    }

    private <K, V> List<ReadOnlyKeyValueStore<K, V>> stores(String name) {
        KafkaStreams running =
                streams.get().orElseThrow(() -> new TableNotReadyException("the state-processor has not started"));
        // In any other state a partition may be missing among those that can be asked, and its files would seem unknown.
        if (running.state() != KafkaStreams.State.RUNNING) {
            throw new TableNotReadyException("the state-processor is " + running.state());
        }
        try {
            return running.metadataForLocalThreads().stream()
                    .flatMap(thread -> thread.activeTasks().stream())
                    .map(task -> task.taskId().partition())
                    .distinct()
                    .map(partition -> running.store(StoreQueryParameters.fromNameAndType(
                            name, QueryableStoreTypes.<K, V>keyValueStore())
                            .withPartition(partition)))
                    .toList();
        } catch (InvalidStateStoreException e) {
            throw new TableNotReadyException("a partition of the table is on its way to another instance", e);
        }
    }
}
