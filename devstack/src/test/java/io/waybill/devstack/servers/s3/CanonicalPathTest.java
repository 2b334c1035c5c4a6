package io.waybill.devstack.servers.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalPathTest {
    @ParameterizedTest
    @CsvSource({
            "/inbox/a.txt, /inbox/a.txt",
            "/inbox/a/%2Fb, /inbox/a//b",
            "/inbox/a//b, /inbox/a//b",
            "/inbox/x/../y, /inbox/x/../y",
            "/inbox/a+b(1), /inbox/a%2Bb%281%29",
            "/inbox/%c3%bc, /inbox/%C3%BC",
            "/inbox/ü, /inbox/%C3%BC",
            "/inbox/%7E%2D, /inbox/~-",
            "/inbox/100%2525, /inbox/100%2525",
    })
    void shouldHaveOneSpellingOfEachPath(String sent, String canonical) {
        assertThat(CanonicalPath.of(sent)).isEqualTo(canonical);
    }

    @Test
    void shouldRefuseAPercentSignThatEncodesNothing() {
        assertThatThrownBy(() -> CanonicalPath.of("/inbox/100%")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalPath.of("/inbox/100%zz")).isInstanceOf(IllegalArgumentException.class);
    }
}
