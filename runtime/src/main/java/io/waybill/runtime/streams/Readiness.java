package io.waybill.runtime.streams;

import io.waybill.runtime.service.Health;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;

/**
 * Whether a Kafka Streams client is ready: it runs, has tasks, and has once caught up with its input. The state alone
 * is not enough, because a client without any task also reports RUNNING. Lag alone would take a client out of service
 * just when there is most to do.
 */
final class Readiness {
    private static final long CAUGHT_UP_RECORDS = 1_000;

    private volatile boolean caughtUp;

    /** The health of a client; asks no broker. */
    Health of(KafkaStreams streams) {
        KafkaStreams.State state = streams.state();
        return switch (state) {
            case RUNNING -> running(streams.metadataForLocalThreads());
            case CREATED, REBALANCING -> Health.starting("Kafka Streams is " + state);
            case PENDING_ERROR, PENDING_SHUTDOWN, NOT_RUNNING, ERROR -> Health.down("Kafka Streams is " + state);
        };
    }

    private Health running(Set<ThreadMetadata> threads) {
        int tasks = threads.stream()
                .mapToInt(thread -> thread.activeTasks().size() + thread.standbyTasks().size())
                .sum();
        if (tasks == 0) {
            return Health.starting("no partition is assigned");
        }
        long lag = threads.stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .mapToLong(Readiness::lag)
                .sum();
        if (!caughtUp && lag > CAUGHT_UP_RECORDS) {
            return Health.starting(lag + " records behind");
        }
        caughtUp = true;
        return Health.UP;
    }

    private static long lag(TaskMetadata task) {
        long lag = 0;
        for (TopicPartition partition : task.topicPartitions()) {
            // Looked up one by one: the maps belong to the stream thread, and iterating over them would race with it.
            Long end = task.endOffsets().get(partition);
            Long committed = task.committedOffsets().get(partition);
            if (end != null && committed != null) {
                lag += Math.max(0, end - Math.max(0, committed));
            }
        }
        return lag;
    }
}
