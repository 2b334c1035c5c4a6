package io.waybill.benchmarks.micro;

import io.waybill.benchmarks.FileLoad;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Decision;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Delivery;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.Lifecycle;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.Proof;
import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.Timeouts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The rules: from a state and an event to a decision. */
@State(Scope.Benchmark)
public class LifecycleCost {
    private final List<FileEvent> life = life();
    private final Lifecycle rules = rules();
    private final FileState queued = moved(rules.apply(null, life.get(0)));
    private final FileState started = moved(rules.apply(queued, life.get(1)));

    /** A file arrives, is started and completed. */
    static List<FileEvent> life() {
        return new FileLoad(1, Instant.EPOCH).story(FileLoad.OPEN + 2);
    }

    /** The state of a file that was delivered. */
    static FileState delivered() {
        Lifecycle rules = rules();
        @Nullable FileState file = null;
        for (FileEvent event : life()) {
            file = moved(rules.apply(file, event));
        }
        if (file == null) {
            throw new IllegalStateException("a life has events");
        }
        return file;
    }

    private static Lifecycle rules() {
        FileEvent.Arrived arrived = (FileEvent.Arrived) life().getFirst();
        var delivery = new Delivery(
                new DestinationName("partner"), PathTemplate.parse("/incoming/{name}"), ConflictPolicy.REPLACE,
                Proof.SIZE, false);
        return new Lifecycle(new Route(
                arrived.route(), new SourceFilter(arrived.source().bucket(), arrived.route() + "/", ""), delivery,
                RetryPolicy.DEFAULT, Timeouts.DEFAULT, false, Route.DEFAULT_RETENTION));
    }

    private static FileState moved(Decision decision) {
        if (decision instanceof Moved(var state, _)) {
            return state;
        }
        throw new IllegalStateException("each event of a life moves the file, but one brought " + decision);
    }

    @Benchmark
    public Decision arrival() {
        return rules.apply(null, life.get(0));
    }

    @Benchmark
    public Decision completion() {
        return rules.apply(started, life.get(2));
    }
}
