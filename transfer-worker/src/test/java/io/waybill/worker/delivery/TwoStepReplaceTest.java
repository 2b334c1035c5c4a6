package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.RemotePath;
import io.waybill.sftp.SftpConnector;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.OwnershipLostException;
import io.waybill.worker.partition.StagingTokens;
import io.waybill.worker.upload.StagingNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An older file in the way, at a server that does not replace in one step. */
final class TwoStepReplaceTest extends DestinationDeliveryFixture {
    private static final int NO_SUCH_FILE = 2;
    private static final int PERMISSION_DENIED = 3;
    private static final int FAILURE = 4;
    private static final int UNSUPPORTED = 8;

    private Path target;

    @BeforeEach
    void putAnOlderFile() throws IOException {
        target = served.resolve("a");
        Files.writeString(target, "older");
    }

    private void startClassC() {
        start("posix-rename@openssh.com", "hardlink@openssh.com");
    }

    @Test
    void shouldKeepTheOlderFileUntilTheDeliveryIsCommitted() throws Exception {
        startClassC();
        DestinationDelivery delivery = delivery(server.port());

        Outcome outcome = delivery.deliver(deliver(store.put("a", ascii("new")), "/a"), LANE, new FakeJournal());

        Staging aside = aside(outcome);
        assertThat(target).hasContent("new");
        assertThat(at(aside.staging())).hasContent("older");
        assertThat(delivery.discard(aside)).isTrue();
        assertNothingStaged();
    }

    @Test
    void shouldNotRemoveADeliveredFileWhenItsIntentIsResolvedAgain() throws Exception {
        startClassC();
        Prepared intent = prepared("new");
        resolve(intent);
        // As a server says that looks at the new name first.
        server.refuse("rename", FAILURE);

        Outcome again = resolve(intent);

        assertThat(again).isInstanceOf(Outcome.Delivered.class);
        assertThat(target).hasContent("new");
    }

    @Test
    void shouldPutTheOlderFileBackWhenTheNewerCannotBePublished() throws Exception {
        startClassC();
        server.refuseRenames((from, to) -> to.equals("/a") && from.contains("test-") && !from.endsWith(".aside"));

        Outcome outcome =
                delivery(server.port()).deliver(deliver(store.put("a", ascii("new")), "/a"), LANE, new FakeJournal());

        var failed = assertThat(outcome).asInstanceOf(type(Outcome.NotDelivered.class)).actual();
        assertThat(failed.failure().kind().retryable()).isTrue();
        assertThat(target).hasContent("older");
        assertThat(served.resolve(".waybill")).isDirectoryNotContaining("glob:**.{aside,room}");
    }

