package io.waybill.devstack.demo;

import io.waybill.devstack.demo.LocalFiles.LocalFile;
import io.waybill.devstack.demo.Shipment.NotStored;
import io.waybill.devstack.demo.Shipment.Stored;
import io.waybill.domain.Delivery;
import io.waybill.domain.FileId;
import io.waybill.domain.Route;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.store.Content;
import io.waybill.store.ObjectCatalog;
import io.waybill.store.ObjectCatalog.Answer.Found;
import io.waybill.store.ObjectStore;
import io.waybill.store.ObjectVersion;
import io.waybill.store.ObjectWriter;
import io.waybill.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Sends the files of a directory by one route, waits for their ends and compares the files that arrived. It runs once.
 */
public final class Demo {
    /** The number of requests to the store at one time. */
    private static final int UPLOADS = 16;

    private final WaybillConfig config;
    private final Topics topics;
    private final Route route;
    private final DestinationConfig destination;
    private final ProcessClock clock;
    private final Tracking tracking = new Tracking();

    /**
     * @param topics the caller closes them
     * @param route  delivers to a destination of the configuration
     */
    public Demo(WaybillConfig config, Topics topics, Route route, ProcessClock clock) {
        this.config = config;
        this.topics = topics;
        this.route = route;
        this.clock = clock;
        Delivery delivery = Objects.requireNonNull(route.delivery(), "the route's delivery");
        destination = Objects.requireNonNull(config.destinations().get(delivery.destination()), "its destination");
    }

    /** The progress. For any thread. */
    public DemoProgress progress() {
        return tracking.progress();
    }

    /**
     * Returns when every file has ended or the time is over, and the files that arrived are compared.
     *
     * @param except  a directory that is skipped if it is below
     * @param limit   the time for all files to end
     * @param skipped gets each file that is not sent, and the reason
     * @throws IOException if the directory cannot be read
     */
    public DemoReport run(Path directory, Path except, Duration limit, Consumer<String> skipped)
            throws IOException, InterruptedException {
        Instant began = clock.instant();
        long start = clock.nanos();
        LocalFiles local = LocalFiles.in(directory, except);
        local.skipped().forEach(skipped);
        tracking.begin(local);
        var consumer = new ClientSettings(config.kafka()).consumer();
        try (var states = new FileStates(consumer, topics.fileState(), tracking)) {
            states.start();
            List<Shipment> shipments = store(local.files());
            if (!tracking.awaitEnds(start + limit.toNanos(), clock)) {
                skipped.accept("not every file has reached its end within " + limit.toSeconds() + " s");
            }
            Duration time = clock.since(start);
            var summary = new Summary(began, tracking);
            shipments.forEach(summary::add);
            return summary.report(time, new Comparison(destination, tracking).differences(summary.arrived()));
        }
    }

    private List<Shipment> store(List<LocalFile> files) throws InterruptedException {
        try (var catalog = ObjectStore.catalog(config.s3());
                var writer = ObjectStore.writer(config.s3())) {
            return Parallel.map(files, UPLOADS, file -> {
                Shipment shipment = store(catalog, writer, file);
                tracking.expect(shipment);
                return shipment;
            });
        }
    }

    /**
     * Puts a file into the store, unless the store has it. The identity of the file is that of the object in the store.
     */
    private Shipment store(ObjectCatalog catalog, ObjectWriter writer, LocalFile file) {
        String bucket = route.source().bucket();
        try {
            Content content = Content.of(file.path());
            SourceObject object = catalog.describe(new ObjectVersion(bucket, file.key(), null)) instanceof Found there
                    && there.has(content)
                            ? there.object()
                            : writer.put(bucket, file.key(), file.path(), content.sha256());
            return new Stored(file, content, FileId.of(route.name(), bucket, file.key(), object.version()));
        } catch (StoreException | IllegalArgumentException e) {
            return new NotStored(file, "cannot be put: " + e.getMessage());
        } catch (IOException e) {
            return new NotStored(file, "cannot be read: " + e);
        }
    }
}
