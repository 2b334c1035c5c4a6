package io.waybill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OptionsTest {
    @Test
    void shouldReadWhatABenchmarkIsTold() {
        assertThat(Options.parse(List.of("transfer", "--only", "big,small", "--rounds", "3", "--json")))
                .contains(new Options("transfer", 0, 3, Set.of("big", "small"), false, true));
    }

    @Test
    void shouldRefuseANumberThatIsNone() {
        assertThat(Options.parse(List.of("transfer", "--rounds", "many"))).isEmpty();
    }

    @Test
    void shouldRefuseTwoNames() {
        assertThat(Options.parse(List.of("transfer", "state"))).isEmpty();
    }
}
