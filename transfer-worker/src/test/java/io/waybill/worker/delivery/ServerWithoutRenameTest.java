package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.Proof;
import io.waybill.domain.TransferWork;
import io.waybill.sftp.SftpConnector;
import io.waybill.worker.metrics.WorkerMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files for a server that forbids to rename, as OpenSSH does with {@code sftp-server -P rename,posix-rename}. */
final class ServerWithoutRenameTest extends DestinationDeliveryFixture {
    private static final int PERMISSION_DENIED = 3;
    private static final int FAILURE = 4;
    private static final int UNSUPPORTED = 8;

    private final SftpConnector earlier = new SftpConnector();

    @BeforeEach
    void startWithoutReplacing() {
        start("posix-rename@openssh.com", "hardlink@openssh.com");
    }

    @AfterEach
    void end() {
        earlier.close();
    }

    @Test
    void shouldPrepareNothingWhenTryingTheServerOutCameToNothingBeforeTheFileWasStaged() throws Exception {
        server.refuse("rename", PERMISSION_DENIED).refuseOnce("open", FAILURE);
        var journal = new FakeJournal();

        Outcome outcome = delivery(server.port()).deliver(work(), LANE, journal);

        assertThat(journal.intents()).isEmpty();
        var delivered = assertThat(outcome).asInstanceOf(type(Outcome.Delivered.class)).actual();
        assertThat(delivered.receipt().destinationClass()).isEqualTo(DestinationClass.DIRECT);
        assertThat(served.resolve("a")).hasContent("three");
        assertNothingStaged();
    }

    @Test
    void shouldWriteTheFirstFileOfANewDirectoryDirectly() throws Exception {
        server.refuse("rename", PERMISSION_DENIED);
        var journal = new FakeJournal();
        TransferWork work = deliver(
                store.put("a", ascii("three")), "/new/a", ConflictPolicy.REPLACE, Proof.SIZE, true);

        Outcome outcome = delivery(server.port()).deliver(work, LANE, journal);

        assertThat(journal.intents()).isEmpty();
        assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("new/a")).hasContent("three");
    }

    @Test
    void shouldResolveWhatWasPreparedAndSendItDirectly() throws Exception {
        Prepared intent = preparedBefore();
        server.refuse("rename", PERMISSION_DENIED);

        Outcome.NotDelivered resolved = resolved(intent);

        assertThat(resolved.failure().kind().retryable()).isTrue();
        assertThat(resolved.failure().detail()).contains("renames nothing in /.waybill", "PERMISSION_DENIED");
        assertThat(resolved.left()).map(left -> left.staging()).hasValue(intent.staging());
        // It goes only after the failure is committed: whoever resolves after a crash before that must find it.
        assertThat(staged(intent)).exists();
        assertThat(resolved(intent)).isEqualTo(resolved);

        DestinationDelivery delivery = delivery(server.port());
        Outcome next = delivery.deliver(work(), LANE, FakeJournal.after(resolved.left()));

        var delivered = assertThat(next).asInstanceOf(type(Outcome.Delivered.class)).actual();
        assertThat(served.resolve("a")).hasContent("three");
        assertThat(delivered.aside()).isEqualTo(resolved.left());
        assertThat(delivery.discard(delivered.aside().orElseThrow())).isTrue();
        assertNothingStaged();
    }

    @Test
    void shouldResolveTheSameWhereTheServerDoesNotKnowTheRequest() throws Exception {
        Prepared intent = preparedBefore();
        server.refuse("rename", UNSUPPORTED);

        Outcome.NotDelivered resolved = resolved(intent);

        assertThat(resolved.failure().kind().retryable()).isTrue();
        assertThat(resolved.left()).isPresent();
        assertThat(staged(intent)).exists();
    }

    @Test
    void shouldNotTakeAVanishedFileForDeliveredWhereNothingIsRenamed() throws Exception {
        Prepared intent = preparedBefore();
        server.refuse("rename", PERMISSION_DENIED);
        Files.delete(staged(intent));

        assertThat(resolved(intent).failure().kind()).isEqualTo(FailureKind.IN_DOUBT);
        assertThat(resolved(intent).failure().detail()).contains("the server renames nothing there");
    }

    @Test
    void shouldStayUndecidedWhereOtherFilesAreRenamed() throws Exception {
        Prepared intent = preparedBefore();
        server.refuseRenames((from, _) -> from.equals(intent.staging().value()));

        Outcome outcome = delivery(server.port()).resolve(intent, () -> {});

        var undecided = assertThat(outcome).asInstanceOf(type(Outcome.Undecided.class)).actual();
        assertThat(undecided.reason().detail()).contains("to '/a'", "nor can it be withdrawn");
        server.behave();
        assertThat(delivery(server.port()).resolve(intent, () -> {})).isInstanceOf(Outcome.Delivered.class);
    }

    /** By a process before, which had not found out; or the server has forbidden it since. */
    private Prepared preparedBefore() {
        FakeJournal journal = FakeJournal.withoutCommit();
        Outcome outcome = delivery(server.port(), WorkerMetrics.NONE, earlier).deliver(work(), LANE, journal);
        assertThat(outcome).isInstanceOf(Outcome.Dropped.class);
        return journal.intents().getFirst();
    }

    private TransferWork work() {
        return deliver(store.put("a", ascii("three")), "/a");
    }

    private Outcome.NotDelivered resolved(Prepared intent) {
        Outcome outcome = delivery(server.port()).resolve(intent, () -> {});
        return assertThat(outcome).asInstanceOf(type(Outcome.NotDelivered.class)).actual();
    }

    private Path staged(Prepared intent) {
        return served.resolve(intent.staging().value().substring(1));
    }
}
