package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code docs/sftp-servers.md} names tests that exist, and leaves no row without a test or a reason. */
final class SftpServersDocumentTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\|.*\\| ([^|]+) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    @Test
    void shouldNameATestOrAReasonInEveryRow() throws Exception {
        String document = Files.readString(Path.of("../docs/sftp-servers.md"));
        Map<String, String> sources = sources();
        var rows = ROW.matcher(document).results().toList();

        assertThat(rows).isNotEmpty();
        assertThat(rows)
                .extracting(row -> Integer.valueOf(row.group(1)))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, rows.size()).boxed().toList());
        for (MatchResult row : rows) {
            String shownBy = row.group(2);
            var tests = TEST.matcher(shownBy).results().toList();
            assertThat(!tests.isEmpty() || shownBy.startsWith("No test")).as(shownBy).isTrue();
            for (MatchResult test : tests) {
                assertThat(sources).containsKey(test.group(1));
                assertThat(sources.get(test.group(1))).contains("void " + test.group(2) + "(");
            }
        }
    }

    private static Map<String, String> sources() throws IOException {
        var sources = new HashMap<String, String>();
        // How a file is delivered, the worker's tests show.
        for (String module : List.of("sftp-client", "transfer-worker")) {
            try (var files = Files.walk(Path.of("..", module, "src/test/java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> sources.put(className(file), text(file)));
            }
        }
        return sources;
    }

    private static String className(Path file) {
        return file.toString().replaceAll(".*/|\\.java", "");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }
}
