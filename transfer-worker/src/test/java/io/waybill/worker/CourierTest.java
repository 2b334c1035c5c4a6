package io.waybill.worker;

import static io.waybill.worker.Works.deliver;
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
import io.waybill.domain.SourceObject;
import io.waybill.domain.Step;
import io.waybill.domain.TransferWork;
import io.waybill.testkit.RogueSftpServer;
import io.waybill.testkit.TroubledProxy;
import io.waybill.worker.sftp.SftpConnector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts from a store in memory to a real SFTP server that does not always behave. */
final class CourierTest {
    private static final Lane LANE = new Lane(new DestinationName("acme"), 0);
    private static final int FAILURE = 4;
    private static final int UNSUPPORTED = 8;
    private static final int PERMISSION_DENIED = 3;

    private final FakeStore store = new FakeStore();
    private final SftpConnector connector = new SftpConnector();
    private RogueSftpServer server;

    @TempDir
    Path served;

    @AfterEach
    void stop() {
        connector.close();
        server.close();
    }

    @Test
    void shouldDeliverAWholeFileAndProveIt() throws Exception {
        start();
        byte[] content = content(2_000_000);

        Receipt receipt = delivered(deliver(store.put("a", content), "/report.csv"));

        assertThat(served.resolve("report.csv")).hasBinaryContent(content);
        assertThat(receipt.bytes()).isEqualTo(content.length);
        assertThat(receipt.sha256()).hasSize(64);
        assertThat(receipt.proof()).isEqualTo(Proof.SIZE);
        assertThat(receipt.destinationClass()).isEqualTo(DestinationClass.A);
        assertNothingStaged();
    }

    @Test
    void shouldTellEachStepItHasDone() throws Exception {
        start();
        var whole = new FakeJournal();
        var failed = new FakeJournal();
        SourceObject object = store.put("a", content(10));

        courier(server.port()).carry(deliver(object, "/a"), LANE, whole);
        courier(server.port()).carry(deliver(object, "/nowhere/a"), LANE, failed);

        // That the intent is committed is told by the real journal.
        assertThat(whole.steps()).containsExactly(Step.CONNECTED, Step.SENT, Step.VERIFIED, Step.PUBLISHED);
        assertThat(failed.steps()).containsExactly(Step.CONNECTED);
    }

    @Test
    void shouldDeliverAnEmptyFile() throws Exception {
        start();

        Receipt receipt = delivered(deliver(store.put("a", new byte[0]), "/empty"));

        assertThat(served.resolve("empty")).isEmptyFile();
        assertThat(receipt.sha256()).startsWith("e3b0c44298fc1c14");
    }

    @Test
    void shouldReadBackWhereThatProofIsAsked() {
        start();
        SourceObject object = store.put("a", content(700_000));

        Receipt receipt = delivered(deliver(object, "/a", ConflictPolicy.REPLACE, Proof.READBACK, false));

        assertThat(receipt.proof()).isEqualTo(Proof.READBACK);
    }

    @Test
    void shouldSayWhichProofItGotWhereTheServerCannotGiveTheOneAsked() {
        start();
        SourceObject object = store.put("a", content(10));

        Receipt checksum = delivered(deliver(object, "/a", ConflictPolicy.REPLACE, Proof.CHECKSUM, false));
        server.refuse("stat", PERMISSION_DENIED);
        Receipt unknown = delivered(deliver(object, "/a", ConflictPolicy.REPLACE, Proof.SIZE, false));

        assertThat(checksum.proof()).isEqualTo(Proof.SIZE);
        assertThat(unknown.proof()).isEqualTo(Proof.NONE);
    }

    @Test
    void shouldReplaceRefuseOrKeepBothWhenTheNameIsTaken() throws Exception {
        start();
        assertConflictPolicies(DestinationClass.A);
    }

    @Test
    void shouldKeepTheConflictPolicyWithoutLinks() throws Exception {
        start("hardlink@openssh.com");
        assertConflictPolicies(DestinationClass.A);
    }

    @Test
    void shouldKeepTheConflictPolicyWithoutAtomicRename() throws Exception {
        start("posix-rename@openssh.com", "hardlink@openssh.com", "fsync@openssh.com");
        assertConflictPolicies(DestinationClass.C);
    }

    @Test
    void shouldKeepTheConflictPolicyWhereAtomicRenameAlwaysFails() throws Exception {
        start();
        server.refuse("posix-rename", FAILURE);
        assertConflictPolicies(DestinationClass.C);
    }

    @Test
    void shouldWriteDirectlyWithADoneFileWhereNothingCanBeRenamed() throws Exception {
        start("posix-rename@openssh.com", "hardlink@openssh.com");
        server.refuse("rename", UNSUPPORTED);

        assertConflictPolicies(DestinationClass.D);

        assertThat(served.resolve("taken.csv.done")).exists();
    }

