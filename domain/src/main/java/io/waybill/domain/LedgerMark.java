package io.waybill.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What stands in the ledger of one partition of work: where the partition stands, and what is begun there and not over.
 * A mark replaces the one before it of the same key; when the item is over, a tombstone takes its place.
 */
public sealed interface LedgerMark {
    /** The key of the one {@link Position} of a partition. */
    String POSITION_KEY = "position";

    /** The key under which this mark stands in its partition. */
    String key();

    /**
     * The key of the marks of one sending of a file; all its attempts share it.
     *
     * @param sending 1 or more
     */
    static String key(FileId id, int sending) {
        return id + "-" + sending;
    }

    /**
     * Where a partition stands. An offset is done when it lies before {@code next} or in one of {@code done}.
     *
     * @param next      where to begin, 0 or more: everything before it is done
     * @param done      what is done from there on, ascending, without overlap, and with a gap between any two
     * @param clusterId the cluster whose offsets these are
     * @param topicId   the topic whose offsets these are; a topic that is deleted and made anew has another
     */
    record Position(long next, List<Range> done, String clusterId, String topicId) implements LedgerMark {
        public Position {
            done = List.copyOf(done);
            if (next < 0) {
                throw new IllegalArgumentException("offsets count from 0, but the position was: " + next);
            }
            for (int i = 0; i < done.size(); i++) {
                if (i == 0 ? done.get(0).from() < next : done.get(i).from() <= done.get(i - 1).to()) {
                    throw new IllegalArgumentException("ranges must ascend from " + next
                            + " on with a gap between any two, but were: " + done);
                }
            }
        }

        /** Nothing is done but what lies before an offset. */
        public static Position at(long next, String clusterId, String topicId) {
            return new Position(next, List.of(), clusterId, topicId);
        }

        @Override
        public String key() {
            return POSITION_KEY;
        }

        /** How many offsets from {@code next} on are done. */
        public long doneAhead() {
            return done.stream().mapToLong(range -> range.to() - range.from()).sum();
        }
    }

    /**
     * Offsets that follow one another; never empty.
     *
     * @param from the first
     * @param to   the one after the last
     */
    record Range(long from, long to) {
        public Range {
            if (from < 0 || to <= from) {
                throw new IllegalArgumentException(
                        "a range goes from an offset of 0 or more to a higher one, but was: " + from + " to " + to);
            }
        }

        public boolean contains(long offset) {
            return from <= offset && offset < to;
        }
    }

    /**
     * Part of an upload that is safe at the destination, so that a later execution goes on from there.
     *
     * @param target    the final name
     * @param lane      the lane whose work it is, from 0
     * @param staging   the name of the staging file
     * @param safeBytes how many bytes from the beginning were acknowledged without a gap; 0 or more
     * @param endpoint  {@code user@host:port/root} of the server that has it
     * @param at        when that was known
     */
    record Staging(
            FileId id,
            Attempt attempt,
            Target target,
            int lane,
            RemotePath staging,
            long safeBytes,
            String endpoint,
            Instant at)
            implements LedgerMark {
        public Staging {
            if (lane < 0 || safeBytes < 0) {
                throw new IllegalArgumentException(
                        "lane and safeBytes must not be negative, but were: " + lane + " and " + safeBytes);
            }
        }

        @Override
        public String key() {
            return LedgerMark.key(id, attempt.sending());
        }
    }

    /**
     * A file that is whole under its staging name and about to get its final name, or has it already: all that is needed
     * to find out which, and to write the receipt.
     *
     * @param target           the final name
     * @param lane             the lane whose work it is, from 0
     * @param onConflict       what to do when the final name is taken
     * @param staging          the name of the staging file
     * @param bytes            its size; 0 or more
     * @param sha256           lower-case hexadecimal digest of what was written
     * @param proof            how the destination confirmed it
     * @param destinationClass what the destination's server could promise
     * @param modified         modification time of the staging file as the server told it, in seconds since 1970; empty
     *                         where it did not
     * @param endpoint         {@code user@host:port/root} of the server that has it
     * @param hostKey          fingerprint of the key that server showed, "SHA256:…"
     * @param at               when the upload was over
     * @param took             from the first byte read until then; never negative
     * @param given            the one name it may get, where that was chosen beforehand; empty where it can only be the
     *                         target's own, and in a mark of an earlier version
     */
    record Prepared(
            FileId id,
            RouteName route,
            Attempt attempt,
            Target target,
            int lane,
            ConflictPolicy onConflict,
            RemotePath staging,
            long bytes,
            String sha256,
            Proof proof,
            DestinationClass destinationClass,
            OptionalLong modified,
            String endpoint,
            String hostKey,
            Instant at,
            Duration took,
            Optional<RemotePath> given)
            implements LedgerMark {
        public Prepared {
            if (lane < 0 || bytes < 0 || took.isNegative()) {
                throw new IllegalArgumentException("lane, bytes and duration must not be negative, but were: " + lane
                        + ", " + bytes + " and " + took);
            }
        }

        /** A file that gets the target's own name. */
        public Prepared(
                FileId id,
                RouteName route,
                Attempt attempt,
                Target target,
                int lane,
                ConflictPolicy onConflict,
                RemotePath staging,
                long bytes,
                String sha256,
                Proof proof,
                DestinationClass destinationClass,
                OptionalLong modified,
                String endpoint,
                String hostKey,
                Instant at,
                Duration took) {
            this(id, route, attempt, target, lane, onConflict, staging, bytes, sha256, proof, destinationClass,
                    modified,
                    endpoint, hostKey, at, took, Optional.empty());
        }

        @Override
        public String key() {
            return LedgerMark.key(id, attempt.sending());
        }
    }
}
