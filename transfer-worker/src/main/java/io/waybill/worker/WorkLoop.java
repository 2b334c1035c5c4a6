package io.waybill.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Polls for work and hands it out, for as long as transfers take: a partition that is too far ahead of its position is
 * paused, and the polling goes on. One thread, except {@link #requestBeginAgain}.
 */
final class WorkLoop {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Assignments assignments;
    private final Handler handler;
    private final Runnable settle;
    private final long span;
    private final AtomicBoolean beginAgain = new AtomicBoolean();

    /**
     * @param settle hands out what is to be settled; does not wait
     * @param span   how many offsets of a partition may be read ahead of its position, give or take one poll
     */
    WorkLoop(
            Consumer<byte[], byte[]> consumer, Assignments assignments, Handler handler, Runnable settle, long span) {
        this.consumer = consumer;
        this.assignments = assignments;
        this.handler = handler;
        this.settle = settle;
        this.span = span;
    }

    /** Takes a record into work; does not wait for it. */
    @FunctionalInterface
    interface Handler {
        void handle(ConsumerRecord<byte[], byte[]> record, PartitionProgress progress);
    }

    /** Makes the loop forget what is not committed and read it again. Any thread. */
    void requestBeginAgain() {
        beginAgain.set(true);
    }

    /** Polls once, and hands out what came. */
    void turn() {
        if (beginAgain.getAndSet(false)) {
            assignments.beginAgain();
        }
        assignments.takeOver();
        settle.run();
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        assignments.capture();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            @Nullable PartitionProgress progress =
                    assignments.of(new TopicPartition(record.topic(), record.partition()));
            if (progress != null && progress.begin(record.offset())) {
                handler.handle(record, progress);
            }
        }
        records.nextOffsets().forEach((partition, next) -> {
            PartitionProgress progress = assignments.of(partition);
            if (progress != null) {
                progress.readUpTo(next.offset());
            }
        });
        holdBack();
    }

    /** Pauses what is far ahead, and resumes it when half of that is worked off. */
    private void holdBack() {
        for (PartitionProgress progress : assignments.all()) {
            boolean paused = consumer.paused().contains(progress.partition());
            if (!paused && progress.ahead() >= span) {
                consumer.pause(List.of(progress.partition()));
            } else if (paused && progress.ahead() <= span / 2) {
                consumer.resume(List.of(progress.partition()));
            }
        }
    }
}
