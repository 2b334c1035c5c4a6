package io.waybill.worker.status;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.live.BreakerState;
import io.waybill.domain.live.DestinationStatus;
import io.waybill.domain.live.FileInFlight;
import io.waybill.domain.live.WorkerStatus;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.worker.connections.ConnectionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say at one moment: what has changed, what is under way, and now and then that the worker lives. One
 * thread at a time.
 */
final class StatusEntries {
    /** A reader may have removed an entry in the moment in which it was written. */
    private static final Duration REFRESH = Duration.ofMinutes(5);
    /** The next try of an outage is computed anew at each look, and is never the same to the millisecond. */
    private static final Duration SAME = Duration.ofSeconds(1);

    private final String worker;
    private final Map<DestinationName, DestinationConfig> destinations;
    private final Supplier<? extends Collection<ConnectionState>> connections;
    private final FilesInFlight files;
    private final ProcessClock time;
    private final Instant started;
    private final Map<DestinationName, Said> said = new HashMap<>();
    private final Map<DestinationName, Rate> rates = new HashMap<>();
    private @Nullable Long heartbeat;

    private record Said(DestinationStatus status, long at) {}

    private record Rate(long bytes, long at) {}

    StatusEntries(
            String worker,
            Map<DestinationName, DestinationConfig> destinations,
            Supplier<? extends Collection<ConnectionState>> connections,
            FilesInFlight files,
            ProcessClock time) {
        this.worker = worker;
        this.destinations = Map.copyOf(destinations);
        this.connections = connections;
        this.files = files;
        this.time = time;
        this.started = time.instant();
    }

    /** What is to be written now. It counts as written, unless {@link #lost} is called. */
    List<WorkerStatus> due() {
        var due = new ArrayList<WorkerStatus>();
        Long last = heartbeat;
        if (last == null || time.since(last).compareTo(WorkerStatus.HEARTBEAT) >= 0) {
            heartbeat = time.nanos();
            due.add(new WorkerStatus(worker, started, time.instant(), null));
        }
        var states = new HashMap<DestinationName, ConnectionState>();
        connections.get().forEach(state -> states.put(state.destination(), state));
        Set<DestinationName> known = new HashSet<>(states.keySet());
        known.addAll(files.destinations());
        for (DestinationName name : known) {
            DestinationStatus status = look(name, states.get(name));
            if (isDue(status)) {
                said.put(name, new Said(status, time.nanos()));
                due.add(new WorkerStatus(worker, started, time.instant(), status));
            }
        }
        return due;
    }

    private boolean isDue(DestinationStatus status) {
        Said before = said.get(status.name());
        return before == null
                || status.inFlight() > 0
                || !status.equals(before.status())
                || time.since(before.at()).compareTo(REFRESH) >= 0;
    }

    /** Nobody knows what of the last entries was written: all are due again. */
    void lost() {
        heartbeat = null;
        // Their texts stay: the class of a destination is known from earlier connections.
        said.replaceAll((_, before) -> new Said(before.status(), time.nanos() - REFRESH.toNanos()));
    }

    /** The keys of all that was said. */
    List<String> keys() {
        return Stream.concat(
                Stream.of(WorkerStatus.heartbeatKey(worker)),
                said.keySet().stream().map(name -> WorkerStatus.key(worker, name)))
                .toList();
    }

    private DestinationStatus look(DestinationName name, @Nullable ConnectionState state) {
        Said last = said.get(name);
        @Nullable DestinationStatus before = last == null ? null : last.status();
        DestinationConfig destination = destinations.get(name);
        List<FileInFlight> all = files.of(name).stream()
                .map(file -> file.look(time))
                .sorted(Comparator.comparingLong(FileInFlight::size).reversed().thenComparing(FileInFlight::id))
                .toList();
        List<FileInFlight> shown = all.subList(0, Math.min(all.size(), DestinationStatus.MOST_FILES));
        return new DestinationStatus(
                name,
                breaker(state),
                outage(state, before),
                state == null ? 0 : state.open(),
                destination == null ? 0 : destination.lanes(),
                promised(state, before),
                state == null ? null : state.triedAt().orElse(null),
                state == null ? null : state.hostKey().orElse(null),
                rate(name),
                shown,
                all.size() - shown.size());
    }

    private static BreakerState breaker(@Nullable ConnectionState state) {
        if (state == null || state.outage().isEmpty()) {
            return BreakerState.CLOSED;
        }
        return state.outage().get().crowded() ? BreakerState.LIMITED : BreakerState.OPEN;
    }

    private static DestinationStatus.@Nullable Outage outage(
            @Nullable ConnectionState state, @Nullable DestinationStatus before) {
        if (state == null || state.outage().isEmpty()) {
            return null;
        }
        ConnectionState.Outage outage = state.outage().get();
        var found = new DestinationStatus.Outage(
                outage.since(), outage.failure().kind().name(), outage.failure().detail(), outage.nextTry());
        DestinationStatus.Outage known = before == null ? null : before.outage();
        return known == null || Duration.between(known.nextTry(), found.nextTry()).abs().compareTo(SAME) >= 0
                ? found
                : new DestinationStatus.Outage(found.since(), found.kind(), found.detail(), known.nextTry());
    }

    private static @Nullable String promised(@Nullable ConnectionState state, @Nullable DestinationStatus before) {
        return state != null && state.promised().isPresent()
                ? state.promised().map(DestinationClass::letter).orElseThrow()
                : before == null ? null : before.promised();
    }

    /** Since the last look. */
    private long rate(DestinationName name) {
        long bytes = files.bytes(name);
        Rate before = rates.put(name, new Rate(bytes, time.nanos()));
        return before == null ? 0 : FileProgress.rate(bytes - before.bytes(), time.since(before.at()));
    }
}
