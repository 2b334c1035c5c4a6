package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.Lane;
import io.waybill.domain.Receipt;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.SftpConnector;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.RogueSftpServer;
import io.waybill.worker.connections.ConnectionPool;
import io.waybill.worker.metrics.WorkerMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Attempts from a store in memory to a real SFTP server that does not always behave. */
abstract class DestinationDeliveryFixture {
    static final Lane LANE = new Lane(new DestinationName("acme"), 0);

    final FakeStore store = new FakeStore();
    private final SftpConnector connector = new SftpConnector();
    RogueSftpServer server;

    @TempDir
    Path served;

    @AfterEach
    void stop() {
        connector.close();
        server.close();
    }

    void start(String... unknown) {
        server = RogueSftpServer.start(served, List.of(unknown));
    }

    ConnectionPool connections() {
        return connections(connector);
    }

    private static ConnectionPool connections(SftpConnector connector) {
        return new ConnectionPool(connector, WorkerMetrics.NONE,
                ProcessClock.of(InstantSource.fixed(Instant.EPOCH), () -> 0));
    }

    DestinationDelivery delivery(int port) {
        return delivery(port, WorkerMetrics.NONE);
    }

    DestinationDelivery delivery(int port, WorkerMetrics metrics) {
        return delivery(port, metrics, connector);
    }

    /** One of another process, which knows nothing of the server. */
    DestinationDelivery delivery(int port, WorkerMetrics metrics, SftpConnector connector) {
        var destination = Destinations.at(server, port, Duration.ofSeconds(30));
        return new DestinationDelivery(
                Map.of(destination.name(), destination),
                store,
                connections(connector),
                metrics,
                ProcessClock.system());
    }

    /** Delivers, and removes what was set aside as after a delivery that was reported. */
    Receipt delivered(TransferWork work) {
        DestinationDelivery delivery = delivery(server.port());
        Outcome outcome = delivery.deliver(work, LANE, new FakeJournal());
        var delivered = assertThat(outcome).asInstanceOf(type(Outcome.Delivered.class)).actual();
        delivered.aside().ifPresent(left -> assertThat(delivery.discard(left)).isTrue());
        return delivered.receipt();
    }

    /** Fails, and removes what is left as after a failure that was reported. */
    Failure failed(TransferWork work) {
        return failureOf(delivery(server.port()), work);
    }

    static Failure failureOf(DestinationDelivery delivery, TransferWork work) {
        Outcome outcome = delivery.deliver(work, LANE, new FakeJournal());
        if (outcome instanceof Outcome.NotDelivered(_, var left) && left.isPresent()) {
            assertThat(delivery.discard(left.get())).isTrue();
        }
        return failureOf(outcome);
    }

    static Failure failureOf(Outcome outcome) {
        return assertThat(outcome).asInstanceOf(type(Outcome.NotDelivered.class)).actual().failure();
    }

    void assertNothingStaged() throws IOException {
        if (Files.exists(served.resolve(".waybill"))) {
            try (var staged = Files.list(served.resolve(".waybill"))) {
                assertThat(staged).isEmpty();
            }
        }
    }

    static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
