package io.waybill.worker.delivery;

/** How a file gets its final name. */
public enum Protocol {
    /** The intent is committed before the rename: exactly once. */
    TWO_PHASE,
    /**
     * Renames first and commits then, as transfer tools do: a crash between the two sends a file twice. It shows what
     * the other costs, and that checks of exactly-once can fail.
     */
    COMMIT_AFTER_RENAME
}