    private void assertConflictPolicies(DestinationClass expected) throws IOException {
        TransferWork replace = conflicting(ConflictPolicy.REPLACE);
        assertThat(delivered(replace).destinationClass()).isEqualTo(expected);
        assertThat(served.resolve("taken.csv")).hasContent("new");

        assertThat(failed(conflicting(ConflictPolicy.REFUSE)).kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(served.resolve("taken.csv")).hasContent("old");

        TransferWork keepBoth = conflicting(ConflictPolicy.KEEP_BOTH);
        String second = "taken." + keepBoth.id() + ".csv";
        assertThat(delivered(keepBoth).path().value()).isEqualTo("/" + second);
        assertThat(served.resolve("taken.csv")).hasContent("old");
        assertThat(served.resolve(second)).hasContent("new");

        assertThat(delivered(deliver(store.put("f", ascii("free")), "/free", ConflictPolicy.REFUSE, Proof.SIZE, false))
                .path()
                .value())
                .isEqualTo("/free");
        assertNothingStaged();
    }

    private TransferWork conflicting(ConflictPolicy policy) throws IOException {
        Files.writeString(served.resolve("taken.csv"), "old");
        return deliver(store.put("new", ascii("new")), "/taken.csv", policy, Proof.SIZE, false);
    }

    @Test
    void shouldMakeDirectoriesOnlyWhereToldTo() throws Exception {
        start();
        SourceObject object = store.put("a", ascii("x"));

        Failure missing = failed(deliver(object, "/in/2026/a"));
        delivered(deliver(object, "/in/2026/a", ConflictPolicy.REPLACE, Proof.SIZE, true));

        assertThat(missing.kind()).isEqualTo(FailureKind.PATH_MISSING);
        assertThat(missing.detail()).contains("there is no directory /in/2026 at acme");
        assertThat(served.resolve("in/2026/a")).hasContent("x");
    }

    @Test
    void shouldLeaveNothingBehindWhenTheDiskIsFull() throws Exception {
        start();
        server.room(300_000);

        Failure failure = failed(deliver(store.put("a", content(1_000_000)), "/a"));

        assertThat(failure.kind()).isEqualTo(FailureKind.REMOTE_ERROR);
        assertThat(served.resolve("a")).doesNotExist();
        assertNothingStaged();
    }

    @Test
    void shouldLeaveNothingBehindWhenTheObjectVanishedOrChanged() throws Exception {
        start();
        SourceObject gone = store.put("gone", content(10));
        store.remove(gone);
        SourceObject cutOff = store.put("cut-off", content(1_000_000));
        store.corrupt(cutOff, content(999_999));

        assertThat(failed(deliver(gone, "/a")).kind()).isEqualTo(FailureKind.SOURCE_GONE);
        assertThat(failed(deliver(cutOff, "/a")).kind()).isEqualTo(FailureKind.SOURCE_UNREACHABLE);

        assertThat(served.resolve("a")).doesNotExist();
        assertNothingStaged();
    }

    @Test
    void shouldReportWhatIsForbidden() throws Exception {
        start();
        server.refuse("open", PERMISSION_DENIED);

        assertThat(failed(deliver(store.put("a", content(10)), "/a")).kind()).isEqualTo(FailureKind.FORBIDDEN);
        assertThat(served.resolve("a")).doesNotExist();
    }

    @Test
    void shouldReconnectAfterABrokenConnection() throws Exception {
        start();
        try (var proxy = TroubledProxy.to(server.port())) {
            Courier courier = courier(proxy.port());
            TransferWork work = deliver(store.put("a", content(3_000_000)), "/a");
            proxy.cutAfter(1_000_000);

            Outcome broken = courier.carry(work, LANE, new FakeJournal());
            boolean partial = Files.exists(served.resolve("a"));
            Outcome whole = courier.carry(work, LANE, new FakeJournal());

            assertThat(partial).isFalse();
            assertThat(failureOf(broken).kind()).isEqualTo(FailureKind.CONNECTION_LOST);
            assertThat(whole).isInstanceOf(Outcome.Delivered.class);
            assertThat(served.resolve("a")).hasBinaryContent(content(3_000_000));
            assertThat(proxy.connections()).isEqualTo(2);
        }
    }

    @Test
    void shouldResumeALargeUploadWhereItBrokeOff() throws Exception {
        start();
        byte[] content = content(90 << 20);
        try (var proxy = TroubledProxy.to(server.port())) {
            var sent = new AtomicLong();
            Courier courier = courier(proxy.port(), new WorkerMetrics() {
                @Override
                public void sent(int bytes) {
                    sent.addAndGet(bytes);
                }
            });
            TransferWork work = deliver(store.put("a", content), "/a");
            proxy.cutAfter(80 << 20);
            Outcome broken = courier.carry(work, LANE, new FakeJournal());
            var left = assertThat(broken).asInstanceOf(type(Outcome.NotDelivered.class)).actual().left();
            assertThat(left.orElseThrow().safeBytes()).isBetween(64L << 20, 80L << 20);
            sent.set(0);

            Outcome whole = courier.carry(work, LANE, FakeJournal.after(left));

            assertThat(whole).isInstanceOf(Outcome.Delivered.class);
            assertThat(sent).hasValue(content.length - left.orElseThrow().safeBytes());
            assertThat(served.resolve("a")).hasBinaryContent(content);
            assertNothingStaged();
        }
    }

    @Test
    void shouldResumeWhereTheServerCannotTruncate() throws Exception {
        start();
        byte[] content = content(20 << 20);
        Staging left = left(content);
        server.refuse("setstat", PERMISSION_DENIED);

        Outcome whole = courier(server.port())
                .carry(deliver(store.put("a", content), "/a"), LANE, FakeJournal.after(Optional.of(left)));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a")).hasBinaryContent(content);
    }

    @Test
    void shouldSendTheWholeFileWhenWhatWasLeftIsGone() throws Exception {
        start();
        byte[] content = content(20 << 20);
        Staging left = left(content);
        Files.delete(served.resolve(left.staging().value().substring(1)));

        Outcome whole = courier(server.port())
                .carry(deliver(store.put("a", content), "/a"), LANE, FakeJournal.after(Optional.of(left)));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a")).hasBinaryContent(content);
    }

    /** Half of the content is safe at the server, and behind it lies what pipelined writes left. */
    private Staging left(byte[] content) throws IOException {
        byte[] torn = content.clone();
        Arrays.fill(torn, content.length / 2, content.length / 2 + 100_000, (byte) 0);
        Files.createDirectories(served.resolve(".waybill"));
        Files.write(served.resolve(".waybill/left"), Arrays.copyOf(torn, content.length - 1000));
        TransferWork work = deliver(store.put("a", content), "/a");
        return new Staging(
                work.id(),
                work.attempt(),
                work.target(),
                LANE.number(),
                new RemotePath("/.waybill/left"),
                content.length / 2,
                Endpoint.of(Destinations.of(server)),
                Instant.EPOCH);
    }

    @Test
    void shouldNeitherPublishNorReportOnceTheWorkIsSomebodyElses() throws Exception {
        start();
        var asked = new AtomicInteger();
        Mandate ending = () -> asked.incrementAndGet() < 3;

        Outcome outcome =
                courier(server.port()).carry(deliver(store.put("a", content(2_000_000)), "/a"), LANE,
                        FakeJournal.under(ending));

        assertThat(outcome).isInstanceOf(Outcome.Dropped.class);
        assertThat(served.resolve("a")).doesNotExist();
        assertNothingStaged();
    }

    @Test
    void shouldNotKnowADestinationThatIsNotConfigured() {
        start();
        var courier = new Courier(Map.of(), store, connections(), WorkerMetrics.NONE, InstantSource.system());

        Outcome outcome = courier.carry(deliver(store.put("a", content(1)), "/a"), LANE, new FakeJournal());

        assertThat(failureOf(outcome).kind()).isEqualTo(FailureKind.UNKNOWN_DESTINATION);
        assertThat(failureOf(outcome).detail()).contains("'acme'");
    }

    private void start(String... unknown) {
        server = RogueSftpServer.start(served, List.of(unknown));
    }

    private LaneConnections connections() {
        return new LaneConnections(connector, WorkerMetrics.NONE, InstantSource.fixed(Instant.EPOCH));
    }

    private Courier courier(int port) {
        return courier(port, WorkerMetrics.NONE);
    }

    private Courier courier(int port, WorkerMetrics metrics) {
        var destination = Destinations.at(server, port, Duration.ofSeconds(30));
        return new Courier(
                Map.of(destination.name(), destination),
                store,
                connections(),
                metrics,
                InstantSource.system());
    }

    private Receipt delivered(TransferWork work) {
        Outcome outcome = courier(server.port()).carry(work, LANE, new FakeJournal());
        return assertThat(outcome).asInstanceOf(type(Outcome.Delivered.class)).actual().receipt();
    }

    /** Fails, and removes what is left as after a failure that was reported. */
    private Failure failed(TransferWork work) {
        return failureOf(courier(server.port()), work);
    }

    private static Failure failureOf(Courier courier, TransferWork work) {
        Outcome outcome = courier.carry(work, LANE, new FakeJournal());
        if (outcome instanceof Outcome.NotDelivered(_, var left) && left.isPresent()) {
            assertThat(courier.discard(left.get())).isTrue();
        }
        return failureOf(outcome);
    }

    private static Failure failureOf(Outcome outcome) {
        return assertThat(outcome).asInstanceOf(type(Outcome.NotDelivered.class)).actual().failure();
    }

    private void assertNothingStaged() throws IOException {
        if (Files.exists(served.resolve(".waybill"))) {
            try (var staged = Files.list(served.resolve(".waybill"))) {
                assertThat(staged).isEmpty();
            }
        }
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
