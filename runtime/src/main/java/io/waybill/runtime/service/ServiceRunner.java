package io.waybill.runtime.service;

import io.waybill.runtime.config.BadConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
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
    private final Predicate<Service> answering;
    private final Runnable lastAnswers;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    /** The services that have ended, by name. */
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    /**
     * @param patience how long services may take to stop
     */
    public ServiceRunner(List<Service> services, Duration patience) {
        this(services, patience, _ -> false, () -> {});
    }

    /**
     * The same for services that answer requests.
     *
     * @param answering   which of them do
     * @param lastAnswers returns when the requests in flight are answered, or have had their time
     */
    public ServiceRunner(
            List<Service> services, Duration patience, Predicate<Service> answering, Runnable lastAnswers) {
        this.services = List.copyOf(services);
        this.patience = patience;
        this.answering = answering;
        this.lastAnswers = lastAnswers;
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
            services.stream().filter(answering.negate()).forEach(Service::close);
            lastAnswers.run();
            services.stream().filter(answering).forEach(Service::close);
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
            gone.add(service.name());
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

    /** The health of each service by name. None is ready from the moment on at which they were asked to stop. */
    public Map<String, Health> check() {
        boolean asked = stopping.getCount() == 0 && failure.get() == null;
        var health = new LinkedHashMap<String, Health>();
        services.forEach(service -> health.put(service.name(), asked ? Health.STOPPING : service.check()));
        return health;
    }

    /** Whether a service was asked to stop, or must because another one stopped, and has not ended yet. Any thread. */
    public boolean isDraining(String service) {
        return stopping.getCount() == 0 && !gone.contains(service);
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
