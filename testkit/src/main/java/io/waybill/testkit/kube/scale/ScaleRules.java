package io.waybill.testkit.kube.scale;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a ScaledObject asks for, with the defaults of KEDA and of the autoscaler.
 *
 * @param min      {@code minReplicaCount}; zero lets the last pod go when nothing is active for {@code cooldown}
 * @param upWindow how long an answer must hold before pods are added
 */
public record ScaleRules(
        int min,
        int max,
        Duration polling,
        Duration cooldown,
        Duration upWindow,
        List<Policy> up,
        Duration downWindow,
        List<Policy> down) {

    /**
     * How much may change within a time.
     *
     * @param percent whether {@code value} is a share
     */
    public record Policy(boolean percent, int value, Duration period) {
        /** How many pods it allows to come or go, of those that there were when the time began. */
        int allowed(int before) {
            return percent ? (int) Math.ceil(before * value / 100.0) : value;
        }
    }

    private static final List<Policy> USUAL_UP = List.of(
            new Policy(true, 100, Duration.ofSeconds(15)), new Policy(false, 4, Duration.ofSeconds(15)));
    private static final List<Policy> USUAL_DOWN = List.of(new Policy(true, 100, Duration.ofSeconds(15)));

    /** @param spec of the ScaledObject */
    public static ScaleRules of(JsonNode spec) {
        JsonNode behavior = spec.at("/advanced/horizontalPodAutoscalerConfig/behavior");
        return new ScaleRules(
                spec.path("minReplicaCount").asInt(0),
                spec.path("maxReplicaCount").asInt(100),
                seconds(spec.path("pollingInterval"), 30),
                seconds(spec.path("cooldownPeriod"), 300),
                seconds(behavior.at("/scaleUp/stabilizationWindowSeconds"), 0),
                policies(behavior.path("scaleUp"), USUAL_UP),
                seconds(behavior.at("/scaleDown/stabilizationWindowSeconds"), 300),
                policies(behavior.path("scaleDown"), USUAL_DOWN));
    }

    private static Duration seconds(JsonNode number, int otherwise) {
        return Duration.ofSeconds(number.asInt(otherwise));
    }

    private static List<Policy> policies(JsonNode direction, List<Policy> usual) {
        if (!direction.path("selectPolicy").asText("Max").equals("Max")) {
            throw new IllegalArgumentException("nobody here plays selectPolicy " + direction.path("selectPolicy"));
        }
        if (!direction.has("policies")) {
            return usual;
        }
        var policies = new ArrayList<Policy>();
        direction.path("policies").forEach(policy -> policies.add(new Policy(
                policy.path("type").asText().equals("Percent"),
                policy.path("value").asInt(),
                Duration.ofSeconds(policy.path("periodSeconds").asInt()))));
        return policies;
    }
}
