package io.waybill.e2e.crash;

import io.waybill.launcher.s3.ObjectStore;
import io.waybill.launcher.s3.StoreException;
import io.waybill.runtime.config.WaybillConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Puts files into S3, of sizes that are drawn: most of 1 to 200 KiB, some of a few MiB, some empty. One thread. */
final class Feeder implements AutoCloseable {
    static final String BUCKET = "crash";

    private static final int LARGE = 3 << 20;

    private final ObjectStore store;
    private final List<String> directories;
    private final Path scratch;
    private final Random random;
    private final Map<String, Sent> sent = new ConcurrentHashMap<>();
    private int count;
    private final AtomicInteger accepted = new AtomicInteger();

    Feeder(WaybillConfig config, List<String> directories, Path scratch, long seed) {
        store = new ObjectStore(config.s3());
        this.directories = directories;
        this.scratch = scratch;
        random = new Random(seed);
    }

    /**
     * Puts one more file.
     *
     * @return false if the store did not answer properly; it may have the file all the same
     */
    boolean put() throws IOException {
        return put(size());
    }

    boolean put(int size) throws IOException {
        byte[] content = new byte[size];
        random.nextBytes(content);
        String directory = directories.get(count % directories.size());
        String name = String.format(Locale.ROOT, "%06d.bin", count++);
        var certain = new Sent(directory, name, content.length, sha256(content), true);
        var uncertain = new Sent(directory, name, content.length, certain.sha256(), false);
        sent.put(certain.key(), uncertain);
        Path file = Files.write(scratch.resolve("put"), content);
        try {
            store.put(BUCKET, certain.key(), file, certain.sha256());
        } catch (StoreException e) {
            // Never put again under this name: that would be another version, and so another file.
            return false;
        }
        sent.put(certain.key(), certain);
        accepted.incrementAndGet();
        return true;
    }

    private int size() {
        int kind = random.nextInt(100);
        if (kind < 3) {
            return 0;
        }
        if (kind < 9) {
            return 1 + random.nextInt(LARGE);
        }
        // Log-uniform, as real files are.
        return (int) Math.round(1024 * Math.exp(random.nextDouble() * Math.log(200)));
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must offer SHA-256", e);
        }
    }

    /** By {@link Sent#key()}. Any thread. */
    Map<String, Sent> sent() {
        return sent;
    }

    /** How many files the store took for certain. Any thread. */
    int accepted() {
        return accepted.get();
    }

    @Override
    public void close() {
        store.close();
    }
}
