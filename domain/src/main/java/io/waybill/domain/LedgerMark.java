package io.waybill.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A record of the ledger of one partition of work: the position of the partition, or work that is begun there and not
 * over. A mark replaces the earlier mark of the same key. When the item is over, a tombstone replaces the mark.
 */
public sealed interface LedgerMark {
    /** The key of the one {@link Position} of a partition. */
    String POSITION_KEY = "position";

    /** The record key of this mark in its partition. */
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
     * The position of a partition. An offset is done if it is before {@code next} or in one of {@code done}.
     *
     * @param next      where to begin, 0 or more: everything before it is done
     * @param done      the done offsets from there on, ascending, without overlap, and with a gap between any two
     *                  ranges
     * @param clusterId the cluster of these offsets
     * @param topicId   the topic of these offsets; a topic that is deleted and created again has another
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

        /** A position with nothing done beyond an offset. */
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
     * The part of an upload that is safe at the destination, from which a later execution continues.
     *
     * @param target    the final name
     * @param lane      the lane of the work, from 0
     * @param staging   the name of the staging file
     * @param safeBytes how many bytes from the beginning were acknowledged without a gap; 0 or more
     * @param endpoint  {@code user@host:port/root} of the server with the staging file
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
     * A file that is whole under its staging name and is about to get its final name, or already has it. Holds
     * everything that is needed to find out which, and to write the receipt.
     *
     * @param target           the final name
     * @param lane             the lane of the work, from 0
     * @param onConflict       what to do when the final name is taken
     * @param staging          the name of the staging file
     * @param bytes            its size; 0 or more
     * @param sha256           lower-case hexadecimal digest of the written bytes
     * @param proof            how the destination confirmed it
     * @param destinationClass the class of the destination's server
     * @param modified         modification time of the staging file as the server gave it, in seconds since 1970; empty
     *                         if the server gave none
     * @param endpoint         {@code user@host:port/root} of the server with the staging file
     * @param hostKey          fingerprint of the key that server showed, "SHA256:…"
     * @param at               when the upload was over
     * @param took             from the first byte read until then; never negative
     * @param given            the one name that it may get, if that was chosen beforehand; empty if it can only be the
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
