package io.waybill.worker.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeToEndTest {
    private static final long SIZE = 1000;

    private final TimeToEnd time = new TimeToEnd();

    @Test
    void shouldLookFirstHowFastTheUploadGoes() {
        assertThat(time.suffices(Duration.ofSeconds(10), 0, SIZE)).isTrue();
        assertThat(time.suffices(Duration.ofMillis(9_600), 0, SIZE)).isTrue();
        assertThat(time.suffices(Duration.ofMillis(9_400), 0, SIZE)).isFalse();
    }

    @Test
    void shouldLookLessLongIfThereIsLittleTime() {
        assertThat(time.suffices(Duration.ofMillis(400), 0, SIZE)).isTrue();
        assertThat(time.suffices(Duration.ofMillis(290), 10, SIZE)).isFalse();
    }

    @Test
    void shouldLetEndWhatIsFastEnough() {
        assertThat(time.suffices(Duration.ofSeconds(10), 500, SIZE)).isTrue();
        // 100 in a second, and 400 are left: that takes four of nine seconds.
        assertThat(time.suffices(Duration.ofSeconds(9), 600, SIZE)).isTrue();
        // 110 in five seconds, and 390 are left.
        assertThat(time.suffices(Duration.ofSeconds(5), 610, SIZE)).isFalse();
    }

    @Test
    void shouldKeepSomeTimeForTheEndOfTheFile() {
        assertThat(time.suffices(Duration.ofSeconds(10), 0, SIZE)).isTrue();
        // It would take eight of nine seconds.
        assertThat(time.suffices(Duration.ofSeconds(9), 111, SIZE)).isFalse();
    }

    @Test
    void shouldNotSufficeWhenTheTimeIsOver() {
        assertThat(time.suffices(Duration.ZERO, 999, SIZE)).isFalse();
    }
}
