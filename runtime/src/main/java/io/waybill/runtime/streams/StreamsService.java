package io.waybill.runtime.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.waybill.domain.DeadLetter;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ConsumerLag;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one topology. It replaces a stream thread that fails. If that happens too often, the service stops and
 * {@link #run} throws the last failure.
 */
public final class StreamsService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsService.class);
    private static final int FAILURES_BORNE = 10;
    private static final Duration FAILURE_WINDOW = Duration.ofMinutes(5);

    private final String name;
    private final Supplier<Topology> topology;
    private final Supplier<Properties> properties;
    private final MeterRegistry meters;
    private final boolean internalMetrics;
    private final Duration closePatience;
    private final ProcessClock clock;
    private final FailureBudget budget;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Readiness readiness = new Readiness();
    private volatile @Nullable KafkaStreams streams;

    /**
     * @param name     of the service, its group and its stores
     * @param topology called once, when the service runs
     * @param extra    settings of this service only; called once, when the service runs
     */
    public StreamsService(
            String name,
            WaybillConfig config,
            Topic<byte[], DeadLetter> deadLetters,
            Supplier<Topology> topology,
            Supplier<? extends Map<String, ?>> extra,
            MeterRegistry meters,
            ProcessClock clock) {
        this.name = name;
        this.topology = topology;
        var poison = new PoisonHandler.Destination(name, deadLetters, meters, clock);
        this.properties = () -> StreamsProperties.of(name, config, poison, extra.get());
        this.internalMetrics = config.streams().internalMetrics();
        this.closePatience = config.shutdown().services();
        this.meters = meters;
        this.clock = clock;
        this.budget = new FailureBudget(FAILURES_BORNE, FAILURE_WINDOW, clock);
    }

    @Override
    public String name() {
        return name;
    }

    /** The running client; empty before {@link #run}. For queries of its stores. */
    public Optional<KafkaStreams> streams() {
        return Optional.ofNullable(streams);
    }

    @Override
    public void run() throws InterruptedException {
        if (stopping.getCount() == 0) {
            return;
        }
        var running =
                new KafkaStreams(topology.get(), properties.get(), new PatientClients(clock), new EvenTime(clock));
        streams = running;
        running.setUncaughtExceptionHandler(this::replaceOrStop);
        running.setStateListener((now, before) -> {
            LOG.atInfo()
                    .addKeyValue("service", name)
                    .addKeyValue("from", before)
                    .addKeyValue("to", now)
                    .log("Kafka Streams changed its state");
            if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
                stopping.countDown();
            }
        });
        ConsumerLag.show(meters, name, running::metrics);
        try (var metrics = new KafkaStreamsMetrics(running, Tags.of("service", name))) {
            if (internalMetrics) {
                metrics.bindTo(meters);
            }
            running.start();
            stopping.await();
        } finally {
            // The member stays in the group: it is expected back by its name within the session.
            if (!running.close(closePatience)) {
                LOG.atWarn().addKeyValue("service", name).log("Kafka Streams did not close in time");
            }
        }
        Throwable cause = failure.get();
        if (cause != null) {
            throw new StreamsException(name + " failed too often, last with: " + cause, cause);
        }
        if (running.state() == KafkaStreams.State.ERROR) {
            throw new StreamsException(name + " ended in state ERROR");
        }
    }

    private StreamThreadExceptionResponse replaceOrStop(Throwable cause) {
        // An Error, such as no memory, leaves the whole process in doubt. A new thread would only hide it.
        if (cause instanceof Exception && budget.bears()) {
            LOG.atWarn().addKeyValue("service", name).setCause(cause).log("A stream thread failed and is replaced");
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        failure.compareAndSet(null, cause);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    @Override
    public Health check() {
        KafkaStreams running = streams;
        return running == null ? Health.starting("not started") : readiness.of(running);
    }

    @Override
    public void close() {
        stopping.countDown();
    }
}
