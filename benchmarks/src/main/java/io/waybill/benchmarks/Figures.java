package io.waybill.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What was measured, by stable names, in order. */
public final class Figures {
    private final Map<String, Double> values = new LinkedHashMap<>();
    private final Map<String, String> meanings = new LinkedHashMap<>();
    private final Map<String, Object> details = new LinkedHashMap<>();

    /**
     * @param name    as programs read it
     * @param meaning what it is and its unit, for people
     */
    public void add(String name, double value, String meaning) {
        values.put(name, Math.round(value * 100) / 100.0);
        meanings.put(name, meaning);
    }

    /**
     * Adds what stands beside the figures in the JSON, such as conditions.
     *
     * @param value of strings, numbers, lists, maps and records of these
     */
    public void detail(String name, Object value) {
        details.put(name, value);
    }

    /** Adds everything of the other. */
    public void addAll(Figures other) {
        values.putAll(other.values);
        meanings.putAll(other.meanings);
        details.putAll(other.details);
    }

    Map<String, Object> details() {
        return details;
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
