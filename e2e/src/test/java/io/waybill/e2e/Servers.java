package io.waybill.e2e;

import io.waybill.devstack.servers.EmbeddedKafka;
import io.waybill.devstack.servers.EmbeddedRegistry;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.service.Closing;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.TopicCatalog;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** A broker with the product's topics and a schema registry, both real, for tests of single services. */
@SuppressWarnings("try") // close() throws what the servers throw, an interruption too
final class Servers implements AutoCloseable {
    private final Closing closing = new Closing();
    private final EmbeddedKafka kafka;
    private final EmbeddedRegistry registry;
    private final DomainSerdes serdes;

    /**
     * @param directory for all they keep
     */
    Servers(Path directory) throws Exception {
        kafka = closing.add(new EmbeddedKafka(directory.resolve("kafka"), 0, false));
        // The build of the launcher unpacks it.
        Path application = Path.of("..", "devstack", "target", "app", "registry");
        registry = closing.add(
                new EmbeddedRegistry(application, directory.resolve("registry"), 0, ProcessClock.system()));
        kafka.start();
        registry.start();
        serdes = closing.add(DomainSerdes.from(Map.of("schema.registry.url", registryUrl())));
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    String registryUrl() {
        return registry.url().toString();
    }

    DomainSerdes serdes() {
        return serdes;
    }

    /** Creates the topics of an installation of its own within the cluster. */
    Topics topics(String prefix) {
        var topics = Topics.from(settings(prefix), serdes);
        try (Admin admin = admin()) {
            new TopicCatalog(admin, (short) 1).createOrCheck(topics);
        }
        return topics;
    }

    TopicSettings settings(String prefix) {
        return new TopicSettings(prefix, 2, 3, (short) 1);
    }

    Admin admin() {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers()));
    }

    @Override
    public void close() throws Exception {
        closing.close();
    }
}
