package io.waybill.e2e.crash;

/** What is done to a worker, or around it, at a point of its work. */
enum FaultAction {
    /** {@code kill -9} of the worker. */
    KILL(true),
    /** The worker is stopped for so long that its partitions go to others, and then goes on with its next step. */
    PAUSE(true),
    /** The SFTP server is killed with all its sessions, and started again. */
    SFTP_RESTART(true),
    /** The broker is killed with S3 and all other services, and started again. */
    BROKER_RESTART(true),
    /** The connection breaks before the server sees the request, or before the client sees the answer. */
    CUT(false),
    /** A step towards Kafka fails; the transaction can be aborted. */
    REFUSED(false),
    /** A commit fails, and so does the abort after it; it was committed or was not. */
    UNKNOWN(false),
    /** A commit times out; it was committed or was not yet. */
    TIMEOUT(false);

    private final boolean parks;

    FaultAction(boolean parks) {
        this.parks = parks;
    }

    /** Whether the worker waits at the point until the test lets it go on; otherwise it acts itself. */
    boolean parks() {
        return parks;
    }
}
