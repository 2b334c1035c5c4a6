package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlEncodedKeyTest {
    @Property(seed = "4711")
    void shouldGiveBackWhateverWasEncoded(@ForAll("keys") String key) {
        assertThat(UrlEncodedKey.decoded(URLEncoder.encode(key, StandardCharsets.UTF_8))).isEqualTo(key);
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.strings().ofMaxLength(60).filter(StandardCharsets.UTF_8.newEncoder()::canEncode);
    }

    @Test
    void shouldLetUnencodedLettersPass() {
        assertThat(UrlEncodedKey.decoded("Größe/ä+%2b😀")).isEqualTo("Größe/ä +😀");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "a%2", "%zz", "%+1", "%ff", "%c3", "%c0%80", "\ud800"})
    void shouldRefuseWhatIsNoEncoding(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> UrlEncodedKey.decoded(text));
    }
}
