package io.waybill.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tells importers of a file that they may take. Each file gets exactly one, and one more for each resend that was asked
 * for with {@code announce}.
 *
 * @param target  where it was delivered; null for a hosted drop
 * @param receipt the proof of delivery; null for a hosted drop
 * @param readyAt when it became ready
 */
public record ReadyFile(
        FileId id,
        RouteName route,
        SourceObject source,
        @Nullable Target target,
        @Nullable Receipt receipt,
        Instant readyAt) {}
