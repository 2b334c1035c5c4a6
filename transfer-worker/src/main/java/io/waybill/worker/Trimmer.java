package io.waybill.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes work that is done from the topic, which keeps everything by itself: a slow partner must not lose work to a
 * retention time. Called by the thread that polls; never waits.
 */
final class Trimmer {
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(Trimmer.class);

    private final Admin admin;
    private final Supplier<Collection<PartitionProgress>> owned;
    private final InstantSource time;
    private final Map<TopicPartition, Long> trimmed = new HashMap<>();
    private Instant next;

    Trimmer(Admin admin, Supplier<Collection<PartitionProgress>> owned, InstantSource time) {
        this.admin = admin;
        this.owned = owned;
        this.time = time;
        this.next = time.instant().plus(PERIOD);
    }

    /** Does it if it is time to. */
    void trim() {
        Instant now = time.instant();
        if (now.isBefore(next)) {
            return;
        }
        next = now.plus(PERIOD);
        Map<TopicPartition, RecordsToDelete> done = new HashMap<>();
        for (PartitionProgress progress : owned.get()) {
            long position = progress.committedPosition();
            Long before = trimmed.put(progress.partition(), position);
            if (position > 0 && (before == null || before < position)) {
                done.put(progress.partition(), RecordsToDelete.beforeOffset(position));
            }
        }
        if (!done.isEmpty()) {
            var _ = admin.deleteRecords(done).all().whenComplete((_, failure) -> {
                if (failure != null) {
                    LOG.atWarn()
                            .addKeyValue("failure", failure.toString())
                            .log("Finished work could not be trimmed; it will be tried again");
                }
            });
        }
    }
}
