package io.waybill.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.domain.DeadLetter.Poison;
import io.waybill.runtime.CaughtLogs;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PoisonHandlerTest {
    @RegisterExtension
    final CaughtLogs warnings = CaughtLogs.of(PoisonHandler.class);

    private static final ConsumerRecord<byte[], byte[]> RECORD =
            new ConsumerRecord<>("events", 3, 7, new byte[] {1}, new byte[] {2});

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Topics topics = Topics.from(
            new TopicSettings("waybill.", 12, 24, (short) 3), DomainSerdes.of(new InMemorySchemaRegistry()));
    private final PoisonHandler handler = new PoisonHandler();

    @BeforeEach
    void configure() {
        handler.configure(Map.of(
                PoisonHandler.DESTINATION,
                new PoisonHandler.Destination("a-service", topics.deadLetters(), meters, () -> Instant.EPOCH)));
    }

    @Test
    void shouldWriteALetterAndGoOn() {
        var response = handler.handleError(null, RECORD, new SerializationException("no Avro"));

        assertThat(response.result()).isEqualTo(Result.RESUME);
        assertThat(response.deadLetterQueueRecords()).singleElement().satisfies(record -> {
            assertThat(record.topic()).isEqualTo("waybill.dead-letters");
            assertThat(record.key()).containsExactly(1);
            Poison letter =
                    (Poison) topics.deadLetters().value().deserializer().deserialize(record.topic(), record.value());
            assertThat(letter.origin()).isEqualTo("events-3@7");
            assertThat(letter.reason()).isEqualTo("no Avro");
        });
        assertThat(meters.get("waybill.records.unreadable").counter().count()).isOne();
    }

    @Test
    void shouldNotTakeARegistryThatIsDownForPoison() {
        var wrapped = new SerializationException("cannot read", new TimeoutException("no answer"));

        assertThat(handler.handleError(null, RECORD, wrapped).result()).isEqualTo(Result.FAIL);
        assertThat(handler.handleError(null, RECORD, new TimeoutException("no answer"))
                .result())
                .isEqualTo(Result.FAIL);
    }
}
