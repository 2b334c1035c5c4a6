package io.waybill.e2e.cluster;

import io.waybill.runtime.config.WaybillConfig;
import io.waybill.store.Content;
import io.waybill.store.ObjectStore;
import io.waybill.store.ObjectWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Puts files into S3: small ones of 1 to 40 KiB, and large ones of a given size. Any thread. */
final class Arrivals implements AutoCloseable {
    private static final String BUCKET = "inbox";
    private static final int MIB = 1 << 20;

    private final Path scratch;
    private final ObjectWriter store;
    private final AtomicInteger count = new AtomicInteger();
    private final Map<String, String> digests = new ConcurrentHashMap<>();
    private final AtomicLong sizeOfLarge = new AtomicLong();
    private final Map<String, String> prepared = new ConcurrentHashMap<>();

    Arrivals(Path scratch, WaybillConfig config) throws IOException {
        this.scratch = Files.createDirectories(scratch);
        store = ObjectStore.writer(config.s3());
    }

    void small() throws IOException {
        int number = count.incrementAndGet();
        byte[] content = new byte[1024 + new SplittableRandom(number).nextInt(40 * 1024)];
        new SplittableRandom(number).nextBytes(content);
        Path file = Files.write(scratch.resolve("small-" + number), content);
        put("small/" + String.format(Locale.ROOT, "%06d.bin", number), file);
    }

    /**
     * Puts large files of the same content, of which nobody is told yet.
     *
     * @see PodStack#hold()
     */
    void prepareLarge(int files, int mebibytes) throws IOException {
        Path content = scratch.resolve("large");
        random(content, mebibytes);
        String digest = Content.of(content).sha256();
        for (int i = 0; i < files; i++) {
            String key = "large/" + String.format(Locale.ROOT, "%06d.bin", count.incrementAndGet());
            store.put(BUCKET, key, content, digest);
            prepared.put(key, digest);
            sizeOfLarge.addAndGet((long) mebibytes * MIB);
        }
        Files.delete(content);
    }

    /** From now on the large files count. */
    void release() {
        digests.putAll(prepared);
    }

    /** How many bytes all large files have that were put. */
    long bytesOfLarge() {
        return sizeOfLarge.get();
    }

    private static void random(Path file, int mebibytes) throws IOException {
        var random = new SplittableRandom(mebibytes);
        byte[] block = new byte[MIB];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
    }

    private void put(String key, Path file) throws IOException {
        String digest = Content.of(file).sha256();
        digests.put(key, digest);
        store.put(BUCKET, key, file, digest);
        Files.delete(file);
    }

    /** Puts small files at a rate, from a thread of its own, until it is stopped. */
    Flow flow(double perSecond) {
        long pause = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
        return new Flow(pause, this::small);
    }

    /** The digest of every file that was put, by {@code DESTINATION/NAME}. */
    Map<String, String> digests() {
        return Map.copyOf(digests);
    }

    @Override
    public void close() {
        store.close();
    }

    /** Puts a file. */
    private interface Step {
        void put() throws IOException;
    }

    /** A thread that puts files. */
    static final class Flow {
        private final CountDownLatch stopping = new CountDownLatch(1);
        private final Thread thread;
        private final AtomicInteger put = new AtomicInteger();

        private Flow(long pause, Step step) {
            thread = Thread.ofPlatform().name("arrivals").start(() -> {
                try {
                    long next = System.nanoTime();
                    while (!stopping.await(Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                        step.put();
                        put.incrementAndGet();
                        next += pause;
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        /** Returns how many files it put. */
        int stop() throws InterruptedException {
            stopping.countDown();
            thread.join(Duration.ofMinutes(1));
            return put.get();
        }
    }
}
