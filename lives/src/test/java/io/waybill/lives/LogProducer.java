package io.waybill.lives;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.KafkaMetric;

/** A transactional producer of a worker. */
final class LogProducer implements Producer<byte[], byte[]> {
    /** After so many milliseconds the coordinator aborts an open transaction, and fences its producer. */
    private static final long TIMEOUT = 60_000;

    /** Markers that come later than this are the subject of an outage, not of a lost answer. */
    private static final long LATEST = 120_000;

    private final World world;
    private final Worker worker;
    private final String id;
    private final Log.Identity identity;
    private int epoch = -1;
    private boolean broken;
    private Log.Transaction transaction;

    LogProducer(World world, Worker worker, String id) {
        this.world = world;
        this.worker = worker;
        this.id = id;
        this.identity = world.log().identity(id);
    }

    @Override
    public void initTransactions() {
        world.brokerCall(worker, "init " + id);
        epoch = ++identity.epoch;
        while (identity.current != null && identity.current.open()) {
            if (identity.current.state() == Log.State.PREPARED) {
                // The coordinator finishes it first.
                world.kernel().sleep(500);
            } else {
                world.log().end(identity.current, Log.State.ABORTED);
            }
        }
    }

    @Override
    public void beginTransaction() {
        check();
        transaction = new Log.Transaction();
        identity.current = transaction;
        Log.Transaction begun = transaction;
        world.kernel().after(TIMEOUT, () -> {
            if (begun.state() == Log.State.OPEN) {
                identity.epoch++;
                world.log().end(begun, Log.State.ABORTED);
            }
        });
    }

    private void check() {
        if (broken) {
            throw new KafkaException("the producer is in a fatal state");
        }
        if (epoch != identity.epoch && !world.mischief().does(Mutation.NOBODY_IS_FENCED)) {
            throw new ProducerFencedException("there is a newer producer of the id " + id);
        }
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        check();
        Log.Partition partition = world.partitionOf(record);
        world.log().append(transaction, partition, record.key(), record.value());
        world.noteIndexed(record);
        world.written(worker, record);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void flush() {
        world.brokerCall(worker, "flush");
        check();
        if (transaction.stuck()) {
            world.kernel().sleep(30_000);
            throw new TimeoutException("a partition is offline");
        }
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata metadata) {
        world.brokerCall(worker, "offsets");
        check();
        boolean known = world.group().current(metadata.memberId(), metadata.generationId());
        if (!known && !world.mischief().does(Mutation.NOBODY_IS_FENCED)) {
            throw new CommitFailedException("the member or its epoch is not known");
        }
    }

    @Override
    public void commitTransaction() {
        world.brokerCall(worker, "commit");
        check();
        if (!transaction.open()) {
            return;
        }
        Fault fault = world.faults().next(Fault.Point.COMMIT);
        if (fault == null) {
            commit();
            return;
        }
        world.story().tell(worker.name(), "commit: " + fault.kind());
        switch (fault.kind()) {
            case ABORTED -> throw new KafkaException("the transaction must be aborted");
            case TIMED_OUT -> throw new TimeoutException("no answer in time");
            case UNKNOWN_COMMITTED -> {
                commit();
                fail();
            }
            case UNKNOWN_COMMITTED_LATER -> {
                Log.Transaction late = transaction;
                world.log().prepare(late);
                world.kernel().after(Math.min(fault.millis(), LATEST), () -> {
                    world.story().tell("broker", "the prepared transaction is committed");
                    world.log().end(late, Log.State.COMMITTED);
                });
                fail();
            }
            case UNKNOWN_ABORTED -> fail();
            case CRASH_AFTER_COMMIT -> {
                commit();
                world.workers().crash(worker, fault.millis());
            }
            default -> throw new AssertionError(fault);
        }
    }

    private void commit() {
        world.log().end(transaction, Log.State.COMMITTED);
    }

    private void fail() {
        broken = true;
        throw new KafkaException("the answer to the commit was lost");
    }

    @Override
    public void abortTransaction() {
        world.brokerCall(worker, "abort");
        check();
        world.log().end(transaction, Log.State.ABORTED);
    }

    @Override
    public void close() {
        broken = true;
    }

    @Override
    public void close(Duration timeout) {
        close();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.of();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw new UnsupportedOperationException();
    }
}
