package io.waybill.ingest;

import io.waybill.runtime.config.Key;
import io.waybill.runtime.config.KeyType;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.Section;
import java.time.Duration;

/**
 * The section of the configuration that ingest alone reads.
 *
 * @param retryFor how long ingest asks again about an object that the store does not describe; more than zero
 */
public record IngestSettings(Duration retryFor) {
    private static final Key<Duration> RETRY_FOR = Key.of(
            "retryFor",
            KeyType.POSITIVE_DURATION,
            Duration.ofHours(24),
            "How long ingest asks again about an object that the store does not describe, before it becomes a dead"
                    + " letter; a bucket that does not answer at all is asked without limit.");

    /** The section {@code ingest}. */
    public static final OwnSection<IngestSettings> SECTION = new OwnSection<>(
            Section.fixed("ingest", "The ingest-service.", RETRY_FOR),
            keys -> new IngestSettings(keys.get(RETRY_FOR)));
}
