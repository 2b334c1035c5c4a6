package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Milestone;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.RogueSftpServer.WriteFault;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.OwnershipGuard;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What an attempt delivers, and what it reports where it does not. */
final class DestinationDeliveryTest extends DestinationDeliveryFixture {
    /** Where a server tells no limit. */
    private static final int PACKET = 32 << 10;

    private static final int NO_SUCH_FILE = 2;
    private static final int PERMISSION_DENIED = 3;

    @Test
    void shouldDeliverAWholeFileAndProveIt() throws Exception {
        start();
        byte[] content = content(2_000_000);

        Receipt receipt = delivered(deliver(store.put("a", content), "/report.csv"));

        assertThat(served.resolve("report.csv")).hasBinaryContent(content);
        assertThat(receipt.bytes()).isEqualTo(content.length);
        assertThat(receipt.sha256()).hasSize(64);
        assertThat(receipt.proof()).isEqualTo(Proof.SIZE);
        assertThat(receipt.destinationClass()).isEqualTo(DestinationClass.ATOMIC_DURABLE);
        assertNothingStaged();
    }

    @Test
    void shouldTellEachStepItHasDone() throws Exception {
        start();
        var whole = new FakeJournal();
        var failed = new FakeJournal();
        SourceObject object = store.put("a", content(10));

        delivery(server.port()).deliver(deliver(object, "/a"), LANE, whole);
        delivery(server.port()).deliver(deliver(object, "/nowhere/a"), LANE, failed);

        // That the intent is committed is told by the real journal.
        assertThat(whole.milestones()).containsExactly(Milestone.CONNECTED, Milestone.SENT, Milestone.VERIFIED,
                Milestone.PUBLISHED);
        assertThat(failed.milestones()).containsExactly(Milestone.CONNECTED);
    }

