package io.waybill.launcher.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressBarTest {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

    private final Terminal terminal =
            new Terminal(NOWHERE, NOWHERE, false, false, false, 100);

    @ParameterizedTest
    @CsvSource({
            "0.0,   '▕          ▏  0%'",
            "0.5,   '▕█████     ▏ 50%'",
            "0.55,  '▕█████▌    ▏ 55%'",
            "0.999, '▕█████████▉▏ 99%'",
            "1.0,   '▕██████████▏100%'",
            "-1.0,  '▕          ▏  0%'",
            "2.0,   '▕██████████▏100%'"
    })
    void shouldFillByShare(double done, String bar) {
        assertThat(ProgressBar.render(done, 10, terminal)).isEqualTo(bar);
    }

    @Property
    void shouldAlwaysHaveTheSameWidth(@ForAll double done, @ForAll @IntRange(min = 1, max = 200) int width) {
        assertThat(ProgressBar.render(done, width, terminal)).hasSize(width + 6);
    }
}
