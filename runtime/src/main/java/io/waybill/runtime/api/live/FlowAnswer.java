package io.waybill.runtime.api.live;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/**
 * What happened in the last minutes. Each file counts in the minute of its arrival, and in the minute of its present end.
 *
 * @param minutes the oldest first, without gaps; the last one is not over
 */
public record FlowAnswer(List<Minute> minutes) {
    public FlowAnswer {
        minutes = List.copyOf(minutes);
    }

    /**
     * One minute.
     *
     * @param at            its begin, ISO 8601 in UTC
     * @param total         of all files, those without a destination included
     * @param byDestination without destinations for which nothing happened
     */
    public record Minute(String at, Counts total, Map<String, Counts> byDestination) {
        public Minute {
            requireNonNull(at, "at");
            requireNonNull(total, "total");
            byDestination = Map.copyOf(byDestination);
        }
    }

    /**
     * Numbers of files.
     *
     * @param failed FAILED and TIMED_OUT
     * @param bytes  of the completed files
     */
    public record Counts(long arrived, long completed, long failed, long bytes) {
        public static final Counts NONE = new Counts(0, 0, 0, 0);

        public Counts plus(Counts other) {
            return new Counts(
                    arrived + other.arrived, completed + other.completed, failed + other.failed, bytes + other.bytes);
        }
    }
}
