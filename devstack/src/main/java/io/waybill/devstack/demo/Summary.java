package io.waybill.devstack.demo;

import io.waybill.devstack.demo.Shipment.Fate;
import io.waybill.devstack.demo.Shipment.NotStored;
import io.waybill.devstack.demo.Shipment.Stored;
import io.waybill.domain.FileState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds up the fates of the files of a run. For one thread. */
final class Summary {
    private final Instant began;
    private final Tracking tracking;
    private final Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
    private final List<Arrived> arrived = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private long bytes;

    /** A file that must be at the destination now. */
    record Arrived(Stored sent, FileState state) {}

    Summary(Instant began, Tracking tracking) {
        this.began = began;
        this.tracking = tracking;
    }

    void add(Shipment shipment) {
        switch (shipment) {
            case Stored stored -> addStored(stored, tracking.state(stored.id()));
            case NotStored(var file, var reason) -> fail(file.key() + " " + reason);
        }
    }

    private void addStored(Stored stored, Optional<FileState> state) {
        Optional<FileState> ended = state.filter(found -> found.status().terminal());
        Fate fate = ended.map(found -> Shipment.fate(found, began)).orElse(Fate.FAILED);
        if (fate == Fate.FAILED) {
            fail(stored.file().key() + " " + Shipment.reason(state));
            return;
        }
        fates.merge(fate, 1, Integer::sum);
        arrived.add(new Arrived(stored, ended.orElseThrow()));
        if (fate == Fate.DELIVERED) {
            bytes += stored.content().size();
        }
    }

    private void fail(String fault) {
        fates.merge(Fate.FAILED, 1, Integer::sum);
        faults.add(fault);
    }

    /** The files to compare at the destination. */
    List<Arrived> arrived() {
        return List.copyOf(arrived);
    }

    /**
     * @param differences the result of the comparison, one line each
     */
    DemoReport report(Duration time, List<String> differences) {
        faults.addAll(differences);
        int delivered = fates.getOrDefault(Fate.DELIVERED, 0);
        int unchanged = fates.getOrDefault(Fate.UNCHANGED, 0);
        int failed = fates.getOrDefault(Fate.FAILED, 0);
        return new DemoReport(
                delivered + unchanged + failed,
                delivered,
                unchanged,
                failed,
                bytes,
                time,
                differences.isEmpty(),
                List.copyOf(faults));
    }
}
