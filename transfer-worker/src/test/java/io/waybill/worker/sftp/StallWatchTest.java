package io.waybill.worker.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.worker.sftp.StallWatch.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StallWatchTest {
    private static final int SECONDS = 120;
    private static final int CHUNK = 255 << 10;
    private static final int SMALL_CHUNK = 32 << 10;

    private int broken;
    private final StallWatch watch = new StallWatch(Duration.ofSeconds(SECONDS), () -> broken++);

    @Test
    void shouldBreakAConnectionWhoseServerAnswersNothing() {
        try (var _ = watch.waiting()) {
            tick(StallWatch.TICKS);
            assertThat(broken).isZero();

            watch.tick();
        }
        assertThat(broken).isEqualTo(1);
        assertThat(watch.stalled()).isTrue();
    }

    @Test
    void shouldNotMindSilenceWhileNobodyWaits() {
        watch.waiting().close();

        tick(10 * StallWatch.WINDOW);

        assertThat(broken).isZero();
    }

    @Test
    void shouldBreakAConnectionWhoseServerTakesOneSmallPacketNowAndThen() {
        takePackets(SMALL_CHUNK, SECONDS);

        assertThat(broken).isPositive();
    }

    @Test
    void shouldBePatientWithAPartnerOnTheSlowestLine() {
        // 2 KiB a second, which is the largest packet within a stall time-out.
        takePackets(CHUNK, SECONDS);

        assertThat(broken).isZero();
    }

    @Test
    void shouldBearSmallPacketsOnASlowLine() {
        takePackets(SMALL_CHUNK, SMALL_CHUNK >> 10);

        assertThat(broken).isZero();
    }

    @Test
    void shouldNotBlameTheServerWhileItOwesNoWrite() {
        for (int i = 0; i < 10 * StallWatch.WINDOW; i++) {
            watch.writing(1).close();
            watch.tick();
        }

        assertThat(broken).isZero();
    }

    @Test
    void shouldBearALongSync() {
        takePackets(CHUNK, SECONDS);
        try (var _ = watch.waiting()) {
            // Other requests go on meanwhile.
            for (int i = 0; i < 3 * StallWatch.WINDOW; i++) {
                watch.waiting().close();
                watch.tick();
            }
        }

        assertThat(broken).isZero();
    }

    /** Writes always wait, and one is answered every so many seconds, for some windows. */
    private void takePackets(int bytes, int seconds) {
        Waiting oldest = watch.writing(bytes);
        double tickSeconds = (double) SECONDS / StallWatch.TICKS;
        double due = seconds;
        for (int i = 1; i <= 3 * StallWatch.WINDOW; i++) {
            for (; due <= i * tickSeconds; due += seconds) {
                Waiting next = watch.writing(bytes);
                oldest.close();
                oldest = next;
            }
            watch.tick();
        }
        oldest.close();
    }

    private void tick(int times) {
        for (int i = 0; i < times; i++) {
            watch.tick();
        }
    }
}
