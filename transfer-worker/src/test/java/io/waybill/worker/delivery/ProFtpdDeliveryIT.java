package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.SftpConnector;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.ProFtpdServer;
import io.waybill.testkit.RequiresProFtpd;
import io.waybill.worker.Works;
import io.waybill.worker.connections.ConnectionPool;
import io.waybill.worker.connections.Endpoint;
import io.waybill.worker.metrics.WorkerMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts from a store in memory to the system's own ProFTPD. */
@RequiresProFtpd
final class ProFtpdDeliveryIT {
    private static final Lane LANE = new Lane(new DestinationName("acme"), 0);

    private final FakeStore store = new FakeStore();
    private final SftpConnector connector = new SftpConnector();
    private ProFtpdServer server;

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        connector.close();
        server.close();
    }

    @Test
    void shouldReplaceAFileInOneStep() throws Exception {
        server = ProFtpdServer.start(directory);
        Files.writeString(server.files().resolve("a"), "old");

        Receipt receipt = delivered(deliver(work(5_000_000, ConflictPolicy.REPLACE, Proof.READBACK)));

        // It syncs files, and does not open directories to have them synced.
        assertThat(receipt.destinationClass()).isEqualTo(DestinationClass.ATOMIC);
        assertThat(receipt.proof()).isEqualTo(Proof.READBACK);
        assertThat(server.files().resolve("a")).hasBinaryContent(content(5_000_000));
        assertNothingStaged();
    }

    @Test
    void shouldRefuseOrKeepBothWhenTheNameIsTaken() throws Exception {
        server = ProFtpdServer.start(directory);
        Files.writeString(server.files().resolve("a"), "old");

        Outcome refused = deliver(work(10, ConflictPolicy.REFUSE, Proof.SIZE));
        TransferWork both = work(10, ConflictPolicy.KEEP_BOTH, Proof.SIZE);
        Receipt kept = delivered(deliver(both));

        Failure failure = assertThat(refused).asInstanceOf(type(Outcome.NotDelivered.class)).actual().failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(kept.path().value()).isEqualTo("/a." + both.id());
        assertThat(server.files().resolve("a")).hasContent("old");
    }

    @Test
    void shouldNotMixFilesThatAreWrittenAtOnceOverOneConnection() throws Exception {
        server = ProFtpdServer.start(directory);
        DestinationDelivery delivery = delivery();
        List<Integer> sizes = IntStream.range(0, 8).map(i -> 600_000 + i % 2).boxed().toList();
        List<String> names = IntStream.range(0, 8).mapToObj(i -> "invoices-" + i + ".csv").toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var deliveries = threads.invokeAll(IntStream.range(0, 8)
                    .mapToObj(i -> (Callable<Outcome>) () -> delivery.deliver(
                            Works.deliver(store.put(names.get(i), rows(i, sizes.get(i))), "/" + names.get(i)),
                            LANE,
                            new FakeJournal()))
                    .toList());
            for (var each : deliveries) {
                delivered(each.get());
            }
        }

        for (int i = 0; i < 8; i++) {
            assertThat(server.files().resolve(names.get(i))).hasBinaryContent(rows(i, sizes.get(i)));
        }
        assertNothingStaged();
    }

    @ParameterizedTest
    @EnumSource(ConflictPolicy.class)
    void shouldCopyNothingThroughALinkWhereStagingLiesOnAnotherFileSystem(ConflictPolicy policy) throws Exception {
        server = ProFtpdServer.start(directory);
        Path elsewhere = AnotherFileSystem.directoryFor(server.files());
        try {
            Files.createSymbolicLink(server.files().resolve(".waybill"), elsewhere);
            Path other = Files.writeString(server.files().resolve("other"), "the partner's");
            Path link = Files.createSymbolicLink(server.files().resolve("a"), Path.of("other"));

            Outcome outcome = deliver(work(5_000_000, policy, Proof.SIZE));

            Failure failure =
                    assertThat(outcome).asInstanceOf(type(Outcome.NotDelivered.class)).actual().failure();
            assertThat(failure.kind()).isEqualTo(FailureKind.FORBIDDEN);
            assertThat(failure.detail()).contains("'/.waybill' lies on another file system than '/'", "staging.prefix");
            assertThat(other).hasContent("the partner's");
            assertThat(link).isSymbolicLink();
            assertThat(elsewhere).isEmptyDirectory();
        } finally {
            AnotherFileSystem.remove(elsewhere);
        }
    }

    /** Each way keeps some clients from writing a file twice, over two channels or after a break. */
    @ParameterizedTest
    @ValueSource(strings = {"HiddenStores on", "AllowOverwrite off", "AllowStoreRestart off"})
    void shouldDeliverALargeFileWholeHoweverTheServerStores(String directive) throws Exception {
        server = ProFtpdServer.start(directory, "<Directory />", directive, "</Directory>");
        Files.writeString(server.files().resolve("a"), "old");

        delivered(deliver(work(48 << 20, ConflictPolicy.REPLACE, Proof.SIZE)));

        assertThat(server.files().resolve("a")).hasBinaryContent(content(48 << 20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HiddenStores on", "AllowOverwrite off", "AllowStoreRestart off"})
    void shouldDeliverAWholeFileAfterABreakHoweverTheServerStores(String directive) throws Exception {
        server = ProFtpdServer.start(directory, "<Directory />", directive, "</Directory>");
        byte[] content = content(20 << 20);
        Files.createDirectories(server.files().resolve(".waybill"));
        Files.write(server.files().resolve(".waybill/left"), Arrays.copyOf(content, 15 << 20));
        TransferWork work = work(20 << 20, ConflictPolicy.REPLACE, Proof.SIZE);
        var left = new Staging(
                work.id(),
                work.attempt(),
                work.target(),
                LANE.number(),
                new RemotePath("/.waybill/left"),
                10 << 20,
                Endpoint.of(Destinations.of(server)),
                Instant.EPOCH);

        Outcome outcome = delivery().deliver(work, LANE, FakeJournal.after(Optional.of(left)));

        delivered(outcome);
        assertThat(server.files().resolve("a")).hasBinaryContent(content);
    }

    private static byte[] rows(int file, int size) {
        return ("row of file " + file + ";").repeat(size / 14 + 1).substring(0, size)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private TransferWork work(int size, ConflictPolicy onConflict, Proof verify) {
        return Works.deliver(store.put("object", content(size)), "/a", onConflict, verify, false);
    }

    private Outcome deliver(TransferWork work) {
        return delivery().deliver(work, LANE, new FakeJournal());
    }

    private DestinationDelivery delivery() {
        var destination = Destinations.of(server);
        var connections = new ConnectionPool(connector, WorkerMetrics.NONE, ProcessClock.system());
        return new DestinationDelivery(
                Map.of(destination.name(), destination),
                store,
                connections,
                WorkerMetrics.NONE,
                ProcessClock.system());
    }

    private static Receipt delivered(Outcome outcome) {
        return assertThat(outcome).asInstanceOf(type(Outcome.Delivered.class)).actual().receipt();
    }

    private void assertNothingStaged() throws IOException {
        try (var staged = Files.list(server.files().resolve(".waybill"))) {
            assertThat(staged).isEmpty();
        }
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }
}
