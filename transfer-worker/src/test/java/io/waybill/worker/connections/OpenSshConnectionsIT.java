package io.waybill.worker.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.sftp.PooledConnection;
import io.waybill.sftp.RemoteEntry;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.sftp.SftpConnector;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.worker.HandClock;
import io.waybill.worker.metrics.WorkerMetrics;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the system's own sshd does to those who connect. */
@RequiresOpenSsh
final class OpenSshConnectionsIT {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(Breaker.class);

    private static final DestinationName ACME = new DestinationName("acme");
    private static final Lane FIRST = new Lane(ACME, 0);
    private static final Lane SECOND = new Lane(ACME, 1);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final SftpConnector connector = new SftpConnector();
    private Instant now = Instant.EPOCH;
    private final ConnectionPool connections =
            new ConnectionPool(connector, WorkerMetrics.NONE, HandClock.following(() -> now));
    private OpenSshServer server;

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        connector.close();
        server.close();
    }

    @Test
    void shouldGoOnWithWhatItHasWhereTheServerTakesNoMoreConnections() throws Exception {
        server = OpenSshServer.start(directory, Set.of(), "MaxStartups 1");
        DestinationConfig acme = Destinations.of(server);
        connections.borrow(FIRST, acme).close();

        try (var halfOpen = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            // Its greeting tells that the server counts it.
            assertThat(halfOpen.getInputStream().read()).isEqualTo('S');
            assertThat(shares(acme)).isTrue();
        }
        // The server frees a place some time after its connection has ended.
        await().pollInSameThread()
                .pollInterval(LOOK_EVERY)
                .until(() -> {
                    now = now.plus(Duration.ofMinutes(10));
                    return !shares(acme);
                });
    }

    private boolean shares(DestinationConfig destination) throws TransferException {
        try (PooledConnection first = connections.borrow(FIRST, destination);
                PooledConnection second = connections.borrow(SECOND, destination)) {
            second.files().ping();
            return first.files().equals(second.files());
        }
    }

    @Test
    void shouldNameALoginScriptThatPrintsIntoTheStream() throws Exception {
        server = OpenSshServer.start(directory, Set.of(), "ForceCommand echo Welcome to ACME");

        assertDown(FIRST, Destinations.of(server), FailureKind.REMOTE_ERROR,
                "what came instead is 'Welcome to ACME', as a login script of the user would print it");
    }

    @Test
    void shouldWriteNamesInTheDestinationsCharset() throws Exception {
        server = OpenSshServer.start(directory);
        DestinationConfig utf8 = Destinations.of(server);
        DestinationConfig latin = Destinations.withCharset(utf8, StandardCharsets.ISO_8859_1);
        var incoming = new RemotePath("/incoming");
        var path = new RemotePath("/incoming/Gr\u00f6\u00dfe.csv");

        try (PooledConnection connection = connections.borrow(FIRST, latin)) {
            connection.files().makeDirectory(incoming);
            connection.files().write(path, Existing.TRUNCATE).close();

            assertThat(connection.files().list(incoming.value(), 10))
                    .extracting(RemoteEntry::name)
                    .containsExactly(path.name());
        }
        try (PooledConnection connection = connections.borrow(SECOND, utf8)) {
            assertThat(connection.files().stat(path)).isEmpty();
        }
    }

    private Instant assertDown(Lane lane, DestinationConfig destination, FailureKind kind, String said) {
        var down = new Instant[1];
        assertThatExceptionOfType(DestinationDownException.class)
                .isThrownBy(() -> connections.borrow(lane, destination))
                .withMessageContaining(said)
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(kind);
                    down[0] = e.until();
                });
        return down[0];
    }
}
