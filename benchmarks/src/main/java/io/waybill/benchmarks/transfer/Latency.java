package io.waybill.benchmarks.transfer;

import io.waybill.benchmarks.Figures;
import io.waybill.store.Content;
import io.waybill.store.ObjectStore;
import io.waybill.store.ObjectWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a file takes through an idle product: from the beginning of its put into S3 to its final name at the server,
 * one file after the other, with pauses of random length in between.
 */
final class Latency {
    private static final String BUCKET = "latency";
    private static final int SIZE = 10 << 10;
    private static final int WARM_UPS = 200;
    private static final int FILES_A_ROUND = 100;
    private static final int LONGEST_PAUSE_MILLIS = 100;
    private static final long LOOK_EVERY_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final InstantSource CLOCK = InstantSource.system();

    private final Venue venue;
    private final int files;

    Latency(Venue venue, int rounds) {
        this.venue = venue;
        this.files = rounds * FILES_A_ROUND;
    }

    void measure(Figures figures) throws IOException, InterruptedException {
        System.out.printf("%nlatency: %d files of 10 KiB one by one, from the beginning of the put to the final name,"
                + " after %d to warm up; all services, broker and store in one JVM%n", files, WARM_UPS);
        var random = new SplittableRandom(1);
        Path file = venue.workload(BUCKET, 1, SIZE).directory().resolve("file-00000.bin");
        Content content = Content.of(file);
        List<Double> millis = new ArrayList<>();
        try (var pipeline = Pipeline.start(venue.scratch().resolve("latency"), BUCKET, venue.near(), Map.of());
                var store = ObjectStore.writer(pipeline.config().s3())) {
            for (int i = -WARM_UPS; i < files; i++) {
                String name = "latency-" + (i + WARM_UPS);
                Path target = venue.near().directory().resolve(name);
                Instant start = CLOCK.instant();
                Thread put = Thread.ofVirtual().start(() -> put(store, name, file, content));
                awaitVisible(target, start);
                double taken = Duration.between(start, CLOCK.instant()).toNanos() / 1e6;
                put.join();
                if (i >= 0) {
                    millis.add(taken);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_PAUSE_MILLIS)));
            }
        } finally {
            new Arrivals(venue.near().directory()).clear();
        }
        figures.add("latency_p50_ms", Median.of(millis), "ms, from the beginning of the put to the final name");
        figures.add("latency_p99_ms", Median.percentile(millis, 0.99), "ms, the same, 99 of 100 are faster");
    }

    private static void put(ObjectWriter store, String name, Path file, Content content) {
        try {
            var _ = store.put(BUCKET, name, file, content.sha256());
        } catch (IOException e) {
            throw new IllegalStateException("an object could not be put", e);
        }
    }

    private static void awaitVisible(Path target, Instant start) throws IOException {
        while (Files.notExists(target)) {
            if (Duration.between(start, CLOCK.instant()).compareTo(LIMIT) > 0) {
                throw new IOException(target.getFileName() + " did not arrive within " + LIMIT);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }
}
