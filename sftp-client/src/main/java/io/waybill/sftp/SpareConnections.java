package io.waybill.sftp;

import java.util.Optional;

/** Connections to the same destination that are idle at the moment. Any thread. */
@FunctionalInterface
public interface SpareConnections {
    /** Never lends a connection. */
    SpareConnections NONE = Optional::empty;

    /**
     * Lends a connection, and may wait until it is open. The borrower is a guest: the owner may use the connection again at
     * any time, or lose it.
     */
    Optional<PooledConnection> lend();
}
