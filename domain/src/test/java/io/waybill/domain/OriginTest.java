package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {
    private static final Instant AT = Instant.parse("2026-12-01T08:00:00Z");
    private static final Origin ORIGIN = new Origin("sftp", "acme", "42,1764576000,/out/a.csv", null);

    private static SourceObject object(String version) {
        return new SourceObject("in", "acme/a.csv", version, "e-" + version, 42, AT);
    }

    @Test
    void shouldMakeOneFileOfOneOriginThatWasStoredTwice() {
        SourceObject first = object("v1").from(ORIGIN);
        SourceObject second = object("v2").from(ORIGIN);

        assertThat(second.version()).isEqualTo(first.version()).isNotEqualTo(object("v1").version());
    }

    @Test
    void shouldNotLetTheUserDecideWhichFileItIs() {
        var asked = new Origin("sftp", "acme", ORIGIN.identity(), "ann");

        assertThat(object("v1").from(asked).version()).isEqualTo(object("v1").from(ORIGIN).version());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sftp|acme|43,1764576000,/out/a.csv", "sftp|acm|e42,1764576000,/out/a.csv",
            "directory|acme|42,1764576000,/out/a.csv"})
    void shouldDistinguishOrigins(String other) {
        String[] parts = other.split("\\|");

        assertThat(object("v1").from(new Origin(parts[0], parts[1], parts[2], null)).version())
                .isNotEqualTo(object("v1").from(ORIGIN).version());
    }

    @Test
    void shouldKeepTheBeginningOfALongIdentityAndDistinguishItsEnd() {
        String path = "/ordner/" + "ü😀".repeat(600);

        String one = Origin.identity(path + "1");
        String two = Origin.identity(path + "2");

        assertThat(one).isNotEqualTo(two).startsWith("/ordner/ü😀").isEqualTo(Origin.identity(path + "1"));
        assertThat(one.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(Origin.LONGEST_IDENTITY);
        assertThat(new String(one.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)).isEqualTo(one);
        assertThat(Origin.identity("/short")).isEqualTo("/short");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SFTP", "sftp\n", "-sftp", "a23456789012345678901234567890123"})
    void shouldRefuseAKindThatIsNone(String kind) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Origin(kind, "acme", "x", null))
                .withMessageContaining("the kind of an origin");
    }

    @Test
    void shouldRefuseWhatDoesNotFitIntoMetadata() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Origin("sftp", "acme", "ü".repeat(513), null))
                .withMessage("the identity of an origin has at most 1024 bytes in UTF-8, but has 1026");
        assertThatIllegalArgumentException().isThrownBy(() -> new Origin("sftp", "", "x", null));
        assertThatIllegalArgumentException().isThrownBy(() -> new Origin("sftp", "acme", "x", "u".repeat(129)));
    }
}
