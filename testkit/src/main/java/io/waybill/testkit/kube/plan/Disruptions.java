package io.waybill.testkit.kube.plan;

import com.fasterxml.jackson.databind.JsonNode;

/** What a PodDisruptionBudget allows. */
public final class Disruptions {
    private Disruptions() {}

    /**
     * Whether one healthy pod may go.
     *
     * @param budget   its {@code spec}
     * @param expected how many pods the workloads of its pods ask for
     * @param healthy  how many of them are ready
     */
    public static boolean allowed(JsonNode budget, int expected, int healthy) {
        int needed = budget.has("minAvailable")
                ? count(budget.path("minAvailable"), expected, true)
                : expected - count(budget.path("maxUnavailable"), expected, true);
        return healthy - 1 >= needed;
    }

    /** A number, or a share of all that is rounded. */
    public static int count(JsonNode numberOrShare, int of, boolean up) {
        String text = numberOrShare.asText();
        if (!text.endsWith("%")) {
            return Integer.parseInt(text);
        }
        double share = Double.parseDouble(text.substring(0, text.length() - 1)) * of / 100;
        return (int) (up ? Math.ceil(share) : Math.floor(share));
    }
}