    @Test
    void shouldNotLetGoOfAnOlderFileThatCannotBePutBackYet() throws Exception {
        startClassC();
        server.refuseRenames((_, to) -> to.equals("/a"));
        FakeJournal journal = new FakeJournal();

        Outcome outcome =
                delivery(server.port()).deliver(deliver(store.put("a", ascii("new")), "/a"), LANE, journal);

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Undecided.class,
                undecided -> assertThat(undecided.reason().detail()).contains("cannot be put back"));
        server.behave();
        assertThat(resolve(journal.intents().getFirst())).isInstanceOf(Outcome.NotDelivered.class);
        assertThat(target).hasContent("older");
    }

    @Test
    void shouldGoOnWhereAnOwnerDiedWithTheNameFree() throws Exception {
        startClassC();
        Prepared intent = prepared("new");
        Files.move(target, room(intent).resolve("older"));

        Staging aside = aside(resolve(intent));

        assertThat(target).hasContent("new");
        assertThat(at(aside.staging())).hasContent("older");
    }

    @Test
    void shouldFindTheOlderFileOfAnOwnerWhoDiedRightAfterPublishing() throws Exception {
        startClassC();
        Prepared intent = prepared("new");
        Files.move(target, room(intent).resolve("older"));
        Files.move(at(intent.staging()), target);

        Staging aside = aside(resolve(intent));

        assertThat(target).hasContent("new");
        assertThat(at(aside.staging())).hasContent("older");
        assertThat(aside(resolve(intent))).isEqualTo(aside);
    }

    @Test
    void shouldNotLetTheOlderFileFollowTheNewerThatThePartnerTook() throws Exception {
        startClassC();
        Prepared intent = prepared("new");
        Files.move(target, room(intent).resolve("older"));
        Files.delete(at(intent.staging()));

        Staging aside = aside(resolve(intent));

        assertThat(target).doesNotExist();
        assertThat(at(aside.staging())).hasContent("older");
    }

    @Test
    void shouldPutTheNewFileBackThatALateRequestTookForTheOlder() throws Exception {
        startClassC();
        Prepared intent = prepared("new");
        Files.delete(target);
        Files.move(at(intent.staging()), room(intent).resolve("older"));

        Outcome outcome = resolve(intent);

        assertThat(outcome)
                .isInstanceOfSatisfying(Outcome.Delivered.class, d -> assertThat(d.aside()).isEmpty());
        assertThat(target).hasContent("new");
        assertThat(room(intent)).doesNotExist();
    }

    @Test
    void shouldTellBothApartWhenALateRequestComesBesideTheOlderFile() throws Exception {
        startClassC();
        Prepared intent = prepared("new");
        Path older = at(StagingNames.aside(intent.staging()));
        Files.move(target, older);
        Files.move(at(intent.staging()), room(intent).resolve("older"));

        Outcome outcome = resolve(intent);

        assertThat(aside(outcome).staging()).isEqualTo(StagingNames.aside(intent.staging()));
        assertThat(target).hasContent("new");
        assertThat(older).hasContent("older");
    }

    @Test
    void shouldLeaveNoRoomForALateRequestOnceTheFileIsDelivered() throws Exception {
        startClassC();
        Prepared intent = prepared("new");
        assertThat(room(intent)).isDirectory();

        resolve(intent);

        assertThat(room(intent)).doesNotExist();
    }

    @Test
    void shouldTouchNothingOnceTheIntentMayBeSomebodyElses() throws Exception {
        startClassC();
        Prepared intent = prepared("new");

        Outcome outcome = delivery(server.port()).resolve(intent, () -> {
            throw new OwnershipLostException();
        });

        assertThat(outcome).isInstanceOf(Outcome.Undecided.class);
        assertThat(target).hasContent("older");
        assertThat(at(intent.staging())).hasContent("new");
    }

    @Test
    void shouldNotSetADirectoryAside() throws Exception {
        startClassC();
        Files.delete(target);
        Files.createDirectory(target);

        failed(deliver(store.put("a", ascii("new")), "/a"));

        assertThat(target).isDirectory();
        assertNothingStaged();
    }

    @Test
    void shouldKeepTheOlderFileWhenAnAtomicReplaceIsRefused() throws Exception {
        start();
        delivered(deliver(store.put("first", ascii("x")), "/first"));
        server.refuse("posix-rename", FAILURE);

        var failure = failed(deliver(store.put("a", ascii("new")), "/a"));

        assertThat(failure.kind()).isEqualTo(FailureKind.REMOTE_ERROR);
        assertThat(target).hasContent("older");
        server.behave();
        assertThat(delivered(deliver(store.put("a", ascii("new")), "/a")).destinationClass())
                .isEqualTo(DestinationClass.ATOMIC_DURABLE);
    }

    @Test
    void shouldKeepTheOlderFileWhereNothingCouldBeTriedOut() throws Exception {
        start();
        server.refuse("rename", NO_SUCH_FILE).refuseRenames((_, to) -> to.equals("/a"));

        var failure = failed(deliver(store.put("a", ascii("new")), "/a"));

        assertThat(failure.kind()).isEqualTo(FailureKind.REMOTE_ERROR);
        assertThat(target).hasContent("older");
    }

    @Test
    void shouldRememberOverARestartThatAServerReplacesInOneStep() throws Exception {
        start();
        var before = new FakeJournal();
        delivery(server.port()).deliver(deliver(store.put("first", ascii("x")), "/first"), LANE, before);
        server.refuse("posix-rename", FAILURE);

        try (var restarted = new SftpConnector()) {
            DestinationDelivery delivery = delivery(server.port(), WorkerMetrics.NONE, restarted);
            var work = deliver(store.put("a", ascii("new")), "/a");
            var journal = FakeJournal.withoutCommit().knowing(before);
            delivery.deliver(work, LANE, journal);

            assertThat(journal.intents().getFirst().destinationClass()).isEqualTo(DestinationClass.ATOMIC_DURABLE);
            assertThat(delivery.resolve(journal.intents().getFirst(), () -> {}))
                    .isInstanceOf(Outcome.NotDelivered.class);
        }
        assertThat(target).hasContent("older");
    }

    @Test
    void shouldTakeTheIntentsWordForTheClass() throws Exception {
        start();
        server.refuse("posix-rename", FAILURE);
        Prepared intent = prepared("new");
        server.behave();

        assertThat(intent.destinationClass()).isEqualTo(DestinationClass.NON_ATOMIC);
        assertThat(aside(resolve(intent)).safeBytes()).isZero();
        assertThat(target).hasContent("new");
    }

    @Test
    void shouldKeepTheOlderFileWhereStagingLiesOnAnotherFileSystem() throws Exception {
        startClassC();
        server.refuseRenames((from, to) -> from.startsWith("/.waybill") != to.startsWith("/.waybill"));

        assertThat(failed(deliver(store.put("a", ascii("new")), "/a")).kind()).isEqualTo(FailureKind.REMOTE_ERROR);

        assertThat(target).hasContent("older");
        assertNothingStaged();
    }

    @ParameterizedTest
    @ValueSource(ints = {PERMISSION_DENIED, UNSUPPORTED})
    void shouldWithdrawByTheOneRenameThatIsAllowed(int status) throws Exception {
        start();
        server.refuse("rename", status);
        Prepared intent = prepared("new");
        server.refuseRenames((_, to) -> to.equals("/a"));

        Outcome outcome = resolve(intent);

        var failed = assertThat(outcome).asInstanceOf(type(Outcome.NotDelivered.class)).actual();
        assertThat(at(failed.left().orElseThrow().staging())).hasContent("new");
        assertThat(at(intent.staging())).doesNotExist();
        assertThat(target).hasContent("older");
    }

    @Test
    void shouldNotPublishAStagingFileThatBecameShorter() throws Exception {
        start();
        Prepared intent = prepared("new");
        Files.writeString(at(intent.staging()), "n");

        Outcome outcome = resolve(intent);

        var failed = assertThat(outcome).asInstanceOf(type(Outcome.NotDelivered.class)).actual();
        assertThat(failed.failure().kind()).isEqualTo(FailureKind.VERIFICATION);
        assertThat(failed.left().orElseThrow().safeBytes()).isZero();
        assertThat(target).hasContent("older");
    }

    @Test
    void shouldHaveNoCleanerTakeTheOlderFileForAStagingFile() throws Exception {
        startClassC();
        Prepared intent = prepared("new");
        var tokens = new StagingTokens("p0-test");
        RemotePath aside = StagingNames.aside(intent.staging());

        assertThat(tokens.abandoned(intent.staging().name())).isTrue();
        assertThat(tokens.abandoned(aside.name())).isFalse();
        assertThat(tokens.abandoned(room(intent).getFileName().toString())).isFalse();
        assertThat(StagingNames.isAside(aside)).isTrue();
        assertThat(StagingNames.isAside(intent.staging())).isFalse();
    }

    /** A staged file whose execution died before it could rename it. */
    private Prepared prepared(String content) {
        FakeJournal journal = FakeJournal.withoutCommit();
        var work = deliver(store.put("a", ascii(content)), "/a");
        assertThat(delivery(server.port()).deliver(work, LANE, journal)).isInstanceOf(Outcome.Dropped.class);
        return journal.intents().getFirst();
    }

    private Outcome resolve(Prepared intent) {
        return delivery(server.port()).resolve(intent, () -> {});
    }

    private static Staging aside(Outcome outcome) {
        return assertThat(outcome)
                .asInstanceOf(type(Outcome.Delivered.class))
                .actual()
                .aside()
                .orElseThrow();
    }

    private Path room(Prepared intent) {
        return at(StagingNames.room(intent.staging()));
    }

    private Path at(RemotePath path) {
        return served.resolve(path.value().substring(1));
    }
}
