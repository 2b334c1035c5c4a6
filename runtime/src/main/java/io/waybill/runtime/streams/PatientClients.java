package io.waybill.runtime.streams;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/**
 * Kafka's clients for Streams, of which the main consumer waits longer for records after a while without any. Streams asks it
 * ten times a second ({@code poll.ms}), which keeps an idle machine busy. A record ends the wait at
 * once; only ticks come late, by {@link #LONGEST} at most. A larger {@code poll.ms} would hold up the last decisions of a load
 * as well, because Streams commits between two polls. Any thread; each consumer has its own.
 */
final class PatientClients extends DefaultKafkaClientSupplier {
    /** How late a tick may be on an idle machine. */
    static final Duration LONGEST = Duration.ofMillis(500);

    /** Much longer than any commit interval, so that nothing waits for a commit when the long waits begin. */
    static final Duration LONG_WITHOUT_RECORDS = Duration.ofSeconds(5);

    private final ProcessClock clock;

    PatientClients(ProcessClock clock) {
        this.clock = clock;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new PatientConsumer(config, new Patience(clock));
    }

    /** How long one consumer waits. One thread. */
    static final class Patience {
        private final ProcessClock clock;
        private long lastRecord;

        Patience(ProcessClock clock) {
            this.clock = clock;
            lastRecord = clock.nanos();
        }

        /** A caller that would not wait at all has other work. */
        Duration wait(Duration asked) {
            boolean quiet = !asked.isZero() && clock.since(lastRecord).compareTo(LONG_WITHOUT_RECORDS) >= 0;
            return quiet && asked.compareTo(LONGEST) < 0 ? LONGEST : asked;
        }

        void received(int records) {
            if (records > 0) {
                lastRecord = clock.nanos();
            }
        }
    }

    private static final class PatientConsumer extends KafkaConsumer<byte[], byte[]> {
        private final Patience patience;

        PatientConsumer(Map<String, Object> config, Patience patience) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.patience = patience;
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration asked) {
            ConsumerRecords<byte[], byte[]> records = super.poll(patience.wait(asked));
            patience.received(records.count());
            return records;
        }
    }
}
