package io.waybill.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.domain.Route;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.store.ObjectCatalog;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns notifications into arrivals: exactly one event for each batch, file version and route. It leaves none out. */
public final class IngestService implements Service {
    private final KafkaClients clients;
    private final Supplier<? extends ObjectCatalog> stores;
    private final Lookups.Policy policy;
    private final Routing routing;
    private final Topics topics;
    private final IngestMetrics metrics;
    private final ProcessClock clock;
    private final Object lock = new Object();
    private @Nullable IngestLoop loop;
    private boolean closed;
    private volatile Health atRest = Health.starting("is not running");

    IngestService(
            KafkaClients clients,
            Supplier<? extends ObjectCatalog> stores,
            Lookups.Policy policy,
            Collection<Route> routes,
            Topics topics,
            IngestMetrics metrics,
            ProcessClock clock) {
        this.clients = clients;
        this.stores = stores;
        this.policy = policy;
        this.routing = new Routing(routes);
        this.topics = topics;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * The service over a Kafka cluster.
     *
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
        return new IngestService(
                new ClusterClients(
                        new ClientSettings(config.kafka()),
                        config.topics().prefix(),
                        config.streams().instanceId()),
                stores,
                Lookups.Policy.DEFAULT,
                config.routes().values(),
                topics,
                new MicrometerIngestMetrics(meters),
                clock);
    }

    @Override
    public String name() {
        return "ingest-service";
    }

    @Override
    public void run() throws InterruptedException {
        try (ObjectCatalog store = stores.get()) {
            IngestLoop started;
            synchronized (lock) {
                if (closed) {
                    return;
                }
                started = new IngestLoop(clients, store, policy, routing, topics, metrics, clock);
                loop = started;
            }
            started.run();
        } finally {
            synchronized (lock) {
                loop = null;
                atRest = Health.down("has stopped");
            }
        }
    }

    @Override
    public Health check() {
        synchronized (lock) {
            return loop == null ? atRest : loop.check();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (loop != null) {
                loop.close();
            }
        }
    }
}
