package io.waybill.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

final class MicroTest {
    @Test
    void shouldNameEverythingThatIsMeasured() {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Set<String> known = BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(nowhere, VerboseMode.SILENT), List.of())
                .stream()
                .map(BenchmarkListEntry::getUsername)
                .collect(Collectors.toSet());

        assertThat(Subject.ALL).extracting(Subject::benchmark).isNotEmpty().containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void shouldMeasureEachOnce() throws Exception {
        for (Subject subject : Subject.ALL.stream().filter(Micro::isHere).toList()) {
            var once = Micro.options(subject)
                    .mode(Mode.SingleShotTime)
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1);

            assertThat(Micro.measured(once).getPrimaryResult().getScore()).as(subject.figure()).isPositive();
        }
    }
}
