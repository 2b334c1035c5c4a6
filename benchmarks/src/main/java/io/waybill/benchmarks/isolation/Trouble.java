package io.waybill.benchmarks.isolation;

import io.waybill.store.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Files that cannot get anywhere, for as long as it is open: a few at once, and then one after the other for each bad
 * partner and each bad bucket.
 */
final class Trouble implements AutoCloseable {
    private static final int AT_ONCE = 8;
    private static final Duration PACE = Duration.ofMillis(500);

    private final Product product;
    private final Path file;
    private final Content content;
    private final int number;
    private final Thread feeder;
    private volatile boolean over;

    /**
     * Begins.
     *
     * @param number another one each time, since a key must not come again
     * @param file   what each object holds
     */
    Trouble(Product product, Path file, int number) throws IOException {
        this.product = product;
        this.file = file;
        this.number = number;
        content = Content.of(file);
        product.trouble(true);
        for (int i = 0; i < AT_ONCE; i++) {
            putAll(i);
        }
        feeder = Thread.ofVirtual().name("trouble").start(this::feed);
    }

    private void feed() {
        try {
            for (int i = AT_ONCE; !over; i++) {
                LockSupport.parkNanos(PACE.toNanos());
                putAll(i);
            }
        } catch (IOException e) {
            throw new IllegalStateException("an object could not be put", e);
        }
    }

    private void putAll(int i) throws IOException {
        String name = "trouble-" + number + "-" + i;
        for (String bad : Partners.BAD) {
            var _ = product.store().put(Product.GOOD_BUCKET, bad + "/" + name, file, content.sha256());
        }
        for (String bucket : new String[] {TroubledStore.FORBIDDEN, TroubledStore.SLOW}) {
            var _ = product.store().put(bucket, bucket + "-" + name, file, content.sha256());
        }
    }

    /** Ends all of it: the buckets are well again, and nobody wants the files of the bad partners any more. */
    @Override
    public void close() throws IOException {
        over = true;
        try {
            feeder.join();
            product.trouble(false);
            for (String bad : Partners.BAD) {
                product.cancel(bad);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
