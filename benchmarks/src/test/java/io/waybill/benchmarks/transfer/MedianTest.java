package io.waybill.benchmarks.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MedianTest {
    @Test
    void shouldBeTheMiddleOfWhatWasMeasured() {
        assertThat(Median.of(List.of(9.0, 1.0, 2.0))).isEqualTo(2.0);
        assertThat(Median.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(3.0);
    }

    @Test
    void shouldTellWhatAShareStaysBelow() {
        assertThat(Median.percentile(List.of(0.0, 10.0, 20.0, 30.0, 40.0), 0.75)).isEqualTo(30.0);
    }
}
