package io.waybill.runtime.status;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.live.DestinationStatus;
import io.waybill.domain.live.FileInFlight;
import io.waybill.domain.live.WorkerStatus;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.TopicReader;
import io.waybill.runtime.topic.TopicReader.Met;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The workers that live, and what they said last, as far as it was read from {@code worker-status}. What a dead worker said
 * is left out. One thread calls {@link #read}; any thread may call the other methods.
 */
public final class LiveWorkers implements TopicReader.Listener<String, WorkerStatus> {
    /** After so much silence the entries of a worker are removed from the topic. */
    static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private static final Duration DAY = Duration.ofDays(1);

    private final ProcessClock time;
    private final Map<String, Worker> workers = new ConcurrentHashMap<>();
    private final Map<String, WorkerStatus> entries = new ConcurrentHashMap<>();

    /**
     * @param heard when the worker gave its last sign of life, by this process's own clock
     */
    private record Worker(Instant started, long heard) {}

    /** What a worker says about a file. */
    public record Found(String worker, Instant at, FileInFlight file) {}

    public LiveWorkers(ProcessClock time) {
        this.time = time;
    }

    /**
     * A record that was written while this process reads is a sign of life now, whatever the clock of its worker says. An
     * older one is as old as its worker says.
     */
    @Override
    public void read(String key, @Nullable WorkerStatus status, Met met) {
        if (status == null) {
            entries.remove(key);
            if (key.startsWith(WorkerStatus.heartbeatKey(""))) {
                workers.remove(key.substring(WorkerStatus.heartbeatKey("").length()));
            }
            return;
        }
        long heard = time.nanos() - (met == Met.FRESH ? 0 : age(status).toNanos());
        workers.merge(
                status.worker(),
                new Worker(status.started(), heard),
                (one, other) -> newer(one, other, met == Met.FRESH));
        if (status.destination() != null) {
            entries.put(key, status);
        }
    }

    private Duration age(WorkerStatus status) {
        Duration age = Duration.between(status.at(), time.instant());
        return age.isNegative() ? Duration.ZERO : age.compareTo(DAY) > 0 ? DAY : age;
    }

    /** Partitions are read in no common order, so that an older record may come later. */
    private static Worker newer(Worker known, Worker read, boolean fresh) {
        if (!read.started().equals(known.started())) {
            return fresh || read.started().isAfter(known.started()) ? read : known;
        }
        return read.heard() - known.heard() > 0 ? read : known;
    }

    private boolean lives(Worker worker) {
        return time.since(worker.heard()).compareTo(WorkerStatus.SILENCE) <= 0;
    }

    /** How many workers live. */
    public int count() {
        return (int) workers.values().stream().filter(this::lives).count();
    }

    /** What living workers say about a destination, in the order of their names. */
    public List<WorkerStatus> of(DestinationName name) {
        return live().filter(status -> Objects.requireNonNull(status.destination()).name().equals(name))
                .sorted(Comparator.comparing(WorkerStatus::worker))
                .toList();
    }

    private Stream<WorkerStatus> live() {
        return entries.values().stream().filter(status -> {
            Worker worker = workers.get(status.worker());
            return worker != null && lives(worker) && worker.started().equals(status.started());
        });
    }

    /** What a worker says about a file that it delivers; empty if none is known to deliver it. */
    public Optional<Found> of(FileId id) {
        return live()
                .flatMap(status -> files(status)
                        .filter(file -> file.id().equals(id))
                        .map(file -> new Found(status.worker(), status.at(), file)))
                .max(Comparator.comparing(Found::at));
    }

    private static Stream<FileInFlight> files(WorkerStatus status) {
        DestinationStatus destination = status.destination();
        return destination == null ? Stream.empty() : destination.files().stream();
    }

    /** The keys of what nobody needs any more: it is of workers that are silent for long, or of their earlier processes. */
    List<String> past() {
        var past = new ArrayList<String>();
        workers.forEach((name, worker) -> {
            if (time.since(worker.heard()).compareTo(FORGOTTEN) > 0) {
                past.add(WorkerStatus.heartbeatKey(name));
            }
        });
        entries.forEach((key, status) -> {
            Worker worker = workers.get(status.worker());
            if (worker == null || time.since(worker.heard()).compareTo(FORGOTTEN) > 0 || replaced(status, worker)) {
                past.add(key);
            }
        });
        return past;
    }

    /** A process that has just begun is about to write its own entry. */
    private boolean replaced(WorkerStatus status, Worker worker) {
        return !status.started().equals(worker.started())
                && Duration.between(worker.started(), time.instant()).compareTo(FORGOTTEN) > 0;
    }
}
