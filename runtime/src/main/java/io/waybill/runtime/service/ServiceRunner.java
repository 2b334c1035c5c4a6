package io.waybill.runtime.service;

import io.waybill.runtime.config.BadConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs services side by side, each on a thread of its own name. If one stops, for any reason, the runner asks all to
 * stop: a process that is half dead looks healthy but is not.
 */
public final class ServiceRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRunner.class);

    private final List<Service> services;
    private final Duration patience;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * @param patience how long services may take to stop
     */
    public ServiceRunner(List<Service> services, Duration patience) {
        this.services = List.copyOf(services);
        this.patience = patience;
    }

    /**
     * Blocks until all services have ended, after {@link #close()} or because one of them stopped.
     *
     * @return DONE, BAD_CONFIGURATION if a service found its configuration unfit, FAILED if a service threw anything
     *         else, or DID_NOT_STOP if one did not end in time
     */
    public ExitCode run() throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (Service service : services) {
            threads.add(Thread.ofPlatform().name(service.name()).start(() -> run(service)));
        }
        try {
            stopping.await();
        } finally {
            services.forEach(Service::close);
        }
        try {
            boolean inTime = joined(threads);
            Throwable cause = failure.get();
            if (cause != null) {
                return ExitCode.of(cause);
            }
            return inTime ? ExitCode.DONE : ExitCode.DID_NOT_STOP;
        } finally {
            ended.countDown();
        }
    }

    private void run(Service service) {
        try {
            service.run();
        } catch (Throwable e) {
            // The one place that logs a service's end; its cause is kept for the caller. An Error is caught too:
            // without that the process would end as if it had been asked to.
            failure.compareAndSet(null, e);
            log(service, e);
        } finally {
            stopping.countDown();
        }
    }

    private static void log(Service service, Throwable end) {
        // The operator must mend the configuration. The place in the code that found it unfit does not help.
        BadConfigurationException.behind(end).ifPresentOrElse(
                bad -> LOG.atError()
                        .addKeyValue("service", service.name())
                        .addKeyValue("problems", bad.problems())
                        .log("A service cannot run with its configuration; the process ends"),
                () -> LOG.atError()
                        .addKeyValue("service", service.name())
                        .setCause(end)
                        .log("A service stopped with a failure; the process ends"));
    }

    private boolean joined(List<Thread> threads) throws InterruptedException {
        long millis = patience.toMillis();
        for (Thread thread : threads) {
            if (!thread.join(Duration.ofMillis(millis))) {
                LOG.atError().addKeyValue("service", thread.getName()).log("A service did not stop in time");
                return false;
            }
        }
        return true;
    }

    /** The failure that stopped a service first; null while nothing has failed. */
    public @Nullable Throwable failure() {
        return failure.get();
    }

    /** The health of each service by name. */
    public Map<String, Health> check() {
        var health = new LinkedHashMap<String, Health>();
        services.forEach(service -> health.put(service.name(), service.check()));
        return health;
    }

    /** Asks all services to stop; returns at once. Any thread. */
    @Override
    public void close() {
        stopping.countDown();
    }

    /** Waits until {@link #run()} is about to return, but no longer than services may take to stop. */
    public boolean awaitEnd() throws InterruptedException {
        return ended.await(patience.toMillis() * services.size() + 1000, TimeUnit.MILLISECONDS);
    }
}
