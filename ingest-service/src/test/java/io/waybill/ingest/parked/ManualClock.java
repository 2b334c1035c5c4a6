package io.waybill.ingest.parked;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when the test says so. Any thread. */
public final class ManualClock implements ProcessClock {
    private static final Instant BEGIN = Instant.parse("2026-03-02T08:16:00Z");

    private final AtomicLong nanos = new AtomicLong();

    /** Lets time pass. */
    public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Override
    public Instant instant() {
        return BEGIN.plusNanos(nanos.get());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }
}
