package io.waybill.runtime.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DeadLetter.Poison;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PoisonLetterTest {
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

    @ParameterizedTest
    @ValueSource(strings = {"", "x"})
    void shouldNotHalveACharacterOfAReasonThatIsCut(String before) {
        String faces = before + "\ud83d\ude00".repeat(50_000);

        Poison letter = PoisonLetter.of(Instant.EPOCH, "events-0@7", null, null, new RecordHeaders(), faces);

        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(letter.reason())).isTrue();
    }
}
