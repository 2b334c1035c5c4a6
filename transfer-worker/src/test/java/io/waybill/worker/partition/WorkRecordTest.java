package io.waybill.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.TransferWork;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topic.Cleanup;
import io.waybill.runtime.topic.Topic.Layout;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

/** Records of work that cannot be read, for whatever reason. */
final class WorkRecordTest {
    private static final ConsumerRecord<byte[], byte[]> RECORD = new ConsumerRecord<>(
            "transfer-work", 0, 7, "acme#1".getBytes(StandardCharsets.US_ASCII), new byte[] {1});

    private static Topic<String, TransferWork> throwing(RuntimeException e) {
        return new Topic<>(
                "transfer-work",
                Serdes.String(),
                Serdes.serdeFrom((_, _) -> new byte[0], (_, _) -> {
                    throw e;
                }),
                new Layout(1, "workPartitions", new Cleanup.Kept()));
    }

    @Test
    void shouldTakeWhateverIsThrownForPoison() {
        assertThat(WorkRecord.read(throwing(new SerializationException("no Avro")), RECORD))
                .isEqualTo(new WorkRecord.Garbled("no Avro"));
        assertThat(WorkRecord.read(throwing(new ClassCastException("of another build")), RECORD))
                .isInstanceOfSatisfying(
                        WorkRecord.Garbled.class, garbled -> assertThat(garbled.reason()).contains("another build"));
    }

    @Test
    void shouldBlameNoRecordForARegistryThatIsAway() {
        var wrapped = new SerializationException("cannot read", new TimeoutException("no answer"));

        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> WorkRecord.read(throwing(wrapped), RECORD));
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> WorkRecord.read(throwing(new TimeoutException("no answer")), RECORD));
    }
}
