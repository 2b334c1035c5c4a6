package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The document that operators read lists what the code has. */
final class FailuresDocumentTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\|[^|]+\\| (yes|no) \\|[^|]+\\|$");

    @Test
    void shouldDescribeEveryKindOfFailureInItsOrderAndWhetherItIsRetried() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "failures.md"));

        List<String> described = ROW.matcher(document)
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();
        List<String> actual = Arrays.stream(FailureKind.values())
                .map(kind -> kind + (kind.retryable() ? " yes" : " no"))
                .toList();
        assertThat(described).isEqualTo(actual);
    }
}
