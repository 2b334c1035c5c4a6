package io.waybill.sftp;

import java.util.Optional;

/** Connections to the same destination that nobody uses at the moment. Any thread. */
@FunctionalInterface
public interface SpareConnections {
    /** There is never one. */
    SpareConnections NONE = Optional::empty;

    /**
     * Lends one, and may wait until it is made. Whoever has it is a guest: those that it belongs to may come back at any
     * time, or lose it.
     */
    Optional<PooledConnection> lend();
}
