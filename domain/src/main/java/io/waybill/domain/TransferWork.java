package io.waybill.domain;

import java.time.Duration;
import java.util.List;

/**
 * One attempt that a transfer-worker must make. It carries the route's current delivery settings, so that a worker
 * needs to know only the destinations.
 *
 * @param settledSendings the highest sending whose end the state knew when it asked for this attempt; 0 if none. Always
 *                        below the attempt's own sending
 * @param keep            how long older work for the same object may still come, more than zero. The worker keeps its
 *                        memory of this attempt that long
 * @param attributes      what the worker sets on what it makes at the destination
 * @param skipUnchanged   whether the worker skips an object that is unchanged since the version that it delivered last
 * @param delivered       further earlier sendings, above {@code settledSendings}, that are known to have delivered the
 *                        file. They are no reason to skip this one
 */
public record TransferWork(
        FileId id,
        RouteName route,
        Attempt attempt,
        SourceObject source,
        Target target,
        ConflictPolicy onConflict,
        Proof verify,
        boolean createDirectories,
        int settledSendings,
        Duration keep,
        Delivery.Attributes attributes,
        boolean skipUnchanged,
        List<Integer> delivered) {
    /** The sum of the default time-outs. */
    public static final Duration DEFAULT_KEEP = Timeouts.DEFAULT.sum();

    public TransferWork {
        if (settledSendings < 0 || settledSendings >= attempt.sending()) {
            throw new IllegalArgumentException("settledSendings is 0 or more and below the sending "
                    + attempt.sending() + ", but was: " + settledSendings);
        }
        delivered = List.copyOf(delivered);
        if (delivered.stream().anyMatch(sending -> sending >= attempt.sending())) {
            throw new IllegalArgumentException("delivered sendings are below the sending " + attempt.sending()
                    + ", but were: " + delivered);
        }
        if (!keep.isPositive()) {
            throw new IllegalArgumentException("keep must be more than zero, but was: " + keep);
        }
    }

    /** Whether the state knew the end of a sending when it asked for this attempt. */
    public boolean knows(int sending) {
        return sending <= settledSendings || delivered.contains(sending);
    }

    /** An attempt before which no delivery is known but those of settled sendings. */
    public TransferWork(
            FileId id,
            RouteName route,
            Attempt attempt,
            SourceObject source,
            Target target,
            ConflictPolicy onConflict,
            Proof verify,
            boolean createDirectories,
            int settledSendings,
            Duration keep,
            Delivery.Attributes attributes,
            boolean skipUnchanged) {
        this(
                id,
                route,
                attempt,
                source,
                target,
                onConflict,
                verify,
                createDirectories,
                settledSendings,
                keep,
                attributes,
                skipUnchanged,
                List.of());
    }

    /** An attempt that delivers whatever the object is. */
    public TransferWork(
            FileId id,
            RouteName route,
            Attempt attempt,
            SourceObject source,
            Target target,
            ConflictPolicy onConflict,
            Proof verify,
            boolean createDirectories,
            int settledSendings,
            Duration keep,
            Delivery.Attributes attributes) {
        this(
                id,
                route,
                attempt,
                source,
                target,
                onConflict,
                verify,
                createDirectories,
                settledSendings,
                keep,
                attributes,
                false);
    }

    /** An attempt that sets no attributes. */
    public TransferWork(
            FileId id,
            RouteName route,
            Attempt attempt,
            SourceObject source,
            Target target,
            ConflictPolicy onConflict,
            Proof verify,
            boolean createDirectories,
            int settledSendings,
            Duration keep) {
        this(
                id,
                route,
                attempt,
                source,
                target,
                onConflict,
                verify,
                createDirectories,
                settledSendings,
                keep,
                Delivery.Attributes.NONE);
    }

    /** An attempt without settled sendings. */
    public TransferWork(
            FileId id,
            RouteName route,
            Attempt attempt,
            SourceObject source,
            Target target,
            ConflictPolicy onConflict,
            Proof verify,
            boolean createDirectories) {
        this(id, route, attempt, source, target, onConflict, verify, createDirectories, 0, DEFAULT_KEEP);
    }
}
