package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "acme", "Acme.Corp_2-b", "a.", "a-"})
    void shouldTakeLettersDigitsAndThreeMarks(String name) {
        assertThat(new DestinationName(name)).hasToString(name);
        assertThat(new RouteName(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", ".a", "..", "_a", "a b", "a#1", "a/b", "ä", "a\n", "a{b}", "a$"})
    void shouldRefuseWhatWouldNotStandInAKeyAnAddressOrAMetric(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DestinationName(name))
                .withMessageStartingWith("a destination name is")
                .withMessageContaining("'" + name + "'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RouteName(name))
                .withMessageStartingWith("a route name is");
    }

    @Test
    void shouldEndAt63Characters() {
        assertThat(new RouteName("a".repeat(63)).value()).hasSize(63);
        assertThatIllegalArgumentException().isThrownBy(() -> new RouteName("a".repeat(64)));
    }
}
