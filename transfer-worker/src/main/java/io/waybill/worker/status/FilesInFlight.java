package io.waybill.worker.status;

import io.waybill.domain.DestinationName;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.time.ProcessClock;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The files that this worker delivers now. Any thread. */
public final class FilesInFlight {
    private final ProcessClock time;
    private final Map<DestinationName, Set<FileProgress>> files = new ConcurrentHashMap<>();
    private final Map<DestinationName, LongAdder> bytes = new ConcurrentHashMap<>();

    public FilesInFlight(ProcessClock time) {
        this.time = time;
    }

    /** The delivery of a file begins. The caller ends it by {@link #ended}. */
    public FileProgress began(TransferWork work) {
        DestinationName destination = work.target().destination();
        var progress = new FileProgress(work, time, bytes.computeIfAbsent(destination, _ -> new LongAdder()));
        files.computeIfAbsent(destination, _ -> ConcurrentHashMap.newKeySet()).add(progress);
        return progress;
    }

    /** The delivery has ended, in whatever way. */
    public void ended(FileProgress progress) {
        of(progress.work().target().destination()).remove(progress);
    }

    /** The destinations to which files were delivered since the start. */
    Set<DestinationName> destinations() {
        return files.keySet();
    }

    /** The files of a destination, in no order. */
    Collection<FileProgress> of(DestinationName destination) {
        return files.getOrDefault(destination, Set.of());
    }

    /** How many bytes of all its files a destination has acknowledged since the start. */
    long bytes(DestinationName destination) {
        LongAdder sum = bytes.get(destination);
        return sum == null ? 0 : sum.sum();
    }
}
