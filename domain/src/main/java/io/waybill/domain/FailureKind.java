package io.waybill.domain;

/**
 * Why an attempt failed. The names are metric tags, Avro symbols and JSON values, hence public: add, never rename.
 * {@link #retryable()} decides whether the next attempt is worth its cost; the free-text detail beside a kind is for
 * people and is never parsed.
 */
public enum FailureKind {
    /**
     * The object's key gives no safe path below the destination's root, or the destination cannot write that path, or
     * Waybill reserves that path for itself.
     */
    BAD_NAME(false),
    /** The object was deleted before it was delivered. */
    SOURCE_GONE(false),
    /**
     * The object was replaced before it was delivered; the replacement is a file of its own. Or it is unchanged since a
     * version that was delivered, and the route skips such objects.
     */
    SUPERSEDED(false),
    /** The store refuses to let Waybill read the object. Deferred if the object is in an archive. */
    SOURCE_FORBIDDEN(false),
    /** The store did not answer, broke off, or gave bytes that differ from its own description. */
    SOURCE_UNREACHABLE(true),
    /** The work names a destination that this worker's configuration does not have. */
    UNKNOWN_DESTINATION(false),
    /** No connection to the destination: refused, no route, name not found, or no answer in time. */
    UNREACHABLE(true),
    /** The destination refused the user or key. Never retried by itself: repeats lock accounts. */
    AUTHENTICATION(false),
    /** The destination showed a host key that is not pinned. */
    HOST_KEY(false),
    /** A directory on the way to the target path does not exist. */
    PATH_MISSING(false),
    /** The destination forbids writing there. */
    FORBIDDEN(false),
    /**
     * The target name is taken and the route's conflict policy is to refuse. Or a directory has the name, or a file has
     * the name of one of its directories. Or the destination regards the name of another file as the same.
     */
    NAME_CONFLICT(false),
    /** The destination has no room, or a quota is used up. */
    DISK_FULL(true),
    /** The connection broke during the transfer. */
    CONNECTION_LOST(true),
    /** No byte was acknowledged for too long. */
    STALLED(true),
    /** The file at the destination is not the file that was sent. */
    VERIFICATION(true),
    /** Any other refusal by the destination. */
    REMOTE_ERROR(true),
    /** An importer tried and failed. */
    IMPORT_FAILED(true),
    /** An importer found the file's content unusable. */
    IMPORT_REJECTED(false),
    /** An operator cancelled the file. */
    CANCELLED(false),
    /** The destination does not show whether the file was delivered. A person resolves it. */
    IN_DOUBT(false),
    /** A fault of Waybill itself. */
    INTERNAL(true);

    private final boolean retryable;

    FailureKind(boolean retryable) {
        this.retryable = retryable;
    }

    public boolean retryable() {
        return retryable;
    }
}
