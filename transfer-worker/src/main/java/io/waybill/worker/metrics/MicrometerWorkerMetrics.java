package io.waybill.worker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.runtime.kafka.ConsumerLag;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;

/** The worker's metrics, all named {@code waybill.worker...}. docs/metrics.md lists their names, labels and units. */
public final class MicrometerWorkerMetrics implements WorkerMetrics {
    private static final String ITEMS = "waybill.worker.items";
    private static final String UNWANTED = "waybill.worker.unwanted";
    private static final String IN_FLIGHT = "waybill.worker.in.flight";
    private static final String UP = "waybill.worker.destination.up";
    private static final String SOURCE_UP = "waybill.worker.source.up";
    private static final String DESTINATION = "destination";

    private static final String CONNECTIONS = "waybill.worker.destination.connections";
    private static final String BYTES = "waybill.worker.destination.bytes";
    private static final String REFUSALS = "waybill.worker.destination.refusals";

    private final MeterRegistry registry;
    private final Counter bytes;
    private final Counter statusLost;
    private final Timer commits;
    private final DistributionSummary reports;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final Map<DestinationName, AtomicInteger> inFlight = new ConcurrentHashMap<>();
    private final Map<DestinationName, AtomicInteger> connected = new ConcurrentHashMap<>();
    private final Map<DestinationName, AtomicInteger> up = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> sources = new ConcurrentHashMap<>();

    /**
     * @param destinations that are configured; they are shown before the worker tries them
     */
    public MicrometerWorkerMetrics(MeterRegistry registry, Collection<DestinationName> destinations) {
        this.registry = registry;
        this.bytes = Counter.builder("waybill.worker.bytes").baseUnit("bytes").register(registry);
        this.statusLost = Counter.builder("waybill.worker.status.lost").register(registry);
        this.commits = Timer.builder("waybill.worker.commit").publishPercentileHistogram().register(registry);
        this.reports = DistributionSummary.builder("waybill.worker.commit.reports").register(registry);
        registry.gauge("waybill.worker.connections", connections);
        registry.gauge("waybill.worker.partitions.held", held);
        destinations.forEach(this::show);
    }

    /** Nothing is known against a destination that was not tried. */
    private void show(DestinationName destination) {
        AtomicInteger reached = gauge(UP, destination);
        reached.set(1);
        up.put(destination, reached);
        inFlight.put(destination, gauge(IN_FLIGHT, destination));
        connected.put(destination, gauge(CONNECTIONS, destination));
        registry.counter(REFUSALS, DESTINATION, destination.value());
        registry.counter(BYTES, DESTINATION, destination.value());
    }

    @Override
    public void reads(Consumer<?, ?> consumer) {
        ConsumerLag.show(registry, "transfer-worker", consumer::metrics);
    }

    @Override
    public void delivered(DestinationName destination, long deliveredBytes) {
        registry.counter(BYTES, DESTINATION, destination.value()).increment((double) deliveredBytes);
    }

    @Override
    public void sent(int sentBytes) {
        bytes.increment(sentBytes);
    }

    @Override
    public void statusLost(int entries) {
        statusLost.increment(entries);
    }

    @Override
    public void started(DestinationName destination) {
        inFlight.computeIfAbsent(destination, name -> gauge(IN_FLIGHT, name)).incrementAndGet();
    }

    private AtomicInteger gauge(String name, DestinationName destination) {
        var value = new AtomicInteger();
        Gauge.builder(name, value, AtomicInteger::get)
                .tag(DESTINATION, destination.value())
                .register(registry);
        return value;
    }

    @Override
    public void delivered(DestinationName destination) {
        ended(destination, "delivered");
    }

    @Override
    public void failed(DestinationName destination, FailureKind kind) {
        ended(destination, kind.name());
    }

    @Override
    public void deferred(DestinationName destination) {
        ended(destination, "deferred");
    }

    @Override
    public void reachable(DestinationName destination, boolean reached) {
        up.computeIfAbsent(destination, name -> gauge(UP, name)).set(reached ? 1 : 0);
    }

    @Override
    public void sourceReachable(String bucket, boolean reached) {
        sources.computeIfAbsent(bucket, name -> {
            var value = new AtomicInteger();
            Gauge.builder(SOURCE_UP, value, AtomicInteger::get).tag("bucket", name).register(registry);
            return value;
        }).set(reached ? 1 : 0);
    }

    @Override
    public void dropped(DestinationName destination) {
        ended(destination, "dropped");
    }

    @Override
    public void unwanted(DestinationName destination, Unwanted reason) {
        String tag = reason.name().toLowerCase(Locale.ROOT);
        registry.counter(UNWANTED, DESTINATION, destination.value(), "reason", tag).increment();
    }

    private void ended(DestinationName destination, String outcome) {
        inFlight.computeIfAbsent(destination, name -> gauge(IN_FLIGHT, name)).decrementAndGet();
        registry.counter(ITEMS, DESTINATION, destination.value(), "outcome", outcome).increment();
    }

    @Override
    public void committed(Duration taken, int committedEntries) {
        // The wall clock may have been set back meanwhile.
        commits.record(taken.isNegative() ? Duration.ZERO : taken);
        reports.record(committedEntries);
    }

    @Override
    public void held(int partitions) {
        held.set(partitions);
    }

    @Override
    public void connections(int open) {
        connections.set(open);
    }

    @Override
    public void connections(DestinationName destination, int open) {
        connected.computeIfAbsent(destination, name -> gauge(CONNECTIONS, name)).set(open);
    }

    @Override
    public void refused(DestinationName destination) {
        registry.counter(REFUSALS, DESTINATION, destination.value()).increment();
    }
}
