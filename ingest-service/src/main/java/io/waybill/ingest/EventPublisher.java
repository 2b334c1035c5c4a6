package io.waybill.ingest;

import io.waybill.runtime.kafka.FencingGuard;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events and offsets in one transaction, so both become visible together or not at all. After a failure the
 * caller calls {@link #open}. When it has returned, no transaction is open and the outcome is settled. The caller then
 * asks the group for its offsets. For one thread.
 */
final class EventPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final BooleanSupplier closing;
    private final FencingGuard fencing;
    private @Nullable Producer<byte[], byte[]> producer;

    /**
     * @param producers gives a new transactional producer, always with the same transactional id
     * @param closing   whether to stop trying
     * @param fencing   the guard of that transactional id
     */
    EventPublisher(
            Supplier<Producer<byte[], byte[]>> producers, BooleanSupplier closing, FencingGuard fencing) {
        this.producers = producers;
        this.closing = closing;
        this.fencing = fencing;
    }

    /**
     * Makes a producer if there is none. This ends every transaction that an earlier producer of the same id left open.
     */
    void open() {
        if (producer == null) {
            Producer<byte[], byte[]> fresh = producers.get();
            try {
                fresh.initTransactions();
                producer = fresh;
            } finally {
                if (producer == null) {
                    fresh.close(Duration.ZERO);
                }
            }
        }
    }

    /**
     * Returns when Kafka has committed everything.
     *
     * @param next     only partitions that this instance owned under this membership
     * @param metadata the membership, captured together with the owned partitions
     * @throws KafkaException                                      if Kafka is not known to have committed
     * @throws io.waybill.runtime.config.BadConfigurationException if another instance has the id of this instance
     */
    void publish(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> next,
            ConsumerGroupMetadata metadata) {
        if (producer == null) {
            throw new IllegalStateException("open() comes before publish()");
        }
        Producer<byte[], byte[]> open = producer;
        try {
            fencing.begin();
            open.beginTransaction();
            for (ProducerRecord<byte[], byte[]> record : records) {
                // If a send fails, the commit fails too. So nothing reads the answer of the send.
                var _ = open.send(record);
            }
            open.sendOffsetsToTransaction(next, metadata);
            commit(open);
        } catch (KafkaException e) {
            abort(open, e);
            throw e;
        }
    }

    private void commit(Producer<byte[], byte[]> open) {
        while (true) {
            try {
                open.commitTransaction();
                return;
            } catch (TimeoutException e) {
                // The commit may be under way. It must not be aborted; it may only be repeated.
                if (closing.getAsBoolean()) {
                    discard();
                    throw e;
                }
                LOG.atWarn().addKeyValue("failure", e.getMessage())
                        .log("A commit got no answer in time; ingest repeats it");
            }
        }
    }

    private void abort(Producer<byte[], byte[]> open, KafkaException cause) {
        if (producer == null) {
            return;
        }
        if (cause instanceof InterruptException) {
            discard();
            return;
        }
        try {
            open.abortTransaction();
        } catch (KafkaException e) {
            // The producer is fenced or beyond repair. The next producer of this id learns the outcome and ends the
            // transaction.
            cause.addSuppressed(e);
            discard();
            fencing.failed(List.of(cause, e));
        }
    }

    private void discard() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    @Override
    public void close() {
        discard();
    }
}
