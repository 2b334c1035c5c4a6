package io.waybill.runtime.service;

/** A part of the product that runs until it is closed. Constructors do no I/O. */
public interface Service extends AutoCloseable {
    /** A constant name for threads, logs and health, such as "transfer-worker". */
    String name();

    /** Blocks; returns after {@link #close()}, or throws the failure that stopped it. Called once. */
    void run() throws Exception;

    /** Cheap, concurrent, never throws. */
    Health check();

    /** Asks {@link #run()} to return; does not wait for it. Idempotent, any thread. */
    @Override
    void close();
}
