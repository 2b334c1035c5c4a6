package io.waybill.sftp;

/** A connection of a pool, lent until this object is closed. Others may use it at the same time. */
public interface PooledConnection extends AutoCloseable {
    RemoteFiles files();

    /** Whether nobody else uses the connection at this moment; costs nothing. */
    boolean alone();

    @Override
    void close();
}
