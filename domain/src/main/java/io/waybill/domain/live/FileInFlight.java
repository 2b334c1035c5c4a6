package io.waybill.domain.live;

import io.waybill.domain.FileId;
import io.waybill.domain.RouteName;
import io.waybill.domain.Texts;
import java.time.Instant;

/**
 * A file that a worker delivers now.
 *
 * @param name           the last part of its path at the destination, for people; a long one is cut
 * @param attempt        from 1 within the sending
 * @param step           the last {@link io.waybill.domain.Milestone} that it reached; may be one of a newer version
 * @param since          when the attempt began
 * @param done           bytes that the destination has acknowledged, with those of an upload that is resumed
 * @param bytesPerSecond lately
 */
public record FileInFlight(
        FileId id,
        RouteName route,
        String name,
        int sending,
        int attempt,
        String step,
        Instant since,
        long done,
        long size,
        long bytesPerSecond) {
    /** Characters kept of a name. */
    public static final int LONGEST_NAME = 200;

    public FileInFlight {
        name = Texts.cut(name, LONGEST_NAME);
    }
}
