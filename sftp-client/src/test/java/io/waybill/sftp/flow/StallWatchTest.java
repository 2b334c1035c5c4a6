package io.waybill.sftp.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.sftp.flow.StallWatch.Waiting;
import io.waybill.testkit.CaughtWarnings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class StallWatchTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(StallWatch.class);

    private static final int SECONDS = 120;
    private static final int CHUNK = 255 << 10;
    private static final int SMALL_CHUNK = 32 << 10;

    private int broken;
    private final StallWatch watch = new StallWatch(Duration.ofSeconds(SECONDS), () -> broken++);
    private final StallWatch.Channel channel = watch.channel();

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
    void shouldGoOnWatchingAfterAFaultOfItsOwn() {
        var failing = new StallWatch(Duration.ofSeconds(1), () -> {
            throw new IllegalStateException("a bug");
        });
        try (var _ = failing.waiting()) {
            for (int i = 0; i <= StallWatch.TICKS; i++) {
                failing.tick();
            }
        }
        assertThat(failing.stalled()).isTrue();
    }

    @Test
    void shouldTryAgainAtTheNextTickWhatItCouldNotBreak() {
        int[] tries = {0};
        var failing = new StallWatch(Duration.ofSeconds(1), () -> {
            if (++tries[0] == 1) {
                throw new AssertionError("no code foresaw this");
            }
        });
        try (var _ = failing.waiting()) {
            for (int i = 0; i < StallWatch.TICKS + 2; i++) {
                failing.tick();
            }
        }
        assertThat(tries[0]).isEqualTo(2);
        assertThat(warnings.lines()).hasSize(1);
    }

    @Test
    void shouldNotMindSilenceWhileNobodyWaits() {
        watch.waiting().close();

        tick(10 * StallWatch.WINDOW);

        assertThat(broken).isZero();
    }

    @Test
    void shouldBreakAConnectionWithAnAnswerThatNeverComesWhileOthersDo() {
        try (var _ = watch.answerDue()) {
            tickWhileOthersAreAnswered(StallWatch.PERIOD);
            assertThat(broken).isZero();

            tickWhileOthersAreAnswered(StallWatch.PERIOD);
        }
        assertThat(broken).isEqualTo(1);
    }

    @Test
    void shouldNotMindAnswersThatAreAlwaysDueWhereEachComesInTime() {
        for (int period = 0; period < 6; period++) {
            try (var _ = watch.answerDue()) {
                tickWhileOthersAreAnswered(StallWatch.PERIOD);
            }
        }

        assertThat(broken).isZero();
    }

    private void tickWhileOthersAreAnswered(int times) {
        for (int i = 0; i < times; i++) {
            watch.waiting().close();
            watch.tick();
        }
    }

    @Test
    void shouldBreakAConnectionWhoseServerTakesOneSmallPacketNowAndThen() {
        takePackets(SMALL_CHUNK, 8 * SECONDS, () -> watch.waiting().close());

        assertThat(broken).isPositive();
    }

    @Test
    void shouldBreakAConnectionWhoseLineTakesNoPacketWithinTheTimeOut() {
        takePackets(CHUNK, 2 * SECONDS);

        assertThat(broken).isPositive();
    }

    @Test
    void shouldBePatientWithAPartnerOnTheSlowestLine() {
        // The largest packet, and the smallest that is full, within a stall time-out.
        takePackets(CHUNK, SECONDS - 1);
        takePackets(SMALL_CHUNK, SECONDS - 1);

        assertThat(broken).isZero();
    }

    @Test
    void shouldBearManyTinyFilesOnASlowServer() {
        // 20 bytes a second.
        takePackets(200, 10, channel::fileEnded);

        assertThat(broken).isZero();
    }

    @Test
    void shouldNotLetOtherChannelsHideOneThatHangs() {
        StallWatch.Channel busy = watch.channel();
        try (var _ = channel.writing(CHUNK)) {
            for (int i = 1; i < StallWatch.WINDOW; i++) {
                takeOne(busy);
            }
            assertThat(broken).isZero();

            takeOne(busy);
        }

        assertThat(broken).isEqualTo(1);
    }

    @Test
    void shouldBearThatAChannelWaitsBehindTheOthersOnASlowLine() {
        StallWatch.Channel busy = watch.channel();
        for (int i = 0; i < 3; i++) {
            try (var _ = channel.writing(CHUNK)) {
                for (int j = 1; j < StallWatch.WINDOW; j++) {
                    takeOne(busy);
                }
            }
            takeOne(busy);
        }

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
            channel.writing(1).close();
            watch.tick();
        }

        assertThat(broken).isZero();
    }

    @Test
    void shouldBearALongSync() {
        takePackets(CHUNK, SECONDS / 2);
        try (var _ = watch.waiting()) {
            // Other requests go on meanwhile.
            for (int i = 0; i < 3 * StallWatch.WINDOW; i++) {
                watch.waiting().close();
                watch.tick();
            }
        }

        assertThat(broken).isZero();
    }

    private void takeOne(StallWatch.Channel busy) {
        busy.writing(CHUNK).close();
        watch.tick();
    }

    private void takePackets(int bytes, int seconds) {
        takePackets(bytes, seconds, () -> {});
    }

    /**
     * Writes always wait, and one is answered every so many seconds, for some windows.
     *
     * @param beside happens before each tick
     */
    private void takePackets(int bytes, int seconds, Runnable beside) {
        Waiting oldest = channel.writing(bytes);
        double tickSeconds = (double) SECONDS / StallWatch.TICKS;
        double due = seconds;
        for (int i = 1; i <= 3 * StallWatch.WINDOW; i++) {
            for (; due <= i * tickSeconds; due += seconds) {
                Waiting next = channel.writing(bytes);
                oldest.close();
                oldest = next;
            }
            beside.run();
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
