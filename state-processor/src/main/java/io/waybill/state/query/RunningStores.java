package io.waybill.state.query;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.state.index.GroupKey;
import io.waybill.state.table.FilePartition;
import io.waybill.state.table.HistoryEntry;
import io.waybill.state.table.HistoryKey;
import io.waybill.state.table.StateTopology;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The stores of a running Kafka Streams client. */
final class RunningStores implements LocalStores {
    private final Supplier<Optional<KafkaStreams>> streams;
    private final int filePartitions;

    /**
     * @param filePartitions how many partitions the table has
     */
    RunningStores(Supplier<Optional<KafkaStreams>> streams, int filePartitions) {
        this.streams = streams;
        this.filePartitions = filePartitions;
    }

    @Override
    public List<Partition> partitions() {
        KafkaStreams running = running();
        return numbers(running)
                .<Partition>map(partition -> new RunningPartition(running, partition))
                .toList();
    }

    @Override
    public boolean own(FileId id) {
        int wanted = FilePartition.of(id, filePartitions);
        return numbers(running()).anyMatch(number -> number == wanted);
    }

    private KafkaStreams running() {
        KafkaStreams running =
                streams.get().orElseThrow(() -> new TableNotReadyException("the state-processor has not started"));
        // In any other state a partition may be missing among those that this instance can read, and its files would
        // seem unknown.
        if (running.state() != KafkaStreams.State.RUNNING) {
            throw new TableNotReadyException("the state-processor is " + running.state());
        }
        return running;
    }

    private static Stream<Integer> numbers(KafkaStreams running) {
        return running.metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .map(task -> task.taskId().partition())
                .distinct();
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
