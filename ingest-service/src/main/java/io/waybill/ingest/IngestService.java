package io.waybill.ingest;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.ingest.IngestLoop.IngestParts;
import io.waybill.ingest.parked.ParkedObjects;
import io.waybill.ingest.source.SourceSettings;
import io.waybill.ingest.sqs.QueueBridge;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.ErrorAnswer;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.http.Gate;
import io.waybill.runtime.http.HttpRoutes;
import io.waybill.runtime.http.HttpService;
import io.waybill.runtime.http.QueryParameters;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.store.ObjectCatalog;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns notifications into arrivals: exactly one event for each batch, file version and route. It leaves none out. Shows
 * over HTTP of which objects no file came.
 */
public final class IngestService implements Service, HttpService, HttpRoutes {
    private static final String UNROUTED = "/v1/unrouted";
    private static final String CAUSE = "cause";
    private static final String LIMIT = "limit";
    private static final int LARGEST_LIMIT = 1_000;
    private static final int DEFAULT_LIMIT = 50;

    /** For all together, within the time that a process has to end. */
    private static final Duration BRIDGE_END = Duration.ofSeconds(5);

    private final KafkaClients clients;
    private final Supplier<? extends ObjectCatalog> stores;
    private final IngestParts parts;
    private final List<QueueBridge> bridges;
    private final Object lock = new Object();
    private @Nullable IngestLoop loop;
    private boolean closed;
    private volatile Health atRest = Health.starting("is not running");

    IngestService(KafkaClients clients, Supplier<? extends ObjectCatalog> stores, IngestParts parts) {
        this(clients, stores, parts, List.of());
    }

    /**
     * @param bridges bring notifications to the topic that the service reads; the service starts and closes them
     */
    IngestService(
            KafkaClients clients,
            Supplier<? extends ObjectCatalog> stores,
            IngestParts parts,
            List<QueueBridge> bridges) {
        this.clients = clients;
        this.stores = stores;
        this.parts = parts;
        this.bridges = bridges;
    }

    /**
     * The service over a Kafka cluster.
     *
     * @param config was read with {@link IngestSettings#SECTION} and {@link SourceSettings#SECTION}
     * @param topics shared; must outlive the service
     * @param stores gives the object store when the service runs; the service closes it:
     *               {@code ObjectStore.catalog(config.s3())}
     */
    public static IngestService from(
            WaybillConfig config,
            Topics topics,
            Supplier<? extends ObjectCatalog> stores,
            MeterRegistry meters,
            ProcessClock clock) {
        var routing = new Routing(config.routes().values());
        return new IngestService(
                new ClusterClients(
                        new ClientSettings(config.kafka()),
                        config.topics().prefix(),
                        config.streams().instanceId()),
                stores,
                new IngestParts(
                        routing,
                        topics,
                        config.s3().notificationKeys(),
                        Lookups.Policy.DEFAULT,
                        ParkedObjects.Policy.of(config.of(IngestSettings.SECTION).retryFor()),
                        new Unrouted(),
                        new MicrometerIngestMetrics(meters, routing.buckets()),
                        clock),
                QueueBridge.of(config, topics, meters, clock));
    }

    @Override
    public String name() {
        return "ingest-service";
    }

    @Override
    public List<HttpRoutes> routes() {
        return List.of(this);
    }

    @Override
    public void addTo(RoutesConfig routes) {
        routes.get(UNROUTED, this::unrouted, Permission.READ, QueryParameters.of(CAUSE, LIMIT));
    }

    @Override
    public List<String> entries() {
        return List.of(UNROUTED);
    }

    private void unrouted(Context http) {
        Optional<Unrouted.Cause> cause = given(http, CAUSE)
                .flatMap(name -> Arrays.stream(Unrouted.Cause.values())
                        .filter(one -> one.name().equals(name))
                        .findFirst());
        String limit = given(http, LIMIT).orElse(String.valueOf(DEFAULT_LIMIT));
        if (cause.isEmpty() && given(http, CAUSE).isPresent()) {
            refuse(http, "cause: expected one of " + Arrays.toString(Unrouted.Cause.values()) + ", was '"
                    + given(http, CAUSE).orElseThrow() + "'");
        } else if (!limit.matches("[1-9]\\d{0,3}") || Integer.parseInt(limit) > LARGEST_LIMIT) {
            refuse(http, "limit: expected a number from 1 to " + LARGEST_LIMIT + ", was '" + limit + "'");
        } else {
            Scope scope = Gate.principal(http).scope();
            http.json(parts.unrouted()
                    .newest(cause, object -> parts.routing().sees(scope, object), Integer.parseInt(limit)));
        }
    }

    private static Optional<String> given(Context http, String parameter) {
        return Optional.ofNullable(http.queryParam(parameter)).filter(text -> !text.isEmpty());
    }

    private static void refuse(Context http, String why) {
        http.status(400).json(ErrorAnswer.of(why));
    }

    @Override
    public void run() throws InterruptedException {
        try (ObjectCatalog store = stores.get()) {
            IngestLoop started;
            synchronized (lock) {
                if (closed) {
                    return;
                }
                started = new IngestLoop(clients, store, parts);
                loop = started;
                bridges.forEach(QueueBridge::start);
            }
            started.run();
        } finally {
            synchronized (lock) {
                loop = null;
                atRest = Health.down("has stopped");
            }
            endBridges();
        }
    }

    private void endBridges() throws InterruptedException {
        bridges.forEach(QueueBridge::close);
        long end = parts.clock().after(BRIDGE_END);
        for (QueueBridge bridge : bridges) {
            bridge.join(parts.clock().until(end));
        }
    }

    @Override
    public Health check() {
        synchronized (lock) {
            return loop == null ? atRest : withTroubles(loop.check());
        }
    }

    /** A source that cannot be read does not make the others unready. */
    private Health withTroubles(Health health) {
        String troubles = Stream.concat(
                Stream.of(health.detail()).filter(detail -> !detail.isEmpty()),
                bridges.stream().flatMap(bridge -> bridge.trouble().stream()))
                .collect(Collectors.joining("; "));
        return new Health(health.state(), troubles);
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            bridges.forEach(QueueBridge::close);
            if (loop != null) {
                loop.close();
            }
        }
    }
}
