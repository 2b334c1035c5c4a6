package io.waybill.state.index;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.domain.RouteName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;

/**
 * The gauges {@code waybill.files.open} and {@code waybill.files.oldest.open.seconds} of each configured route, for the
 * partitions of this process.
 */
public final class OpenFilesMetrics {
    private final FileCounts counts;
    private final InstantSource clock;

    public OpenFilesMetrics(FileCounts counts, InstantSource clock) {
        this.counts = counts;
        this.clock = clock;
    }

    /** Registers the gauges. Call it once. */
    public void show(MeterRegistry meters, Collection<RouteName> routes) {
        for (RouteName route : routes) {
            Gauge.builder("waybill.files.open", this, all -> all.open(route))
                    .tag("route", route.value())
                    .strongReference(true)
                    .register(meters);
            Gauge.builder("waybill.files.oldest.open.seconds", this, all -> all.oldestSeconds(route))
                    .tag("route", route.value())
                    .strongReference(true)
                    .register(meters);
        }
    }

    private double open(RouteName route) {
        return (double) counts.total().entrySet().stream()
                .filter(count -> count.getKey().route().equals(route) && !count.getKey().status().terminal())
                .mapToLong(count -> count.getValue())
                .sum();
    }

    /** 0 without an open file. */
    private double oldestSeconds(RouteName route) {
        Instant oldest = counts.oldestOpen().get(route);
        return oldest == null ? 0 : (double) Math.max(0, Duration.between(oldest, clock.instant()).toSeconds());
    }
}
