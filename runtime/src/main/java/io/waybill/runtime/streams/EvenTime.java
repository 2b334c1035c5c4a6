package io.waybill.runtime.streams;

import io.waybill.runtime.time.ProcessClock;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Time;

/**
 * The clock of Kafka Streams: the wall clock at the start, plus the time that has passed since. Streams uses it to
 * measure the time since the last commit and the last tick. With a wall clock that is set back by an hour, Streams
 * would commit nothing and look at no deadline for an hour. Processors ask their {@link ProcessClock} for the time of
 * day. Any thread.
 */
final class EvenTime implements Time {
    private final ProcessClock clock;
    private final long beganMillis;
    private final long beganNanos;

    EvenTime(ProcessClock clock) {
        this.clock = clock;
        beganMillis = clock.millis();
        beganNanos = clock.nanos();
    }

    @Override
    public long milliseconds() {
        return beganMillis + clock.since(beganNanos).toMillis();
    }

    @Override
    public long nanoseconds() {
        return clock.nanos();
    }

    @Override
    public void sleep(long millis) {
        SYSTEM.sleep(millis);
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMillis)
            throws InterruptedException {
        synchronized (object) {
            while (!condition.get()) {
                long left = deadlineMillis - milliseconds();
                if (left <= 0) {
                    throw new TimeoutException("it took too long until what was waited for came true");
                }
                object.wait(left);
            }
        }
    }
}
