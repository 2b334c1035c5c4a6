package io.waybill.sftp;

/** A connection that is lent to somebody until he closes the loan; others may use it at the same time. */
public interface Loan extends AutoCloseable {
    RemoteFiles files();

    /** Whether nobody else uses the connection at this moment; costs nothing. */
    boolean alone();

    @Override
    void close();
}
