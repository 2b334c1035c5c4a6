package io.waybill.devstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.devstack.demo.DemoProgress;
import io.waybill.devstack.demo.DemoReport;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.time.ProcessClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoViewTest {
    private static final DemoProgress HALF = new DemoProgress(100, 2_000_000, 80, 50, 1_000_000, 0);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Terminal terminal(boolean json, boolean live) {
        return new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                json,
                live,
                false,
                100);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private DemoView view(boolean live) {
        return new DemoView(
                terminal(false, live),
                ProcessClock.of(() -> Instant.EPOCH, () -> 0),
                () -> HALF);
    }

    @Test
    void shouldSayHowManyFilesAreStoredAndDelivered() {
        assertThat(view(false).line(HALF, Duration.ofSeconds(2)))
                .isEqualTo("stored 80, delivered 50 of 100  1.0 MB  0.5 MB/s");
    }

    @Test
    void shouldDrawABarOnATerminalThatFitsIntoItsLine() {
        assertThat(view(true).line(HALF, Duration.ofSeconds(2)))
                .startsWith("▕██████████")
                .contains("▏ 50%")
                .hasSizeLessThan(100);
    }

    @Test
    void shouldShowTheComparison() {
        var comparing = new DemoProgress(100, 2_000_000, 100, 100, 2_000_000, 7);
        assertThat(view(false).line(comparing, Duration.ofSeconds(2))).isEqualTo("comparing 7 of 100");
    }

    @Test
    void shouldNotDivideByNoFiles() {
        var nothing = new DemoProgress(0, 0, 0, 0, 0, 0);
        assertThat(view(false).line(nothing, Duration.ZERO)).isEqualTo("looking for files");
    }

    @Test
    void shouldEndWithOneLineOfJsonAndEverythingElseBesideIt() {
        var report = new DemoReport(5, 3, 1, 1, 42, Duration.ofMillis(1500), true, List.of("x FORBIDDEN: no"));
        DemoView.summarize(terminal(true, false), report);
        assertThat(out().lines())
                .containsExactly("{\"files\":5,\"delivered\":3,\"unchanged\":1,\"failed\":1,\"bytes\":42,"
                        + "\"seconds\":1.5,\"verified\":true}");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("fault: x FORBIDDEN: no",
                "Not everything is as it should be");
    }

    @Test
    void shouldNotListEveryOneOfManyFaults() {
        List<String> faults = java.util.stream.IntStream.range(0, 30).mapToObj(i -> "file " + i).toList();
        var report = new DemoReport(30, 0, 0, 30, 0, Duration.ofSeconds(1), true, faults);
        DemoView.summarize(terminal(false, false), report);
        assertThat(out()).contains("file 19").doesNotContain("file 20").contains("and 10 more");
    }

    @Test
    void shouldNotLetAKeySpeakToTheTerminal() {
        var report = new DemoReport(1, 0, 0, 1, 0, Duration.ofSeconds(1), true, List.of("evil\u001b[2Jname"));
        DemoView.summarize(terminal(false, false), report);
        assertThat(out()).contains("evil\\u001b[2Jname");
    }
}
