package io.waybill.benchmarks.transfer;

import java.io.IOException;

/** Something that sends files to a server. One thread. */
interface Contestant extends AutoCloseable {
    /** As figures have it. */
    String name();

    /** Which version it is, and what else there is to say of how it is run. */
    String description();

    /**
     * Sends all files of a workload.
     *
     * @throws ContestantFailedException if it did not, and says so
     */
    Spent send(Workload workload, Endpoint endpoint)
            throws ContestantFailedException, IOException, InterruptedException;

    @Override
    void close();
}
