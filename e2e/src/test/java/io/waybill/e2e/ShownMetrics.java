package io.waybill.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process shows at {@code /metrics}, and what docs/metrics.md says of it. */
record ShownMetrics(List<Sample> samples) {
    private static final Path DOCUMENT = Path.of("..", "docs", "metrics.md");
    private static final Pattern ROW = Pattern.compile(
            "^\\| `(waybill_\\w+)` \\| (counter|gauge|histogram|summary) \\|([^|]*)\\| (start|first) \\|",
            Pattern.MULTILINE);
    private static final Pattern SAMPLE = Pattern.compile("^(waybill_\\w+)(?:\\{([^}]*)})? (\\S+)$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final Pattern CODE = Pattern.compile("`(\\w+)`");
    /** What Prometheus adds to the name of a histogram or a summary. */
    private static final Pattern PART = Pattern.compile("_(bucket|count|sum)$");

    /** One line. */
    record Sample(String name, Map<String, String> labels, double value) {}

    private record Documented(Set<String> labels, boolean fromStart) {}

    static ShownMetrics read(String text) {
        Matcher matcher = SAMPLE.matcher(text);
        return new ShownMetrics(matcher.results()
                .map(line -> new Sample(
                        line.group(1),
                        labels(line.group(2) == null ? "" : line.group(2)),
                        Double.parseDouble(line.group(3))))
                .toList());
    }

    private static Map<String, String> labels(String text) {
        var labels = new TreeMap<String, String>();
        LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        return labels;
    }

    private static Map<String, Documented> documented() throws IOException {
        var rows = new HashMap<String, Documented>();
        ROW.matcher(Files.readString(DOCUMENT))
                .results()
                .forEach(row -> rows.put(
                        row.group(1), new Documented(names(row.group(3)), row.group(4).equals("start"))));
        return rows;
    }

    private static Set<String> names(String labels) {
        var names = new TreeSet<String>();
        CODE.matcher(labels).results().map((MatchResult found) -> found.group(1)).forEach(names::add);
        return names;
    }

    /** Each that is shown is described, with its labels; each that shall be there from the start is there. */
    void areAsDocumented() throws IOException {
        Map<String, Documented> documented = documented();
        var shown = new TreeMap<String, Set<String>>();
        for (Sample sample : samples) {
            var names = new TreeSet<>(sample.labels().keySet());
            names.remove("le");
            shown.put(PART.matcher(sample.name()).replaceFirst(""), names);
        }
        assertThat(documented).containsKeys(shown.keySet().toArray(String[]::new));
        assertThat(shown).allSatisfy((name, labels) -> assertThat(labels)
                .as(name)
                .isEqualTo(documented.get(name).labels()));
        assertThat(shown.keySet())
                .containsAll(documented.entrySet().stream()
                        .filter(row -> row.getValue().fromStart())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /** The sum of all lines of a name that have these labels, each as {@code name=value}. */
    long sum(String name, String... labels) {
        return Math.round(samples.stream()
                .filter(sample -> sample.name().equals(name))
                .filter(sample -> Arrays.stream(labels).allMatch(label -> has(sample, label)))
                .mapToDouble(Sample::value)
                .sum());
    }

    private static boolean has(Sample sample, String label) {
        int equals = label.indexOf('=');
        return label.substring(equals + 1).equals(sample.labels().get(label.substring(0, equals)));
    }
}
