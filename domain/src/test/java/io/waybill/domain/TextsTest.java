package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
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
            "'a\u200bb', 'a\\u200bb'",
            "'a\u00adb', 'a\\u00adb'",
            "'\ufeffa', '\\ufeffa'",
            "'a\u200d\u200cb', 'a\\u200d\\u200cb'",
            "'a\u2060b', 'a\\u2060b'",
            "'a\u00a0b\u202fc', 'a\\u00a0b\\u202fc'",
            "'a\u3164b', 'a\\u3164b'",
            "'a\ufe0fb', 'a\\ufe0fb'",
            "'\udb40\udc41a', '\\udb40\\udc41a'",
            "'\ud800', '\\ud800'",
    })
    void shouldShowWhatWouldActOnATerminal(String text, String shown) {
        assertThat(Texts.printable(text)).isEqualTo(shown);
        assertThat(Texts.printable(shown)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.csv", "\u00dcbersicht 2026.pdf", "\u8acb\u6c42\u66f8",
            "\ud83d\udc68", "e\u0301", "\u8acb\u3000\u6c42", "a\\b"})
    void shouldLeaveNamesAsTheyAre(String text) {
        assertThat(Texts.printable(text)).isEqualTo(text);
    }

    /** Two names that differ never look the same. */
    @Test
    void shouldTellAnEscapeFromABackslashOfTheName() {
        List<String> names = List.of("a\nb", "a\\nb", "a\\\\nb", "a\\\nb", "a\u200bb", "a\\u200bb", "a\\", "a\\\\");

        assertThat(names.stream().map(Texts::exact))
                .doesNotHaveDuplicates()
                .startsWith("a\\nb", "a\\\\nb")
                .allMatch(shown -> Texts.printable(shown).equals(shown));
        assertThat(Texts.exact("invoices/a.csv")).isEqualTo("invoices/a.csv");
    }
}
