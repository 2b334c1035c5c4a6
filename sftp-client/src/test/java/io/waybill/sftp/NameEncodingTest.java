package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class NameEncodingTest {
    private static final int NAMES = 1_000;

    /** Characters that character sets are known to confuse, and some of all kinds. */
    private static final List<String> LETTERS = Stream.concat(
            Stream.of(
                    "a", "A", ".", "?", "~", "\\", "|", "-", "\u00a5", "\u203e", "\u2014", "\u2015", "\uff0d",
                    "\u2212", "\uff5e", "\u301c", "\uff3c", "\u00a6", "\uffe4", "\u2225", "\u2016", "\u00e9",
                    "e\u0301", "\u00df", "\u20ac", "\u0131", "\u65e5", "\u672c", "\u6771", "\u4eac", "\u534e",
                    "\uac00", "\u0416", "\u05d0", "\u0627", "\ud83d\ude00", "\ufffd", "\u2f00"),
            IntStream.range(0x20, 0x3000).filter(Character::isLetter).mapToObj(Character::toString)).toList();

    static List<Charset> charsets() {
        return Charset.availableCharsets().values().stream().filter(Charset::canEncode).toList();
    }

    @ParameterizedTest
    @MethodSource("charsets")
    void shouldNeverWriteTwoNamesAsOne(Charset charset) {
        var encoding = new NameEncoding(charset);
        var random = new Random(charset.name().hashCode());
        Map<String, String> written = new HashMap<>();
        for (int i = 0; i < NAMES; i++) {
            String name = "/" + random.ints(1 + random.nextInt(3), 0, 2 * LETTERS.size())
                    // Half of the letters are of those that are confused.
                    .mapToObj(n -> LETTERS.get(n < LETTERS.size() ? n : n % 38))
                    .reduce("", String::concat);
            bytes(encoding, name)
                    .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                    .ifPresent(bytes -> assertThat(written.putIfAbsent(bytes, name)).isIn(null, name));
        }
    }

    private static Optional<byte[]> bytes(NameEncoding encoding, String name) {
        try {
            return Optional.of(encoding.encode(name));
        } catch (UnwritableNameException e) {
            return Optional.empty();
        }
    }

    @Test
    void shouldSayWhichNameAndWhichCharacterCannotBeWritten() {
        assertThatExceptionOfType(UnwritableNameException.class)
                .isThrownBy(() -> new NameEncoding(StandardCharsets.US_ASCII).encode("/in/caf\u00e9.csv"))
                .withMessage(
                        "the name '/in/caf\u00e9.csv' cannot be written in US-ASCII, which has no '\u00e9' of its own");
    }

    @Test
    void shouldNotLetACharacterBePartedIntoADirectoryAndAFile() {
        // In ISO-2022-JP this character is the bytes 24 2F, and 2F is a slash.
        var encoding = new NameEncoding(Charset.forName("ISO-2022-JP"));

        assertThatExceptionOfType(UnwritableNameException.class)
                .isThrownBy(() -> encoding.encode("/in/\u304f.csv"))
                .withMessageContaining("in its bytes there are slashes that it does not have");
        assertThat(bytes(encoding, "/in/\u304b.csv")).isPresent();
    }

    @ParameterizedTest
    @MethodSource("charsets")
    void shouldWriteNoNameThatHasHalfACharacter(Charset charset) {
        assertThat(bytes(new NameEncoding(charset), "/\ud83d.csv")).isEmpty();
        assertThat(bytes(new NameEncoding(charset), "/\ude00\ud83d")).isEmpty();
    }

    @Test
    void shouldKnowNoNameForBytesThatAreNone() {
        assertThat(new NameEncoding(StandardCharsets.UTF_8).decode(new byte[] {'a', (byte) 0xff})).isEmpty();
        assertThat(new NameEncoding(StandardCharsets.UTF_8).decode(new byte[] {'a'})).contains("a");
    }
}
