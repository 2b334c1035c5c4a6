package io.waybill.launcher.process;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Gives each of Waybill's metrics its HELP: the text of its row in docs/metrics.md. So a metric has one description,
 * and one that is not in the document has none.
 */
final class MetricHelp implements MeterFilter {
    private static final Pattern ROW =
            Pattern.compile("^\\| `(waybill_\\w+)` \\|.*\\| *([^|]+?) *\\|$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");
    /** What Prometheus' names have at their end. */
    private static final List<String> ENDS = List.of("", "_total", "_seconds", "_bytes", "_bytes_total");

    private final Map<String, String> texts = new HashMap<>();

    MetricHelp() {
        ROW.matcher(document()).results().forEach(row -> texts.put(
                row.group(1), LINK.matcher(row.group(2)).replaceAll("$1").replace("`", "")));
    }

    private static String document() {
        try (InputStream document = MetricHelp.class.getResourceAsStream("metrics.md")) {
            if (document == null) {
                throw new IllegalStateException("the build has left metrics.md out");
            }
            return new String(document.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The metrics of the document. */
    Set<String> names() {
        return texts.keySet();
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        if (id.getDescription() != null) {
            return id;
        }
        String name = id.getName().replace('.', '_');
        return ENDS.stream()
                .map(end -> texts.get(name + end))
                .filter(Objects::nonNull)
                .findFirst()
                .map(text -> new Meter.Id(id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), text, id.getType()))
                .orElse(id);
    }
}