    @Test
    void shouldRemoveWhatWasSentOfAFileThatIsCancelledMeanwhile() throws Exception {
        start();
        var cancelled = new Failure(FailureKind.CANCELLED, "it was cancelled");
        SourceObject object = store.put("a", content(2_000_000));
        var chunks = new AtomicInteger();
        var underWay = FakeJournal.unwanted(() -> chunks.incrementAndGet() < 3, cancelled);
        var beforeTheIntent = FakeJournal.unwanted(OwnershipGuard.UNLIMITED, cancelled);

        Outcome stopped = delivery(server.port()).deliver(deliver(object, "/a"), LANE, underWay);
        Outcome unprepared = delivery(server.port()).deliver(deliver(object, "/a"), LANE, beforeTheIntent);

        assertThat(stopped).isEqualTo(new Outcome.NotDelivered(cancelled));
        assertThat(unprepared).isEqualTo(new Outcome.NotDelivered(cancelled));
        assertThat(underWay.milestones()).containsExactly(Milestone.CONNECTED);
        assertThat(beforeTheIntent.intents()).isEmpty();
        assertThat(served.resolve("a")).doesNotExist();
        assertNothingStaged();
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
    void shouldNotTakeASizeForAChecksum() throws Exception {
        start();
        SourceObject object = store.put("a", content(10));

        Receipt receipt = delivered(deliver(object, "/a", ConflictPolicy.REPLACE, Proof.CHECKSUM, false));
        server.refuse("read", PERMISSION_DENIED);
        Failure unread = failed(deliver(object, "/b", ConflictPolicy.REPLACE, Proof.CHECKSUM, false));

        assertThat(receipt.proof()).isEqualTo(Proof.READBACK);
        assertThat(unread.kind()).isEqualTo(FailureKind.VERIFICATION);
        assertThat(served.resolve("b")).doesNotExist();
    }

    @Test
    void shouldStageBesideAFileInTheRoot() throws Exception {
        start();
        var staging = new DestinationConfig.Staging(DestinationConfig.Staging.Kind.PREFIX, ".tmp-");
        var destination = Destinations.withStaging(Destinations.of(server), staging);
        var delivery = new DestinationDelivery(
                Map.of(destination.name(), destination),
                store,
                connections(),
                WorkerMetrics.NONE,
                InstantSource.system());

        Outcome outcome = delivery.deliver(deliver(store.put("a", content(10)), "/a"), LANE, new FakeJournal());

        assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void shouldSayWhichProofItGotWhereTheServerCannotGiveTheOneAsked() {
        start();
        SourceObject object = store.put("a", content(10));

        server.refuse("stat", PERMISSION_DENIED);
        Receipt unknown = delivered(deliver(object, "/a", ConflictPolicy.REPLACE, Proof.SIZE, false));

        assertThat(unknown.proof()).isEqualTo(Proof.NONE);
    }

    @Test
    void shouldDeliverWhereWhatTheServerSaysOfAFileEndsTooEarly() {
        start();
        server.cutAttributes();

        Receipt receipt = delivered(deliver(store.put("a", content(10)), "/a"));

        assertThat(receipt.proof()).isEqualTo(Proof.NONE);
        assertThat(served.resolve("a")).hasBinaryContent(content(10));
    }

    @Test
    void shouldDeliverWhereStatusesSayNoMoreThanANumber() {
        start();
        server.briefStatuses();

        assertThat(delivered(deliver(store.put("a", content(10)), "/a")).proof()).isEqualTo(Proof.SIZE);
    }

    @Test
    void shouldNotCallAFileDeliveredWhoseStagingFileWasTakenAway() {
        start();
        server.refuseRenames((from, to) -> to.equals("/a") && served.resolve(from.substring(1)).toFile().delete());

        Failure failure = failed(deliver(store.put("a", content(10)), "/a"));

        assertThat(failure.kind()).isEqualTo(FailureKind.IN_DOUBT);
        assertThat(failure.detail()).contains("was gone before it could be renamed").contains("another staging");
        assertThat(served.resolve("a")).doesNotExist();
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
    void shouldNotCallAFileDeliveredOfWhichTheServerOnlySaysThatItIsWritten() throws Exception {
        start();
        delivered(deliver(store.put("first", content(10)), "/first"));
        server.pretend("write");

        Failure failure = failed(deliver(store.put("a", content(1_000_000)), "/a"));

        assertThat(failure.kind()).isEqualTo(FailureKind.VERIFICATION);
        assertThat(failure.detail()).contains("1000000", "has 0");
        assertThat(served.resolve("a")).doesNotExist();
        assertNothingStaged();
    }

    @Test
    void shouldSeeByReadingBackThatTheServerMixedUpTheWrites() throws Exception {
        start("limits@openssh.com");
        SourceObject object = store.put("a", content(900_000));
        server.faultAt(3 * PACKET, WriteFault.MISPLACED);

        Failure failure = failed(deliver(object, "/a", ConflictPolicy.REPLACE, Proof.READBACK, false));

        assertThat(failure.kind()).isEqualTo(FailureKind.VERIFICATION);
        assertThat(failure.detail()).contains("SHA-256");
        assertThat(served.resolve("a")).doesNotExist();
        assertNothingStaged();
    }

    @Test
    void shouldFindAFileWhereItIsWhoseRenameTheServerDeniesHavingDone() throws Exception {
        start();
        delivered(deliver(store.put("first", content(10)), "/a"));
        server.denyHavingDone("posix-rename", NO_SUCH_FILE);

        Receipt receipt = delivered(deliver(store.put("a", content(20)), "/a"));

        assertThat(receipt.bytes()).isEqualTo(20);
        assertThat(served.resolve("a")).hasBinaryContent(content(20));
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
    void shouldNeitherPublishNorReportOnceTheWorkIsSomebodyElses() throws Exception {
        start();
        var asked = new AtomicInteger();
        OwnershipGuard ending = () -> asked.incrementAndGet() < 3;

        Outcome outcome =
                delivery(server.port()).deliver(deliver(store.put("a", content(2_000_000)), "/a"), LANE,
                        FakeJournal.under(ending));

        assertThat(outcome).isInstanceOf(Outcome.Dropped.class);
        assertThat(served.resolve("a")).doesNotExist();
        assertNothingStaged();
    }

    @Test
    void shouldPutOffAFileForADestinationThatThisWorkerDoesNotKnowYet() {
        start();
        var delivery =
                new DestinationDelivery(Map.of(), store, connections(), WorkerMetrics.NONE, InstantSource.system());

        Outcome outcome = delivery.deliver(deliver(store.put("a", content(1)), "/a"), LANE, new FakeJournal());

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Deferred.class, deferred -> {
            assertThat(deferred.reason().kind()).isEqualTo(FailureKind.UNKNOWN_DESTINATION);
            assertThat(deferred.reason().detail()).contains("'acme'");
            assertThat(deferred.begun()).isFalse();
        });
    }

    /** Nothing but a start helps, so thousands of files must not all be tried again every few minutes. */
    @Test
    void shouldSpreadTheFilesForADestinationThatThisWorkerDoesNotKnow() {
        start();
        var delivery = new DestinationDelivery(
                Map.of(), store, connections(), WorkerMetrics.NONE, InstantSource.fixed(Instant.EPOCH));

        Set<Instant> back = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            Outcome outcome = delivery.deliver(deliver(store.put("a" + i, content(1)), "/a"), LANE, new FakeJournal());
            back.add(((Outcome.Deferred) outcome).until());
        }

        assertThat(back).hasSizeGreaterThan(15).allSatisfy(until -> assertThat(until)
                .isBetween(Instant.EPOCH.plusSeconds(3600), Instant.EPOCH.plusSeconds(2 * 3600)));
    }

    @Test
    void shouldBurnNoAttemptWhenTheStoreGoesAwayWhileAFileIsSent() {
        start();
        SourceObject object = store.put("a", content(4_000_000));
        store.goesDownAfter(3_000_000);

        Outcome outcome = delivery(server.port()).deliver(deliver(object, "/a"), LANE, new FakeJournal());

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Deferred.class, deferred -> {
            assertThat(deferred.reason().kind()).isEqualTo(FailureKind.SOURCE_UNREACHABLE);
            assertThat(deferred.begun()).isTrue();
        });
        assertThat(served.resolve("a")).doesNotExist();
    }

    @Test
    void shouldWaitForAnObjectThatWentIntoAnArchiveAndLeaveNothing() throws Exception {
        start();
        SourceObject object = store.put("a", content(4));
        store.archive(object);

        Outcome outcome = delivery(server.port()).deliver(deliver(object, "/a"), LANE, new FakeJournal());

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Deferred.class, deferred -> {
            assertThat(deferred.reason()).isEqualTo(new Failure(FailureKind.SOURCE_FORBIDDEN, "restore it"));
            assertThat(deferred.until()).isAfter(Instant.now());
        });
        assertThat(served.resolve("a")).doesNotExist();
        assertNothingStaged();
    }

    @Test
    void shouldNotConnectWhileTheStoreIsKnownToBeAway() {
        start();
        SourceObject object = store.put("a", content(4));
        store.isDown();

        Outcome outcome = delivery(server.port()).deliver(deliver(object, "/a"), LANE, new FakeJournal());

        assertThat(outcome).isInstanceOfSatisfying(
                Outcome.Deferred.class, deferred -> assertThat(deferred.begun()).isFalse());
    }
}
