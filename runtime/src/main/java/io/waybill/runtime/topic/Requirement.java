package io.waybill.runtime.topic;

import io.waybill.runtime.topic.Topic.Cleanup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A setting of a topic on which a promise rests. The operator chooses all other settings.
 *
 * @param name  of the setting
 * @param value that a new topic gets, and that the operator is told to set
 * @param met   whether the present value is acceptable
 * @param fault the effect of another value: "…, which loses events"
 */
record Requirement(String name, String value, Predicate<String> met, String fault) {
    /** A tombstone stays longer than a reader may take, in a topic that is read whole. */
    static final Duration TOMBSTONES = Duration.ofMinutes(2);
    /** The default of brokers: states and letters are bounded so that they fit. */
    private static final long LARGEST_RECORD = 1_048_588;

    private static final String FOREVER = "-1";
    private static final String LOSES = "which loses records that must stay";

    /**
     * The requirements for a topic.
     *
     * @param replicas copies of each partition
     */
    static List<Requirement> of(Cleanup cleanup, int replicas) {
        var all = new ArrayList<>(ofCleanup(cleanup));
        String acknowledging = replicas >= 3 ? "2" : "1";
        all.add(new Requirement(
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                acknowledging,
                value -> Long.parseLong(value) >= Long.parseLong(acknowledging) && Long.parseLong(value) <= replicas,
                "with " + replicas
                        + " replicas, which loses what was acknowledged when one broker is lost, or refuses all"
                        + " writes"));
        all.add(atLeast(
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, LARGEST_RECORD,
                "which refuses large records and stops the service that writes them"));
        return all;
    }

    /** The settings that a new topic gets for these requirements. */
    static Map<String, String> settings(List<Requirement> requirements) {
        return requirements.stream().collect(Collectors.toMap(Requirement::name, Requirement::value));
    }

    private static List<Requirement> ofCleanup(Cleanup cleanup) {
        return switch (cleanup) {
            case Cleanup.AfterDays _ -> List.of(policy(TopicConfig.CLEANUP_POLICY_DELETE));
            case Cleanup.NotBeforeDays(int days) ->
                List.of(
                        policy(TopicConfig.CLEANUP_POLICY_DELETE),
                        kept(Duration.ofDays(days)),
                        exactly(TopicConfig.RETENTION_BYTES_CONFIG, FOREVER, LOSES));
            case Cleanup.Kept _ ->
                List.of(
                        policy(TopicConfig.CLEANUP_POLICY_DELETE),
                        exactly(TopicConfig.RETENTION_MS_CONFIG, FOREVER, LOSES),
                        exactly(TopicConfig.RETENTION_BYTES_CONFIG, FOREVER, LOSES));
            case Cleanup.Compacted _ -> List.of(policy(TopicConfig.CLEANUP_POLICY_COMPACT));
            case Cleanup.CompactedSoon _ ->
                List.of(
                        policy(TopicConfig.CLEANUP_POLICY_COMPACT),
                        atLeast(
                                TopicConfig.DELETE_RETENTION_MS_CONFIG,
                                TOMBSTONES.toMillis(),
                                "which shows a reader what was removed as if it still stood"));
        };
    }

    private static Requirement policy(String policy) {
        return exactly(TopicConfig.CLEANUP_POLICY_CONFIG, policy, LOSES);
    }

    private static Requirement exactly(String name, String value, String fault) {
        return new Requirement(name, value, value::equals, fault);
    }

    private static Requirement atLeast(String name, long value, String fault) {
        return new Requirement(name, String.valueOf(value), found -> Long.parseLong(found) >= value, fault);
    }

    private static Requirement kept(Duration time) {
        String fault =
                "which loses events: a service that is away for longer never hears of them, and files stand still"
                        + " or are sent again, or actions are missing in the audit";
        Requirement atLeast = atLeast(TopicConfig.RETENTION_MS_CONFIG, time.toMillis(), fault);
        return new Requirement(
                atLeast.name, atLeast.value, found -> found.equals(FOREVER) || atLeast.met.test(found), fault);
    }
}
