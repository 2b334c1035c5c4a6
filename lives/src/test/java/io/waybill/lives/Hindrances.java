package io.waybill.lives;

import java.util.HashMap;
import java.util.Map;

/** Until when something may keep files from their end, for all files or for those of one destination or partition. */
final class Hindrances {
    private static final long DAY = 24 * 3_600_000L;
    private static final long BETWEEN_LOGINS = 2 * 3_600_000L;
    private static final long CLOCKS_DIFFER = 3_600_000L;

    private final Kernel kernel;
    private final Map<Object, Long> until = new HashMap<>();
    private long allUntil;

    Hindrances(Kernel kernel) {
        this.kernel = kernel;
    }

    /** A fault happens; those that hit one destination or partition are told of by {@link #only} as well. */
    void all(Fault fault) {
        switch (fault.kind()) {
            case OUTAGE,
                    CLOCK_BACK_IN_OUTAGE,
                    LOGIN_REFUSED,
                    NO_MORE_CONNECTIONS,
                    READ_ONLY,
                    LEDGER_OFFLINE,
                    WORK_OFFLINE,
                    INDEX_OFFLINE,
                    DESTINATION_PAUSED,
                    ROUTE_PAUSED -> {
                // Of the others they hinder nobody.
            }
            case CLOCK_BACK, PARTNER_TAKES, COMPACTED -> {
                // They hinder nobody.
            }
            // What is to be done later is done a day later, until the clock is right again.
            case CLOCK_AHEAD -> allUntil = Long.MAX_VALUE / 2;
            case DEADLINES_LOST -> allUntil = Math.max(
                    allUntil, kernel.now() + fault.millis() + Monitor.SAID_AGAIN.toMillis());
            default -> allUntil = Math.max(allUntil, kernel.now() + fault.millis());
        }
    }

    /** All clocks that were ahead are right again, and what was put off by them comes a day later. */
    void clocksMended() {
        if (allUntil == Long.MAX_VALUE / 2) {
            allUntil = kernel.now() + DAY;
        }
    }

    /** Something hinders the files of one server, whatever its destination is called, or the work of one partition. */
    void only(Object what, Fault fault) {
        long more = switch (fault.kind()) {
            // A login that is refused is tried less and less often, so as not to lock the account.
            case LOGIN_REFUSED -> BETWEEN_LOGINS;
            // A worker whose clock is behind ends a pause so much later, if that was to end by itself.
            case DESTINATION_PAUSED, ROUTE_PAUSED -> CLOCKS_DIFFER;
            default -> 0;
        };
        until.merge(what, kernel.now() + fault.millis() + more, Math::max);
    }

    /** Until when files may have been hindered, in milliseconds since the life began. */
    long until(Server server, int partition) {
        return Math.max(allUntil, Math.max(until.getOrDefault(server, 0L), until.getOrDefault(partition, 0L)));
    }
}
