package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.SftpConnector;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.worker.Works;
import io.waybill.worker.connections.ConnectionPool;
import io.waybill.worker.metrics.WorkerMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attempts from a store in memory to the system's own sshd. */
@RequiresOpenSsh
final class OpenSshDeliveryIT {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.named("io.waybill.worker.connections.Breaker");

    private static final Lane LANE = new Lane(new DestinationName("acme"), 0);

    private final FakeStore store = new FakeStore();
    private final SftpConnector connector = new SftpConnector();
    private OpenSshServer server;

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        connector.close();
        server.close();
    }

    @Test
    void shouldDeliverAtomicallyAndDurably() throws Exception {
        server = OpenSshServer.start(directory);
        Files.writeString(server.files().resolve("a"), "old");

        Receipt receipt = delivered(work(5_000_000, Proof.READBACK));

        assertThat(receipt.destinationClass()).isEqualTo(DestinationClass.ATOMIC_DURABLE);
        assertThat(receipt.proof()).isEqualTo(Proof.READBACK);
        assertThat(server.files().resolve("a")).hasBinaryContent(content(5_000_000));
        assertNothingStaged();
    }

    @Test
    void shouldReplaceWithoutAtomicRename() throws Exception {
        server = OpenSshServer.start(directory, Set.of("posix-rename", "hardlink"));
        Files.writeString(server.files().resolve("a"), "old");

        Receipt receipt = delivered(work(10, Proof.SIZE));

        assertThat(receipt.destinationClass()).isEqualTo(DestinationClass.NON_ATOMIC);
        assertThat(server.files().resolve("a")).hasBinaryContent(content(10));
        assertNothingStaged();
    }

    @Test
    void shouldWriteDirectlyWhereRenamingIsForbidden() throws Exception {
        server = OpenSshServer.start(directory, Set.of("posix-rename", "hardlink", "rename"));

        Receipt receipt = delivered(work(10, Proof.SIZE));

        assertThat(receipt.destinationClass()).isEqualTo(DestinationClass.DIRECT);
        assertThat(server.files().resolve("a")).hasBinaryContent(content(10));
        assertThat(server.files().resolve("a.done")).isEmptyFile();
        assertNothingStaged();
    }

    @Test
    void shouldReplaceWithPlainRenamesForbidden() throws Exception {
        server = OpenSshServer.start(directory, Set.of("rename"));
        Files.writeString(server.files().resolve("a"), "old");

        Receipt receipt = delivered(work(10, Proof.SIZE));

        assertThat(receipt.destinationClass()).isEqualTo(DestinationClass.ATOMIC_DURABLE);
        assertThat(server.files().resolve("a")).hasBinaryContent(content(10));
    }

    @Test
    void shouldPromiseNoDurabilityWithoutFsync() throws Exception {
        server = OpenSshServer.start(directory, Set.of("fsync"));

        assertThat(delivered(work(10, Proof.SIZE)).destinationClass()).isEqualTo(DestinationClass.ATOMIC);
        assertNothingStaged();
    }

    @ParameterizedTest
    @EnumSource(ConflictPolicy.class)
    void shouldKeepTheOlderFileWhereStagingLiesOnAnotherFileSystem(ConflictPolicy policy) throws Exception {
        server = OpenSshServer.start(directory);
        Path elsewhere = AnotherFileSystem.directoryFor(server.files());
        try {
            Files.createSymbolicLink(server.files().resolve(".waybill"), elsewhere);
            Path older = Files.writeString(server.files().resolve("a"), "older");
            TransferWork work = Works.deliver(store.put("object", content(10)), "/a", policy, Proof.SIZE, false);

            Outcome outcome = delivery(Destinations.of(server)).deliver(work, LANE, new FakeJournal());

            assertThat(outcome).isInstanceOf(Outcome.NotDelivered.class);
            assertThat(older).hasContent("older");
            assertThat(server.files().resolve("a." + work.id())).doesNotExist();
        } finally {
            AnotherFileSystem.remove(elsewhere);
        }
    }

    @Test
    void shouldNotNeedToSetAttributes() throws Exception {
        server = OpenSshServer.start(directory, Set.of("setstat", "fsetstat", "lsetstat"));

        assertThat(delivered(work(1_000_000, Proof.SIZE)).destinationClass())
                .isEqualTo(DestinationClass.ATOMIC_DURABLE);
        assertThat(server.files().resolve("a")).hasBinaryContent(content(1_000_000));
    }

    @Test
    void shouldDeliverIntoADropBox() throws Exception {
        server = OpenSshServer.start(
                directory, Set.of("stat", "lstat", "fstat", "opendir", "readdir", "remove", "realpath"));

        Receipt receipt = delivered(work(1_000_000, Proof.SIZE));

        assertThat(receipt.proof()).isEqualTo(Proof.NONE);
        assertThat(receipt.destinationClass()).isEqualTo(DestinationClass.ATOMIC_DURABLE);
        assertThat(server.files().resolve("a")).hasBinaryContent(content(1_000_000));
    }

    @Test
    void shouldWriteSmallPacketsWhereNoLimitsAreTold() throws Exception {
        server = OpenSshServer.start(directory, Set.of("limits"));

        delivered(work(5_000_000, Proof.READBACK));

        assertThat(server.files().resolve("a")).hasBinaryContent(content(5_000_000));
    }

    @Test
    void shouldStageUnderAPrefixOrSuffixWhereAsked() throws Exception {
        server = OpenSshServer.start(directory);
        for (Staging.Kind kind : Staging.Kind.values()) {
            var staging = Destinations.withStaging(Destinations.of(server), new Staging(kind, "tmp_"));
            Path incoming = server.files().resolve("incoming");
            TransferWork work = Works.deliver(
                    store.put("object", content(10)), "/incoming/a", ConflictPolicy.REPLACE, Proof.SIZE, true);

            Outcome outcome = delivery(staging).deliver(work, LANE, new FakeJournal());

            assertThat(outcome).as("%s", kind).isInstanceOf(Outcome.Delivered.class);
            try (var names = Files.list(incoming).filter(Files::isRegularFile)) {
                assertThat(names).as("%s", kind).containsExactly(incoming.resolve("a"));
            }
            Files.delete(incoming.resolve("a"));
        }
    }

    @Test
    void shouldTransferBeyondTheLimitOfARekeying() throws Exception {
        server = OpenSshServer.start(directory, Set.of(), "RekeyLimit 1M");

        delivered(work(20_000_000, Proof.READBACK));

        assertThat(server.files().resolve("a")).hasBinaryContent(content(20_000_000));
    }

    @Test
    void shouldTellAFullDiskFromOtherRefusals() throws Exception {
        server = OpenSshServer.start(directory);
        assumeThat(mount(server.files())).as("a small file system can be mounted").isTrue();
        try {
            Failure failure = failed(work(4_000_000, Proof.SIZE));

            assertThat(failure.kind()).as(failure.detail()).isEqualTo(FailureKind.DISK_FULL);
            assertThat(server.files().resolve("a")).doesNotExist();
            assertNothingStaged();
        } finally {
            run("umount", server.files().toString());
        }
    }

    @Test
    void shouldSayThatANameIsTooLong() throws Exception {
        server = OpenSshServer.start(directory);
        for (String path : List.of("/" + "n".repeat(256), "/" + "\u00fc".repeat(128) + "/a")) {
            TransferWork work =
                    Works.deliver(store.put("a", content(10)), path, ConflictPolicy.REPLACE, Proof.SIZE, true);

            DestinationDelivery delivery = delivery(Destinations.of(server));
            Outcome outcome = delivery.deliver(work, LANE, new FakeJournal());

            Failure failure = failureOf(outcome);
            assertThat(failure.kind()).as(failure.detail()).isEqualTo(FailureKind.BAD_NAME);
            assertThat(failure.detail()).contains("more than 255 bytes");
            var notDelivered = assertThat(outcome).asInstanceOf(type(Outcome.NotDelivered.class)).actual();
            assertThat(notDelivered.left().stream()).allMatch(delivery::discard);
        }
    }

    @Test
    void shouldNotLetAnotherKeyIn() {
        server = OpenSshServer.start(directory);
        try (var other = OpenSshServer.start(directory.resolve("other"))) {
            DestinationConfig right = Destinations.of(server);
            DestinationConfig wrong = Destinations.withKey(right, other.userKey());

            Outcome outcome = delivery(wrong).deliver(work(10, Proof.SIZE), LANE, new FakeJournal());

            Failure reason = assertThat(outcome).asInstanceOf(type(Outcome.Deferred.class)).actual().reason();
            assertThat(reason.kind()).isEqualTo(FailureKind.AUTHENTICATION);
            assertThat(reason.detail()).contains("refused user").contains("private key");
        }
    }

    @Test
    void shouldRecoverFromServersThatDie() {
        server = OpenSshServer.start(directory);
        DestinationDelivery delivery = delivery(Destinations.of(server));
        TransferWork work = work(1_000_000, Proof.SIZE);
        assertThat(delivery.deliver(work, LANE, new FakeJournal())).isInstanceOf(Outcome.Delivered.class);

        server.killSessions();
        Outcome first = delivery.deliver(work, LANE, new FakeJournal());
        Outcome second = delivery.deliver(work, LANE, new FakeJournal());

        // The end of a connection is known at once, or at the next use of it.
        if (first instanceof Outcome.NotDelivered(Failure failure, _)) {
            assertThat(failure.kind()).isEqualTo(FailureKind.CONNECTION_LOST);
        }
        assertThat(second).isInstanceOf(Outcome.Delivered.class);
    }

    private static boolean mount(Path target) throws Exception {
        return System.getProperty("user.name").equals("root")
                && run("mount", "-t", "tmpfs", "-o", "size=1m", "waybill-test", target.toString());
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }

    private TransferWork work(int length, Proof verify) {
        return Works.deliver(store.put("a", content(length)), "/a", ConflictPolicy.REPLACE, verify, false);
    }

    private DestinationDelivery delivery(DestinationConfig destination) {
        var connections = new ConnectionPool(connector, WorkerMetrics.NONE, ProcessClock.system());
        return new DestinationDelivery(
                Map.of(destination.name(), destination),
                store,
                connections,
                WorkerMetrics.NONE,
                ProcessClock.system());
    }

    /** Delivers, and removes what was set aside as after a delivery that was reported. */
    private Receipt delivered(TransferWork work) {
        DestinationDelivery delivery = delivery(Destinations.of(server));
        Outcome outcome = delivery.deliver(work, LANE, new FakeJournal());
        var delivered = assertThat(outcome).asInstanceOf(type(Outcome.Delivered.class)).actual();
        delivered.aside().ifPresent(left -> assertThat(delivery.discard(left)).isTrue());
        return delivered.receipt();
    }

    private Failure failed(TransferWork work) {
        return failureOf(delivery(Destinations.of(server)).deliver(work, LANE, new FakeJournal()));
    }

    private static Failure failureOf(Outcome outcome) {
        return assertThat(outcome).asInstanceOf(type(Outcome.NotDelivered.class)).actual().failure();
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
