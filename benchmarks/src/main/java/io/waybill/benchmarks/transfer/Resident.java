package io.waybill.benchmarks.transfer;

import io.waybill.benchmarks.transfer.Exchange.Order;
import java.io.IOException;

/** A contestant in a JVM that stays, warm and connected, from one workload to the next. */
final class Resident implements Contestant {
    private final String name;
    private final String description;
    private final Daemon daemon;
    private final Shape shape;

    /**
     * How much it does at one time, and where it reads.
     *
     * @param connections most connections at one time
     * @param inFlight    files at one time over one connection
     * @param store       address of the S3 store that has each workload in a bucket of its name; empty for the files
     *                    themselves
     */
    record Shape(int connections, int inFlight, String store) {}

    /**
     * @param daemon closed by whoever started it; several contestants may be one JVM
     */
    Resident(String name, String description, Daemon daemon, Shape shape) {
        this.name = name;
        this.description = description;
        this.daemon = daemon;
        this.shape = shape;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Spent send(Workload workload, Endpoint endpoint) throws ContestantFailedException, IOException {
        var order = new Order(
                shape.store(),
                shape.store().isEmpty() ? workload.directory().toString() : workload.name(),
                workload.fileNames(),
                endpoint.port(),
                endpoint.user(),
                endpoint.key(),
                endpoint.hostKey(),
                endpoint.directory(),
                shape.connections(),
                shape.inFlight());
        daemon.require(daemon.ask(order.line()), Exchange.READY);
        return daemon.go();
    }

    @Override
    public void close() {
        // The JVM goes on; it is its starter's to end.
    }
}
