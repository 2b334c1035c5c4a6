package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TextsTest {
    @ParameterizedTest
    @CsvSource({
            "'a\nb', 'a\\nb'",
            "'a\r\nb', 'a\\r\\nb'",
            "'a\tb', 'a\\tb'",
            "'\u001b[2J', '\\u001b[2J'",
            "'\u009b2J', '\\u009b2J'",
            "'a\u007f', 'a\\u007f'",
            "'a\u202egnp.exe', 'a\\u202egnp.exe'",
            "'\u2066a\u2069', '\\u2066a\\u2069'",
            "'a\u2028b', 'a\\u2028b'",
    })
    void shouldShowWhatWouldActOnATerminal(String text, String shown) {
        assertThat(Texts.printable(text)).isEqualTo(shown);
        assertThat(Texts.printable(shown)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.csv", "\u00dcbersicht 2026.pdf", "\u8acb\u6c42\u66f8",
            "\ud83d\udc68\u200d\ud83d\udc69", "a\\b"})
    void shouldLeaveNamesAsTheyAre(String text) {
        assertThat(Texts.printable(text)).isEqualTo(text);
    }
}
