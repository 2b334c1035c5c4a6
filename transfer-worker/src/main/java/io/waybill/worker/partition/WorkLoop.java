package io.waybill.worker.partition;

import io.waybill.runtime.kafka.MemberPoll;
import io.waybill.runtime.time.Pause;
import io.waybill.runtime.topic.PoisonLetter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls for work and hands it out, however long transfers take. It reads a record again later if its lane has no room, and
 * pauses a partition that holds back too much, while it continues to poll. One thread, except {@link #requestBeginAgain}.
 */
public final class WorkLoop {
    private static final Logger LOG = LoggerFactory.getLogger(WorkLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** Records end it at once. What else is due besides them may wait so long if nothing is under way. */
    private static final Duration POLL_WHILE_IDLE = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final Consumer<byte[], byte[]> consumer;
    private final MemberPoll<byte[], byte[]> member;
    private final Assignments assignments;
    private final Handler handler;
    private final Runnable handOut;
    private final Pause pause;
    private final AtomicBoolean beginAgain = new AtomicBoolean();
    private boolean holdsBack;

    /**
     * @param handOut hands out everything that is due besides the records; does not wait
     */
    public WorkLoop(
            Consumer<byte[], byte[]> consumer,
            Assignments assignments,
            Handler handler,
            Runnable handOut,
            Pause pause) {
        this.consumer = consumer;
        this.member = new MemberPoll<>(consumer, pause);
        this.assignments = assignments;
        this.handler = handler;
        this.handOut = handOut;
        this.pause = pause;
    }

    /** Takes a record as work; does not wait for the result. */
    @FunctionalInterface
    public interface Handler {
        void handle(ConsumerRecord<byte[], byte[]> record, PartitionProgress progress);
    }

    /** Makes the loop forget what is not committed and read it again. Any thread. */
    public void requestBeginAgain() {
        beginAgain.set(true);
    }

    /** Polls once and hands out the records. */
    public void turn() throws InterruptedException {
        if (beginAgain.getAndSet(false)) {
            assignments.beginAgain();
        }
        assignments.takeOver();
        handOut.run();
        ConsumerRecords<byte[], byte[]> records = poll();
        assignments.capture();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            @Nullable PartitionProgress progress =
                    assignments.of(new TopicPartition(record.topic(), record.partition()));
            if (progress != null && progress.begin(record.offset(), WorkRecord.lane(record))) {
                handle(record, progress);
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

    /** Polls once and takes no record, so that the group does not wait for a worker that is stopping. */
    public void stay() {
        consumer.pause(consumer.assignment());
        var _ = consumer.poll(Duration.ZERO);
        assignments.capture();
    }

    private void handle(ConsumerRecord<byte[], byte[]> record, PartitionProgress progress) {
        try {
            handler.handle(record, progress);
        } catch (RuntimeException e) {
            if (PoisonLetter.blames(e) || e instanceof InterruptException) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("failure", e.toString())
                    .log("A record cannot be read now, since the schema registry gives no schema; it is read again");
            progress.end();
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() throws InterruptedException {
        try {
            return pollOnce();
        } catch (InvalidOffsetException e) {
            endThoseOf(e);
            return ConsumerRecords.empty();
        }
    }

    /**
     * Ends the assignments of partitions whose records were deleted before they were done, or lost with a broker. The
     * ledgers of these partitions are read again, and say whether the worker may take anything from them. Other partitions
     * continue.
     */
    private void endThoseOf(InvalidOffsetException lost) {
        List<PartitionProgress> concerned = assignments.all().stream()
                .filter(progress -> lost.partitions().contains(progress.partition()))
                .toList();
        if (concerned.isEmpty()) {
            throw lost;
        }
        LOG.atWarn()
                .addKeyValue("partitions", lost.partitions())
                .addKeyValue("failure", lost.toString())
                .log("Records are not where they should be; the ledgers are read again");
        concerned.forEach(PartitionProgress::end);
    }

    private ConsumerRecords<byte[], byte[]> pollOnce() throws InterruptedException {
        if (!holdsBack) {
            return member.poll(assignments.idle() ? POLL_WHILE_IDLE : POLL);
        }
        // If it holds records of a paused partition, Kafka's consumer does not wait but spins (KAFKA-21084).
        pause.take(PAUSE);
        return consumer.poll(Duration.ZERO);
    }

    /** Reads records that were held back and have room now, and pauses partitions that hold back too much. */
    private void holdBack() {
        holdsBack = false;
        for (PartitionProgress progress : assignments.all()) {
            TopicPartition partition = progress.partition();
            progress.seek().ifPresent(offset -> consumer.seek(partition, offset));
            boolean paused = consumer.paused().contains(partition);
            boolean full = progress.full(paused);
            if (full && !paused) {
                consumer.pause(List.of(partition));
            } else if (paused && !full) {
                consumer.resume(List.of(partition));
            }
            holdsBack |= full;
        }
    }
}
