package io.waybill.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Meters {@code waybill.ingest.notifications}, {@code waybill.ingest.notices} by outcome, {@code waybill.ingest.events},
 * {@code waybill.ingest.dead.letters} and the gauge {@code waybill.ingest.store.waiting} (0 or 1).
 */
public final class MicrometerIngestMetrics implements IngestMetrics {
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
        notifications = meters.counter("waybill.ingest.notifications");
        matched = notices(meters, "matched");
        repeated = notices(meters, "repeated");
        unmatched = notices(meters, "unmatched");
        gone = notices(meters, "gone");
        ignored = notices(meters, "ignored");
        unreadable = notices(meters, "unreadable");
        events = meters.counter("waybill.ingest.events");
        deadLetters = meters.counter("waybill.ingest.dead.letters");
        waiting = meters.gauge("waybill.ingest.store.waiting", new AtomicInteger());
    }

    private static Counter notices(MeterRegistry meters, String outcome) {
        return meters.counter("waybill.ingest.notices", "outcome", outcome);
    }

    @Override
    public void committed(Tally tally) {
        notifications.increment(tally.notifications());
        matched.increment(tally.matched());
        repeated.increment(tally.repeated());
        unmatched.increment(tally.unmatched());
        gone.increment(tally.gone());
        ignored.increment(tally.ignored());
        unreadable.increment(tally.unreadable());
        events.increment(tally.events());
        deadLetters.increment(tally.deadLetters());
    }

    @Override
    public void waiting(boolean forStore) {
        waiting.set(forStore ? 1 : 0);
    }
}
