package io.waybill.lives;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.sftp.Connector;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.SpareConnections;

/** Connects a worker to the simulated server. */
final class SimulatedConnector implements Connector {
    private final World world;
    private final Worker worker;

    SimulatedConnector(World world, Worker worker) {
        this.world = world;
        this.worker = worker;
    }

    @Override
    public RemoteFiles connect(DestinationConfig destination, SpareConnections spare) throws TransferException {
        Fault fault = world.remoteCall(worker);
        if (fault != null) {
            world.story().tell(worker.name(), "connect <- " + fault.kind());
            switch (fault.kind()) {
                case CRASH_BEFORE, CRASH_AFTER -> world.workers().crash(worker, fault.millis());
                case PAUSE, ZOMBIE, HAND_OVER -> world.workers().disturb(worker, fault);
                default -> throw new TransferException(FailureKind.UNREACHABLE, "refused");
            }
        }
        try {
            world.server(destination.name()).letIn();
        } catch (TransferException e) {
            world.story().tell(worker.name(), "connect: " + e.failure());
            throw e;
        }
        Server server = world.server(destination.name());
        return new Connection(world, worker, server, worker.findings(server));
    }

    @Override
    public void close() {
        // Its connections break with the process.
    }
}
