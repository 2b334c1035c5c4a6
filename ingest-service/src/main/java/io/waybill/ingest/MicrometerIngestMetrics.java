package io.waybill.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.waybill.runtime.kafka.ConsumerLag;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Meters {@code waybill.ingest.notifications}, {@code waybill.ingest.notices} by outcome, {@code waybill.ingest.events},
 * {@code waybill.ingest.dead.letters}, {@code waybill.ingest.parked}, the gauge {@code waybill.ingest.store.waiting} (0
 * or 1), and for each bucket of a route the gauges {@code waybill.ingest.bucket.up} (0 or 1) and
 * {@code waybill.ingest.objects.waiting}.
 */
public final class MicrometerIngestMetrics implements IngestMetrics {
    private final MeterRegistry meters;
    private final Counter notifications;
    private final Counter matched;
    private final Counter repeated;
    private final Counter unmatched;
    private final Counter gone;
    private final Counter ignored;
    private final Counter unreadable;
    private final Counter events;
    private final Counter deadLetters;
    private final Counter parked;
    private final Counter voidMarks;
    private final AtomicInteger waiting;
    private final Map<String, AtomicInteger> up = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> objects = new ConcurrentHashMap<>();

    /**
     * @param buckets of all routes
     */
    public MicrometerIngestMetrics(MeterRegistry meters, Set<String> buckets) {
        this.meters = meters;
        notifications = meters.counter("waybill.ingest.notifications");
        matched = objectEvents(meters, "matched");
        repeated = objectEvents(meters, "repeated");
        unmatched = objectEvents(meters, "unmatched");
        gone = objectEvents(meters, "gone");
        ignored = objectEvents(meters, "ignored");
        unreadable = objectEvents(meters, "unreadable");
        events = meters.counter("waybill.ingest.events");
        deadLetters = meters.counter("waybill.ingest.dead.letters");
        parked = meters.counter("waybill.ingest.parked");
        voidMarks = meters.counter("waybill.ingest.void.marks");
        waiting = meters.gauge("waybill.ingest.store.waiting", new AtomicInteger());
        for (String bucket : buckets) {
            Tags tags = Tags.of("bucket", bucket);
            up.put(bucket, meters.gauge("waybill.ingest.bucket.up", tags, new AtomicInteger(1)));
            objects.put(bucket, meters.gauge("waybill.ingest.objects.waiting", tags, new AtomicInteger()));
        }
    }

    private static Counter objectEvents(MeterRegistry meters, String outcome) {
        return meters.counter("waybill.ingest.notices", "outcome", outcome);
    }

    @Override
    public void committed(BatchCounts counts) {
        notifications.increment(counts.notifications());
        matched.increment(counts.matched());
        repeated.increment(counts.repeated());
        unmatched.increment(counts.unmatched());
        gone.increment(counts.gone());
        ignored.increment(counts.ignored());
        unreadable.increment(counts.unreadable());
        events.increment(counts.events());
        deadLetters.increment(counts.deadLetters());
        parked.increment(counts.parked());
        voidMarks.increment(counts.voidMarks());
    }

    @Override
    public void waiting(Map<String, Integer> parkedObjects, boolean anyPaused, Set<String> down) {
        waiting.set(anyPaused ? 1 : 0);
        up.forEach((bucket, gauge) -> gauge.set(down.contains(bucket) ? 0 : 1));
        objects.forEach((bucket, gauge) -> gauge.set(parkedObjects.getOrDefault(bucket, 0)));
    }

    @Override
    public void reads(Consumer<?, ?> consumer) {
        ConsumerLag.show(meters, "ingest-service", consumer::metrics);
    }
}
