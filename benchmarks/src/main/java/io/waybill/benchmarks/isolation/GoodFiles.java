package io.waybill.benchmarks.isolation;

import io.waybill.store.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Puts files for the good partners in turn, at an even pace, and measures how long each takes from the beginning of its put
 * to its final name.
 */
final class GoodFiles {
    static final int FILES = 120;

    private static final Duration PACE = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long LOOK_EVERY_NANOS = 2_000_000;

    private final Product product;
    private final Partners partners;
    private final Path file;
    private final Content content;
    private final LongSupplier nanos;
    private final Queue<String> failedPuts = new ConcurrentLinkedQueue<>();
    private int phases;

    /**
     * What a phase gave.
     *
     * @param millis  one value for each file; of one that did not arrive, the time that it was waited for
     * @param missing files that did not arrive
     */
    record Measured(List<Double> millis, int missing) {}

    /**
     * @param file what each object holds
     */
    GoodFiles(Product product, Partners partners, Path file, LongSupplier nanos) throws IOException {
        this.product = product;
        this.partners = partners;
        this.file = file;
        this.nanos = nanos;
        content = Content.of(file);
    }

    /** One phase. Ends when all files are there, or half a minute after the last put. */
    Measured measure() throws IOException {
        int phase = phases++;
        Map<Path, Long> awaited = new HashMap<>();
        List<Double> millis = new ArrayList<>();
        long next = nanos.getAsLong();
        for (int i = 0; i < FILES; i++) {
            int partner = i % Partners.GOOD;
            String name = "phase-" + phase + "-" + i;
            awaited.put(partners.files(partner).resolve(name), nanos.getAsLong());
            Thread.ofVirtual().start(() -> put(Partners.goodName(partner) + "/" + name));
            next += PACE.toNanos();
            collect(awaited, millis, next, false);
        }
        collect(awaited, millis, nanos.getAsLong() + LIMIT.toNanos(), true);
        if (!failedPuts.isEmpty()) {
            throw new IOException("objects could not be put: " + failedPuts);
        }
        awaited.values().forEach(put -> millis.add((nanos.getAsLong() - put) / 1e6));
        return new Measured(millis, awaited.size());
    }

    private void put(String key) {
        try {
            var _ = product.store().put(Product.GOOD_BUCKET, key, file, content.sha256());
        } catch (IOException e) {
            failedPuts.add(key + ": " + e.getMessage());
        }
    }

    /** Notes the files that have arrived, until a moment, or until there is none left to wait for. */
    private void collect(Map<Path, Long> awaited, List<Double> millis, long until, boolean untilEmpty)
            throws IOException {
        while (nanos.getAsLong() < until && !(untilEmpty && awaited.isEmpty())) {
            Iterator<Map.Entry<Path, Long>> each = awaited.entrySet().iterator();
            while (each.hasNext()) {
                Map.Entry<Path, Long> one = each.next();
                if (Files.exists(one.getKey())) {
                    millis.add((nanos.getAsLong() - one.getValue()) / 1e6);
                    each.remove();
                    Files.delete(one.getKey());
                }
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }
}
