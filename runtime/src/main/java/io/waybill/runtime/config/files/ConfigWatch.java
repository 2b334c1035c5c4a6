package io.waybill.runtime.config.files;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.time.Pause;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the files of the configuration are others than those that this process has read. It shows the gauge {@code
 * waybill.config.stale} and logs one line. A process never applies a change by itself: a restart does.
 */
public final class ConfigWatch implements AutoCloseable {
    /** Kubernetes itself takes up to a minute to bring a change to a mounted file. */
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

    private final Optional<ConfigFiles.Origin> origin;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Pause pause = Pause.until(ended);
    private volatile boolean stale;

    /**
     * @param origin empty if the configuration comes from no file; then it never changes
     */
    public ConfigWatch(Optional<ConfigFiles.Origin> origin, MeterRegistry meters) {
        this.origin = origin;
        Gauge.builder("waybill.config.stale", () -> stale ? 1 : 0)
                .description("1 if the configuration files have changed since this process read them")
                .register(meters);
    }

    /** Begins to look from time to time, on a thread of its own. */
    public void start() {
        origin.ifPresent(files -> Thread.ofVirtual().name("config-watch").start(() -> look(files)));
    }

    private void look(ConfigFiles.Origin files) {
        try {
            while (ended.getCount() > 0) {
                look(files, files.changed());
                pause.take(PERIOD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes note of how the files are now. */
    void look(ConfigFiles.Origin files, boolean changed) {
        if (changed && !stale) {
            LOG.atWarn()
                    .addKeyValue("files", files.given())
                    .log("The configuration has changed since this process read it; restart the process to apply it");
        } else if (!changed && stale) {
            LOG.atInfo().addKeyValue("files", files.given()).log("The configuration is again what this process read");
        }
        stale = changed;
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
