package io.waybill.launcher.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {
    @ParameterizedTest
    @CsvSource({
            "0, 0 B",
            "999, 999 B",
            "1000, 1.0 kB",
            "99949, 99.9 kB",
            "100000, 100 kB",
            "999499, 999 kB",
            "999500, 1.0 MB",
            "209715200, 210 MB",
            "9223372036854775807, 9223372 TB"
    })
    void shouldWriteBytesInThreeDigits(long bytes, String text) {
        assertThat(Amounts.bytes(bytes)).isEqualTo(text);
    }

    @Test
    void shouldNotDivideByNoTime() {
        assertThat(Amounts.rate(1_000_000, Duration.ZERO)).isEqualTo("1000.0 MB/s");
    }
}
