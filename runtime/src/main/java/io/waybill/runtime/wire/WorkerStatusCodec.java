package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.symbol;
import static io.waybill.runtime.wire.Parts.there;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.RouteName;
import io.waybill.domain.live.BreakerState;
import io.waybill.domain.live.DestinationStatus;
import io.waybill.domain.live.DestinationStatus.Outage;
import io.waybill.domain.live.FileInFlight;
import io.waybill.domain.live.WorkerStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@link WorkerStatus} as the record of {@code WorkerStatus.avsc}. */
final class WorkerStatusCodec implements Codec<WorkerStatus, io.waybill.avro.WorkerStatus> {
    private static final io.waybill.avro.WorkerStatus EMPTY =
            io.waybill.avro.WorkerStatus.newBuilder().build();
    private static final io.waybill.avro.DestinationStatus EMPTY_DESTINATION =
            io.waybill.avro.DestinationStatus.newBuilder().build();
    private static final io.waybill.avro.FileInFlight EMPTY_FILE =
            io.waybill.avro.FileInFlight.newBuilder().build();

    @Override
    public Class<io.waybill.avro.WorkerStatus> wireType() {
        return io.waybill.avro.WorkerStatus.class;
    }

    @Override
    public io.waybill.avro.WorkerStatus toWire(WorkerStatus status) {
        DestinationStatus destination = status.destination();
        return io.waybill.avro.WorkerStatus.newBuilder(EMPTY)
                .setWorker(status.worker())
                .setStarted(millis(status.started()))
                .setAt(millis(status.at()))
                .setDestination(destination == null ? null : toWire(destination))
                .build();
    }

    private static io.waybill.avro.DestinationStatus toWire(DestinationStatus destination) {
        Outage outage = destination.outage();
        return io.waybill.avro.DestinationStatus.newBuilder(EMPTY_DESTINATION)
                .setName(destination.name().value())
                .setBreaker(symbol(io.waybill.avro.BreakerState.class, destination.breaker()))
                .setOutageSince(outage == null ? null : millis(outage.since()))
                .setOutageKind(outage == null ? null : outage.kind())
                .setOutageDetail(outage == null ? null : outage.detail())
                .setNextTry(outage == null ? null : millis(outage.nextTry()))
                .setConnections(destination.connections())
                .setAllowed(destination.allowed())
                .setDestinationClass(destination.promised())
                .setTriedAt(destination.triedAt() == null ? null : millis(destination.triedAt()))
                .setHostKey(destination.hostKey())
                .setBytesPerSecond(destination.bytesPerSecond())
                .setFiles(destination.files().stream().map(WorkerStatusCodec::toWire).toList())
                .setMoreFiles(destination.moreFiles())
                .build();
    }

    private static io.waybill.avro.FileInFlight toWire(FileInFlight file) {
        return io.waybill.avro.FileInFlight.newBuilder(EMPTY_FILE)
                .setFileId(file.id().value())
                .setRoute(file.route().value())
                .setName(file.name())
                .setSending(file.sending())
                .setAttempt(file.attempt())
                .setStep(file.step())
                .setSince(millis(file.since()))
                .setDone(file.done())
                .setSize(file.size())
                .setBytesPerSecond(file.bytesPerSecond())
                .build();
    }

    @Override
    public WorkerStatus fromWire(io.waybill.avro.WorkerStatus wire) {
        io.waybill.avro.DestinationStatus destination = wire.getDestination();
        return new WorkerStatus(
                wire.getWorker(),
                Parts.time("started", wire.getStarted()),
                Parts.time("at", wire.getAt()),
                destination == null ? null : fromWire(destination));
    }

    private static DestinationStatus fromWire(io.waybill.avro.DestinationStatus wire) {
        return new DestinationStatus(
                new DestinationName(wire.getName()),
                symbol(BreakerState.class, wire.getBreaker()),
                outage(wire),
                wire.getConnections(),
                wire.getAllowed(),
                wire.getDestinationClass(),
                wire.getTriedAt() == null ? null : Parts.time("triedAt", wire.getTriedAt()),
                wire.getHostKey(),
                wire.getBytesPerSecond(),
                wire.getFiles().stream().map(WorkerStatusCodec::fromWire).toList(),
                wire.getMoreFiles());
    }

    private static @Nullable Outage outage(io.waybill.avro.DestinationStatus wire) {
        Instant since = wire.getOutageSince();
        return since == null
                ? null
                : new Outage(
                        Parts.time("outageSince", since),
                        there("outageKind", wire.getOutageKind()),
                        there("outageDetail", wire.getOutageDetail()),
                        Parts.time("nextTry", wire.getNextTry()));
    }

    private static FileInFlight fromWire(io.waybill.avro.FileInFlight wire) {
        return new FileInFlight(
                new FileId(wire.getFileId()),
                new RouteName(wire.getRoute()),
                wire.getName(),
                wire.getSending(),
                wire.getAttempt(),
                wire.getStep(),
                Parts.time("since", wire.getSince()),
                wire.getDone(),
                wire.getSize(),
                wire.getBytesPerSecond());
    }
}
