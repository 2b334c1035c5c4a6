package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NameFoldingTest {
    private static final DestinationName ACME = new DestinationName("acme");

    @ParameterizedTest
    @CsvSource({
            "NONE, /in/a.csv, /in/A.csv, false",
            "CASE, /in/a.csv, /IN/A.CSV, true",
            "CASE, /straße, /STRASSE, true",
            "CASE, /straße, /STRAẞE, true",
            "CASE, /ΟΔΟΣ, /οδος, true",
            "CASE, /ταξις, /ταξισ, true",
            "CASE, /TITLE, /title, true",
            "CASE, /\u212a, /k, true",
            "CASE, /a, /b, false",
            "CASE, /in/a.csv, /in/a.csv., true",
            "CASE, /in/a.csv, '/in/A.CSV . ', true",
            "CASE, /in/a.csv, '/in. /a.csv', true",
            "CASE, /in/a.csv, /in\\a.csv, true",
            "CASE, /in/a.csv, /in/.a.csv, false",
            "CASE, /in/a.csv, '/in/ a.csv', false",
            "CASE, /in/a..csv, /in/a.csv, false",
            "NONE, /in/a.csv, /in/a.csv., false",
            "UNICODE, /in/a.csv, '/in/a.csv ', false",
            "BOTH, /in/a.csv, /in\\A.csv., true",
            "UNICODE, /caf\u00e9, /cafe\u0301, true",
            "UNICODE, /caf\u00e9, /CAF\u00c9, false",
            "UNICODE, /a, /A, false",
            "CASE, /caf\u00e9, /cafe\u0301, false",
            "BOTH, /caf\u00e9, /CAFE\u0301, true",
            "BOTH, /a/b, /a/c, false"
    })
    void shouldKnowWhichNamesAServerTakesForOne(NameFolding folding, String one, String other, boolean meet) {
        assertThat(folding.meet(new RemotePath(one), new RemotePath(other))).isEqualTo(meet);
        assertThat(folding.meet(new RemotePath(other), new RemotePath(one))).isEqualTo(meet);
    }

    @Test
    void shouldFoldTheSameInTurkey() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.of("tr"));
        try {
            assertThat(NameFolding.CASE.meet(new RemotePath("/TITLE"), new RemotePath("/title"))).isTrue();
        } finally {
            Locale.setDefault(before);
        }
    }

    @Property
    void shouldFoldNamesThatDifferOnlyInCase(@ForAll("paths") RemotePath path) {
        var upper = new RemotePath(path.value().toUpperCase(Locale.ROOT));
        var lower = new RemotePath(path.value().toLowerCase(Locale.ROOT));

        assertThat(NameFolding.CASE.meet(path, upper)).isTrue();
        assertThat(NameFolding.BOTH.meet(lower, upper)).isTrue();
    }

    @Property
    void shouldFoldNamesThatDifferOnlyInTheirForm(@ForAll("paths") RemotePath path) {
        var composed = new RemotePath(Normalizer.normalize(path.value(), Normalizer.Form.NFC));
        var decomposed = new RemotePath(Normalizer.normalize(path.value(), Normalizer.Form.NFD));

        assertThat(NameFolding.UNICODE.meet(composed, decomposed)).isTrue();
        assertThat(NameFolding.BOTH.meet(path, decomposed)).isTrue();
    }

    @Property
    void shouldPutNamesThatMeetOnOneLane(@ForAll("paths") RemotePath path) {
        var upper = new RemotePath(path.value().toUpperCase(Locale.ROOT));

        assertThat(Lane.of(ACME, path, NameFolding.CASE, 64)).isEqualTo(Lane.of(ACME, upper, NameFolding.CASE, 64));
        assertThat(Lane.of(ACME, path, NameFolding.NONE, 64)).isEqualTo(Lane.of(ACME, path, 64));
    }

    @Provide
    Arbitrary<RemotePath> paths() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .withCharRange('\u00c0', '\u024f')
                .withCharRange('\u0370', '\u03ff')
                .withCharRange('\u0400', '\u04ff')
                .withCharRange('\u1e00', '\u1eff')
                .withChars('\u0301', '\u0308', '\u212a', '\u1e9e')
                .ofMinLength(1)
                .ofMaxLength(12)
                .map(name -> new RemotePath("/in/" + name));
    }
}
