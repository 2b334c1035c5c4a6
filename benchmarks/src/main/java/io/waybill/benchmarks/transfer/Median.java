package io.waybill.benchmarks.transfer;

import java.util.List;

/** The middle one of several values. */
public final class Median {
    private Median() {}

    /** Of two in the middle, the mean. */
    public static double of(List<Double> values) {
        return percentile(values, 0.5);
    }

    /**
     * The value that a share of all does not exceed, between two values in proportion.
     *
     * @param values not empty
     * @param share  0 to 1
     */
    public static double percentile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        double place = share * (sorted.size() - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (sorted.get(above) - sorted.get(below)) * (place - below);
    }
}
