package io.waybill.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.kafka.ConsumerLag;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Meters {@code waybill.ingest.notifications}, {@code waybill.ingest.notices} by outcome, {@code waybill.ingest.events},
 * {@code waybill.ingest.dead.letters} and the gauge {@code waybill.ingest.store.waiting} (0 or 1).
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
    private final AtomicInteger waiting;

    public MicrometerIngestMetrics(MeterRegistry meters) {
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
        waiting = meters.gauge("waybill.ingest.store.waiting", new AtomicInteger());
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
    }

    @Override
    public void reads(Consumer<?, ?> consumer) {
        ConsumerLag.show(meters, "ingest-service", consumer::metrics);
    }

    @Override
    public void waiting(boolean forStore) {
        waiting.set(forStore ? 1 : 0);
    }
}
