package io.waybill.lives;

/**
 * Something that goes wrong in a life.
 *
 * @param at     at the how-manieth call of its kind, from 0; of a fault by the clock, milliseconds since the life began
 * @param millis how long it lasts, or how much later something happens
 * @param which  which worker, file, path or the like it hits; taken modulo how many there are
 */
record Fault(Kind kind, long at, long millis, int which) {
    /** What its {@link Fault#at} counts. */
    enum Point {
        /** Requests to the destination. */
        REMOTE,
        /** Requests to the brokers. */
        BROKER,
        /** Attempts to commit a transaction. */
        COMMIT,
        /** Objects asked for. */
        SOURCE,
        /** Attempts to find out with small files what a server keeps. */
        PROBE,
        /** Releases that a worker writes. */
        RELEASE,
        /** The clock. */
        TIME
    }

    enum Kind {
        /** The connection breaks before the server acted. */
        LOST_BEFORE(Point.REMOTE),
        /** The connection breaks after the server acted. */
        LOST_AFTER(Point.REMOTE),
        /** The connection breaks, and the server acts later. */
        ACTS_LATER(Point.REMOTE),
        /** The server says FAILURE. */
        REFUSED(Point.REMOTE),
        /** The server says that it has no room. */
        DISK_FULL(Point.REMOTE),
        /** A staging file becomes shorter, and all connections break. */
        SHORTENED(Point.REMOTE),
        /** The server is restarted: all connections break. */
        SERVER_RESTART(Point.REMOTE),
        CRASH_BEFORE(Point.REMOTE),
        CRASH_AFTER(Point.REMOTE),
        PAUSE(Point.REMOTE),
        /** The partition goes to the other worker, and this one does not know. */
        ZOMBIE(Point.REMOTE),
        /** The partition is handed over. */
        HAND_OVER(Point.REMOTE),
        CRASH_AT_BROKER(Point.BROKER),
        ZOMBIE_AT_BROKER(Point.BROKER),
        HAND_OVER_AT_BROKER(Point.BROKER),
        PAUSE_AT_BROKER(Point.BROKER),
        ABORTED(Point.COMMIT),
        TIMED_OUT(Point.COMMIT),
        /** Nobody knows; it is committed. */
        UNKNOWN_COMMITTED(Point.COMMIT),
        /** Nobody knows; it is committed, and its markers come later. */
        UNKNOWN_COMMITTED_LATER(Point.COMMIT),
        /** Nobody knows; it is aborted when the producer is replaced. */
        UNKNOWN_ABORTED(Point.COMMIT),
        /** Committed, and then the worker crashes. */
        CRASH_AFTER_COMMIT(Point.COMMIT),
        FORBIDDEN_403(Point.SOURCE),
        GONE_404(Point.SOURCE),
        CHANGED_412(Point.SOURCE),
        BUSY_503(Point.SOURCE),
        /** The store ignores what was asked for and gives the newest version, as it says. */
        OTHER_VERSION(Point.SOURCE),
        /** The stream ends early. */
        SHORT_READ(Point.SOURCE),
        /** The stream breaks. */
        BROKEN_READ(Point.SOURCE),
        /** Nothing certain comes of a probe. */
        PROBE_FAILS(Point.PROBE),
        /** A worker dies, whatever it is at. */
        CRASH_NOW(Point.TIME),
        /** The partition is handed over, whatever its owner is at. */
        HAND_OVER_NOW(Point.TIME),
        /** The destination cannot be reached. */
        OUTAGE(Point.TIME),
        /** It refuses the login. */
        LOGIN_REFUSED(Point.TIME),
        /** It takes no further connections, and keeps those that it has. */
        NO_MORE_CONNECTIONS(Point.TIME),
        LEDGER_OFFLINE(Point.TIME),
        WORK_OFFLINE(Point.TIME),
        INDEX_OFFLINE(Point.TIME),
        CONTROLS_OFFLINE(Point.TIME),
        /** What is superseded is taken out of the ledgers, the indexes and the controls. */
        COMPACTED(Point.TIME),
        /** Another process is started with the worker's id, and stopped again. */
        DUPLICATE_ID(Point.TIME),
        /** One worker is started again, and stages otherwise than the other and with another number of files at once. */
        WORKER_DIFFERS(Point.TIME),
        /** The route has another name from now on; what it sent before goes on under the old one. */
        ROUTE_RENAMED(Point.TIME),
        /** The destination has another name from now on; the queue is run empty before. */
        DESTINATION_RENAMED(Point.TIME),
        /** The monitor is started again, with other time-outs. */
        MONITOR_RECONFIGURED(Point.TIME),
        /** The monitor reads all states once more. */
        MONITOR_REPLAYS(Point.TIME),
        /** What the monitor says is lost for a while. */
        DEADLINES_LOST(Point.TIME),
        /** A transaction that would have handed out work is aborted: its records take offsets, and nobody reads them. */
        WORK_ABORTED(Point.TIME),
        CLOCK_BACK(Point.TIME),
        CLOCK_AHEAD(Point.TIME),
        /** The partner puts a file of its own under a final name. */
        PARTNER_PUTS(Point.TIME),
        /** The partner takes what is there. */
        PARTNER_TAKES(Point.TIME),
        /** Nothing may be written. */
        READ_ONLY(Point.TIME),
        /** One worker is started again without the destination. */
        DESTINATION_REMOVED(Point.TIME),
        /** One worker is started again with another number of connections; the state too. */
        MORE_LANES(Point.TIME),
        /** The state is started again without the route. */
        ROUTE_REMOVED(Point.TIME),
        /** The destination is moved: another host. */
        HOST_RENAMED(Point.TIME),
        /** The store answers no question, also not about the bucket. */
        STORE_DOWN(Point.TIME),
        /** A worker dies when it has written that a place may be tried, and has not committed it. */
        CRASH_AT_RELEASE(Point.RELEASE),
        /** A destination cannot be reached, and meanwhile the clock of a worker is set back. */
        CLOCK_BACK_IN_OUTAGE(Point.TIME),
        /** Nobody knows the route and its destination; then one process after the other does. */
        ROLLED_OUT(Point.TIME),
        REDRIVE(Point.TIME),
        CANCEL(Point.TIME),
        CANCEL_THEN_REDRIVE(Point.TIME),
        RESOLVE_DELIVERED(Point.TIME),
        RESOLVE_RESEND(Point.TIME),
        /** A person does not wait for the next attempt. */
        RETRY(Point.TIME),
        /** A person wants all files of a destination tried now. */
        RETRY_DESTINATION(Point.TIME),
        /** A person pauses a destination, and resumes it or said when the pause ends. */
        DESTINATION_PAUSED(Point.TIME),
        /** The same, of the route of a destination. */
        ROUTE_PAUSED(Point.TIME),
        /** A person wants a file delivered once more; some have the importers told, too. */
        RESEND(Point.TIME),
        /** A person wants a file forgotten, and later the store tells of its object once more. */
        FORGET(Point.TIME);

        private final Point point;

        Kind(Point point) {
            this.point = point;
        }

        Point point() {
            return point;
        }

        /** Whether it means something only where the real monitor watches. */
        boolean ofMonitor() {
            return this == MONITOR_RECONFIGURED || this == MONITOR_REPLAYS || this == DEADLINES_LOST;
        }

        /** Whether it can be drawn only beside the others, so that what was drawn before is drawn still. */
        boolean beside() {
            return switch (this) {
                case STORE_DOWN, CRASH_AT_RELEASE, CLOCK_BACK_IN_OUTAGE, ROLLED_OUT, RETRY, RETRY_DESTINATION, RESEND,
                        FORGET ->
                    true;
                default -> pauses();
            };
        }

        /** Whether it is a pause, whose time does not count against files. */
        boolean pauses() {
            return this == DESTINATION_PAUSED || this == ROUTE_PAUSED;
        }

        /** Whether it is the doing of a person who asks something of a file. */
        boolean request() {
            return this == RESEND || this == FORGET
                    || ordinal() >= REDRIVE.ordinal() && ordinal() <= RETRY_DESTINATION.ordinal();
        }
    }
}
