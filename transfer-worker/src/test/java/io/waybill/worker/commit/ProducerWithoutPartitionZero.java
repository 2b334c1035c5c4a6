package io.waybill.worker.commit;

import io.waybill.worker.HandClock;
import java.time.Duration;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A producer whose brokers cannot write partition 0, and take 40 s to say so. */
final class ProducerWithoutPartitionZero extends MockProducer<byte[], byte[]> {
    private final HandClock clock;
    private boolean refused;

    ProducerWithoutPartitionZero(HandClock clock) {
        super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        this.clock = clock;
    }

    @Override
    public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        refused |= record.topic().equals("transfer-ledger") && record.partition() == 0;
        return super.send(record);
    }

    @Override
    public synchronized void flush() {
        if (refused) {
            clock.pass(Duration.ofSeconds(40));
            throw new KafkaException("the partition has no leader");
        }
        super.flush();
    }

    @Override
    public void abortTransaction() {
        refused = false;
        super.abortTransaction();
    }
}
