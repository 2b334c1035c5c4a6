package io.waybill.benchmarks;

import io.waybill.devstack.servers.EmbeddedKafka;
import io.waybill.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Path;

/** A real broker in this process. */
final class BenchBroker implements AutoCloseable {
    private final EmbeddedKafka kafka;

    private BenchBroker(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    static BenchBroker start(Path directory) throws IOException {
        var kafka = new EmbeddedKafka(directory, FreePort.find(), false);
        kafka.start();
        return new BenchBroker(kafka);
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    @Override
    public void close() {
        kafka.close();
    }
}
