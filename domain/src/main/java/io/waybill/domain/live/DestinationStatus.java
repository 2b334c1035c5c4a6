package io.waybill.domain.live;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Texts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one worker knows about one destination.
 *
 * @param outage         why the breaker is not closed; null if it is
 * @param connections    how many of this worker are open
 * @param allowed        how many may be open, over all workers
 * @param promised       the letter of the class that the server has shown so far; null before the first connection
 * @param triedAt        when the last try to connect ended; null before the first
 * @param hostKey        the fingerprint that the server showed last; null before the first connection
 * @param bytesPerSecond over all files, lately
 * @param files          in flight, the largest first; at most {@link #MOST_FILES}
 * @param moreFiles      how many more are in flight
 */
public record DestinationStatus(
        DestinationName name,
        BreakerState breaker,
        @Nullable Outage outage,
        int connections,
        int allowed,
        @Nullable String promised,
        @Nullable Instant triedAt,
        @Nullable String hostKey,
        long bytesPerSecond,
        List<FileInFlight> files,
        int moreFiles) {
    /** The most files of one entry: thousands may be in flight, and a record must stay small. */
    public static final int MOST_FILES = 32;

    public DestinationStatus {
        files = List.copyOf(files);
    }

    /**
     * Why a worker cannot connect.
     *
     * @param kind    the name of a {@link io.waybill.domain.FailureKind}; may be one of a newer version
     * @param detail  for people; a long one is cut
     * @param nextTry when the worker tries again
     */
    public record Outage(Instant since, String kind, String detail, Instant nextTry) {
        /** Characters kept of a detail. */
        public static final int LONGEST_DETAIL = 500;

        public Outage {
            detail = Texts.cut(detail, LONGEST_DETAIL);
        }
    }

    /** How many files are in flight. */
    public int inFlight() {
        return files.size() + moreFiles;
    }
}
