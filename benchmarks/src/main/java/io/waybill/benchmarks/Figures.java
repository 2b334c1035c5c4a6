package io.waybill.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What was measured, by stable names, in order. */
final class Figures {
    private final Map<String, Double> values = new LinkedHashMap<>();
    private final Map<String, String> meanings = new LinkedHashMap<>();

    /**
     * @param name    as programs read it
     * @param meaning what it is and its unit, for people
     */
    void add(String name, double value, String meaning) {
        values.put(name, Math.round(value * 100) / 100.0);
        meanings.put(name, meaning);
    }

    Map<String, Double> values() {
        return values;
    }

    String table() {
        var table = new StringBuilder();
        values.forEach((name, value) -> table
                .append(String.format(Locale.ROOT, "%-24s %12.2f  %s%n", name, value, meanings.get(name))));
        return table.toString().stripTrailing();
    }
}
