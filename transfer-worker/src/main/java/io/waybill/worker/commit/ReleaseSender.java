package io.waybill.worker.commit;

import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.time.Backoff;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that files need not wait any longer for a place. Each place is said once, and again if what was written is not known
 * to be there. A release only saves time, so it is no part of the worker's transactions: if it cannot be written, they are
 * committed all the same. Any thread; only the polling thread calls {@link #handOut}.
 */
public final class ReleaseSender {
    private static final Logger LOG = LoggerFactory.getLogger(ReleaseSender.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(10));

    private final Topics topics;
    private final String worker;
    private final ProcessClock time;
    private final Map<Place, Release.Cause> due = new ConcurrentHashMap<>();
    private volatile boolean writing;
    private volatile int failures;
    private volatile long notBefore;

    /** Writes records, apart from the worker's transactions. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Does not wait.
         *
         * @param end called once, by any thread: empty if all of them are written, otherwise why not
         */
        void write(List<ProducerRecord<byte[], byte[]>> records, Consumer<Optional<String>> end);
    }

    /**
     * @param worker this worker's name
     */
    public ReleaseSender(Topics topics, String worker, ProcessClock time) {
        this.topics = topics;
        this.worker = worker;
        this.time = time;
    }

    /** An outage of a place is over. Does not wait. */
    public void reached(Place place) {
        due(place, Release.Cause.CONNECTED);
    }

    /**
     * The worker has taken a partition over. Files may wait for what was corrected before it started, or for a place that
     * the worker before did not know.
     */
    public void tookOver(WaybillConfig config) {
        config.destinations().keySet().forEach(name -> due(new Place.Destination(name), Release.Cause.STARTED));
        config.routes().values().forEach(
                route -> due(new Place.Bucket(route.source().bucket()), Release.Cause.STARTED));
    }

    /** The files that wait for a place may be tried. Does not wait. */
    public void due(Place place, Release.Cause cause) {
        due.merge(place, cause, (one, other) -> one == Release.Cause.CONNECTED ? one : other);
    }

    /** Writes what is due, unless something is being written, or could not be written a moment ago. */
    public void handOut(Writer writer) {
        if (due.isEmpty() || writing || failures > 0 && !time.isOver(notBefore)) {
            return;
        }
        var said = new HashMap<Place, Release.Cause>();
        due.keySet().forEach(place -> {
            Release.Cause cause = due.remove(place);
            if (cause != null) {
                said.put(place, cause);
            }
        });
        writing = true;
        writer.write(said.entrySet().stream().map(one -> record(one.getKey(), one.getValue())).toList(), fault -> {
            fault.ifPresentOrElse(why -> failed(said, why), () -> failures = 0);
            writing = false;
        });
    }

    private ProducerRecord<byte[], byte[]> record(Place place, Release.Cause cause) {
        var release = new Release(place, time.instant(), cause, worker);
        return topics.controls().record(release.key(), release);
    }

    private void failed(Map<Place, Release.Cause> said, String why) {
        int again = failures + 1;
        notBefore = time.after(BACKOFF.after(again));
        failures = again;
        said.forEach(this::due);
        LOG.atWarn()
                .addKeyValue("topic", topics.controls().name())
                .addKeyValue("places", said.keySet())
                .addKeyValue("failure", why)
                .log("The worker cannot say that files need not wait any longer; they are tried when their time comes");
    }
}
