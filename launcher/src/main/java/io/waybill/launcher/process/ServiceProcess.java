package io.waybill.launcher.process;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.config.files.ConfigWatch;
import io.waybill.runtime.http.HttpEndpoint;
import io.waybill.runtime.http.HttpRoutes;
import io.waybill.runtime.http.HttpService;
import io.waybill.runtime.service.Closing;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.service.ServiceRunner;
import io.waybill.runtime.text.Reasons;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.state.StateProcessor;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some services of one configuration, which run in parallel with one HTTP endpoint. One thread starts, awaits and
 * closes it. Any thread may ask it to stop.
 */
public final class ServiceProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProcess.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Closing closing = new Closing();
    private final Topics topics;
    private final ServiceRunner runner;
    private final ConfigWatch watch;
    private final HttpEndpoint http;
    private final WaybillConfig config;
    private final CompletableFuture<ExitCode> end = new CompletableFuture<>();
    private volatile boolean started;

    /** Builds the services. Does no I/O yet. */
    public ServiceProcess(WaybillConfig config, List<ServiceRegistration> registrations, ProcessClock clock) {
        this(config, registrations, clock, config.shutdown().services());
    }

    /**
     * The same, with another limit.
     *
     * @param patience the longest time that services may take to stop
     */
    public ServiceProcess(
            WaybillConfig config, List<ServiceRegistration> registrations, ProcessClock clock, Duration patience) {
        this.config = config;
        DomainSerdes serdes = closing.add(DomainSerdes.from(config.serde()));
        topics = Topics.from(config.topics(), serdes);
        var meters = closing.add(new ProcessMetrics()).registry();
        Gauge.builder("waybill.registry.login.refused", () -> serdes.loginRefused() ? 1 : 0).register(meters);
        List<Service> services = registrations.stream()
                .map(service -> service.create(config, topics, meters, clock))
                .toList();
        watch = closing.add(new ConfigWatch(config.origin(), meters));
        runner = new ServiceRunner(services, patience, HttpService.class::isInstance, this::finishRequests);
        services.forEach(service -> show(service.name(), meters));
        List<HttpRoutes> routes = services.stream()
                .filter(HttpService.class::isInstance)
                .flatMap(service -> ((HttpService) service).routes().stream())
                .toList();
        boolean passesOn = services.stream().anyMatch(service -> service.name().equals(StateProcessor.NAME));
        Exposure.require(config.http(), !routes.isEmpty(), passesOn);
        http = closing.add(new HttpEndpoint(config.http(), runner::check, meters, routes, clock));
    }

    private void show(String service, MeterRegistry meters) {
        Gauge.builder("waybill.draining", () -> runner.isDraining(service) ? 1 : 0)
                .tag("service", service)
                .register(meters);
    }

    private void finishRequests() {
        if (!http.finish(config.shutdown().requests())) {
            LOG.atWarn().log("A request was not answered in time before its service stopped");
        }
    }

    public Topics topics() {
        return topics;
    }

    /** Begins to listen and to serve. Returns before anything is ready. */
    public void start(StartListener listener) {
        int port = http.start();
        listener.ready("HTTP API", config.http().scheme() + "://" + config.http().host() + ":" + port);
        started = true;
        watch.start();
        Thread.ofPlatform().name("services").start(this::run);
    }

    private void run() {
        try {
            end.complete(runner.run());
        } catch (InterruptedException | RuntimeException | Error e) {
            // The thread that waits for the end must learn of every failure.
            end.completeExceptionally(e);
        }
    }

    /**
     * Returns when every service is at work.
     *
     * @return false if somebody asked the process to stop before that
     * @throws BadConfigurationException if a service found that no service can run with its configuration
     * @throws ServiceFailureException   if a service stopped, or the time is over
     */
    public boolean awaitReady(StartListener listener, Duration limit, ProcessClock clock)
            throws InterruptedException {
        long latest = clock.after(limit);
        var ready = new HashSet<String>();
        runner.check().keySet().forEach(listener::starting);
        while (true) {
            Map<String, Health> health = runner.check();
            health.forEach((name, one) -> {
                if (one.state() == Health.State.UP && ready.add(name)) {
                    listener.ready(name, "");
                }
            });
            if (ready.size() == health.size()) {
                return true;
            }
            if (ended(LOOK_EVERY)) {
                throwIfFailed();
                return false;
            }
            if (clock.isOver(latest)) {
                throw new ServiceFailureException("not ready within " + limit.toSeconds() + " s: " + told(health),
                        null);
            }
        }
    }

    private static String told(Map<String, Health> health) {
        return health.entrySet().stream()
                .filter(one -> one.getValue().state() != Health.State.UP)
                .map(one -> one.getKey() + " " + one.getValue().detail())
                .collect(Collectors.joining(", "));
    }

    private boolean ended(Duration wait) throws InterruptedException {
        try {
            end.get(wait.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    /**
     * If a service failed, throws the failure that stopped it.
     *
     * @throws BadConfigurationException if a service found that no service can run with its configuration
     * @throws ServiceFailureException   if it was another failure
     */
    public void throwIfFailed() {
        @Nullable Throwable failure = runner.failure();
        if (failure != null) {
            throw toTell(failure);
        }
    }

    /** The failure that stopped a service first; empty if none failed. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(runner.failure());
    }

    /** Returns the exception that explains a failure to the user. */
    static RuntimeException toTell(Throwable failure) {
        return BadConfigurationException.behind(failure)
                .<RuntimeException>map(bad -> bad)
                .orElseGet(() -> new ServiceFailureException("a service stopped: " + Reasons.of(failure), failure));
    }

    /** Blocks until all services have ended. */
    public ExitCode awaitEnd() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("running services never fails by itself", e.getCause());
        }
    }

    /** Asks all services to stop, and returns at once. For any thread. */
    public void stop() {
        runner.close();
    }

    /** Stops the running services, within the time that they may take to stop. Then closes what they shared. */
    @Override
    public void close() throws IOException {
        stop();
        try {
            if (started && !runner.awaitEnd()) {
                throw new ServiceFailureException("the services did not stop in time", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // continue to close: what follows waits for nothing
        }
        Closings.close(closing);
    }
}
