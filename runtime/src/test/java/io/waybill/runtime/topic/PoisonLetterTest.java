package io.waybill.runtime.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DeadLetter.Poison;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PoisonLetterTest {
    /** Of a producer, unless somebody sets it otherwise. */
    private static final int LARGEST_REQUEST = 1 << 20;
    private static final int RECORD_OVERHEAD = 128;

    private final Topics topics = Topics.from(
            new TopicSettings("waybill.", 12, 24, (short) 3), DomainSerdes.of(new InMemorySchemaRegistry()));

    @Test
    void shouldKeepARecordAsItWas() {
        var headers = new RecordHeaders().add("a", new byte[] {1}).add("b", null);

        Poison letter = PoisonLetter.of(
                Instant.EPOCH, "events-0@7", new byte[] {1}, new byte[] {2}, headers, "no Avro");

        assertThat(letter.key()).containsExactly(1);
        assertThat(letter.value()).containsExactly(2);
        assertThat(letter.headers()).containsEntry("a", "AQ==").containsEntry("b", "");
        assertThat(letter.reason()).isEqualTo("no Avro");
    }

    @Test
    void shouldTakeWhatIsNotThereForEmpty() {
        Poison letter = PoisonLetter.of(Instant.EPOCH, "events-0@7", null, null, new RecordHeaders(), "no value");

        assertThat(letter.key()).isEmpty();
        assertThat(letter.value()).isEmpty();
    }

    @Test
    void shouldStaySmallEnoughToBeWrittenAndSayWhatIsCut() {
        var headers = new RecordHeaders().add("small", new byte[1]).add("huge", new byte[100_000]);

        Poison letter = PoisonLetter.of(
                Instant.EPOCH, "events-0@7", new byte[1], new byte[2_000_000], headers, "x".repeat(100_000));

        assertThat(letter.value()).hasSize(PoisonLetter.LARGEST_VALUE);
        assertThat(letter.headers()).containsOnlyKeys("small");
        assertThat(letter.reason().length()).isLessThan(13_000);
        assertThat(letter.reason()).contains("2000000 bytes", "headers from 'huge' on are left out");
    }

    /** As large as a producer sends at most, whatever the parts are made of. */
    @ParameterizedTest
    @MethodSource("headers")
    void shouldFitIntoARecordWhateverTheHeadersAre(Headers headers) {
        Poison letter = PoisonLetter.of(
                Instant.EPOCH, "events-0@7", new byte[20_000], new byte[790_000], headers, "\u8ca8".repeat(20_000));

        var record = topics.deadLetters().record(letter.key(), letter);
        assertThat(record.key().length + record.value().length).isLessThan(LARGEST_REQUEST - RECORD_OVERHEAD);
    }

    static Stream<Headers> headers() {
        var many = new RecordHeaders();
        IntStream.range(0x3400, 0xd7a4).forEach(name -> many.add(Character.toString(name), null));
        return Stream.of(new RecordHeaders().add("\u8ca8".repeat(65_000), null), many);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x"})
    void shouldNotHalveACharacterOfAReasonThatIsCut(String before) {
        String faces = before + "\ud83d\ude00".repeat(50_000);

        Poison letter = PoisonLetter.of(Instant.EPOCH, "events-0@7", null, null, new RecordHeaders(), faces);

        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(letter.reason())).isTrue();
    }
}
