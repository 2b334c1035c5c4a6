package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FailureKind;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.worker.HandClock;
import io.waybill.worker.Works;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.partition.StagingTokens;
import io.waybill.worker.upload.StagingNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The directory into which an older file is set aside, at a server that does not replace in one step. */
final class RoomForOlderFilesTest extends DestinationDeliveryFixture {
    private static final String STAGING = "/.waybill";

    private final StagingTokens tokens = new StagingTokens("p0-test");
    private Path target;
    private boolean owned = true;
    private Instant now = Instant.EPOCH;

    @BeforeEach
    void putAnOlderFile() throws IOException {
        start("posix-rename@openssh.com", "hardlink@openssh.com");
        target = served.resolve("a");
        Files.writeString(target, "older");
    }

    @Test
    void shouldRemoveTheEmptyRoomOfAWorkerThatDiedBeforeItsIntentWasCommitted() throws Exception {
        Prepared never = prepared();
        assertThat(room(never)).isDirectory();

        sweep(under(Map.of()));

        assertThat(room(never)).doesNotExist();
        assertNothingStaged();
        assertThat(target).hasContent("older");
    }

    @Test
    void shouldKeepTheRoomThatAnIntentNeeds() throws Exception {
        Prepared intent = prepared();

        sweep(under(Map.of(intent.key(), intent)));

        assertThat(room(intent)).isDirectory();
        assertThat(delivery(server.port()).resolve(intent, () -> {})).isInstanceOf(Outcome.Delivered.class);
        assertThat(target).hasContent("new");
        assertThat(room(intent)).doesNotExist();
    }

    @Test
    void shouldKeepTheRoomOfAnExecutionThatIsUnderWay() throws Exception {
        Path room = room(tokens.next());
        Files.createDirectories(room);

        sweep(under(Map.of()));

        assertThat(room).isDirectory();
    }

    @Test
    void shouldKeepTheRoomOfAnotherPartition() throws Exception {
        Path room = room(new StagingTokens("p1-test").next());
        Files.createDirectories(room);

        sweep(under(Map.of()));

        assertThat(room).isDirectory();
    }

    @Test
    void shouldKeepARoomWhenThePartitionMayBeAnothers() throws Exception {
        Prepared theirs = prepared();
        owned = false;

        sweep(under(Map.of()));

        assertThat(room(theirs)).isDirectory();
    }

    @Test
    void shouldKeepTheOlderFileThatLiesInARoomOrBesideIt() throws Exception {
        Prepared forgotten = prepared();
        Path older = room(forgotten).resolve("older");
        Path aside = at(StagingNames.aside(forgotten.staging()));
        Files.move(target, older);
        Files.writeString(aside, "older still");

        sweep(under(Map.of()));

        assertThat(older).hasContent("older");
        assertThat(aside).hasContent("older still");
    }

    @Test
    void shouldSweepOnWhereARoomCannotBeRemoved() throws Exception {
        Prepared never = prepared();
        server.refuse("rmdir", 4);

        sweep(under(Map.of()));

        assertThat(room(never)).isDirectory();
        assertThat(at(never.staging())).doesNotExist();
    }

    @Test
    void shouldKnowARoomHoweverFilesAreStaged() {
        for (Staging staging : List.of(
                Staging.DEFAULT,
                new Staging(Staging.Kind.PREFIX, ".part-"),
                new Staging(Staging.Kind.SUFFIX, ".part"))) {
            RemotePath name = StagingNames.staging(staging, work(), tokens.next());
            RemotePath room = StagingNames.room(name);

            assertThat(StagingNames.ofRoom(room.name())).hasValueSatisfying(
                    found -> assertThat(StagingTokens.same(found, name.name())).isTrue());
            assertThat(StagingNames.ofRoom(name.name())).isEmpty();
            assertThat(StagingNames.ofRoom(StagingNames.aside(name).name())).isEmpty();
            assertThat(StagingNames.ofRoom(StagingNames.withdrawn(name).name())).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"3, FORBIDDEN", "4, REMOTE_ERROR", "8, FORBIDDEN", "15, DISK_FULL"})
    void shouldSayWhatIsRefusedWhereAndWhatToDoWhenNoRoomCanBeMade(int status, FailureKind kind) throws Exception {
        Files.createDirectory(served.resolve(".waybill"));
        server.refuse("mkdir", status);

        var failure = failed(work());

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.detail())
                .contains("an older file has the name '/a' and is untouched")
                .contains("no directory can be made in '/.waybill'")
                .contains("the server said 'refused'")
                .contains("have user 'partner' allowed to make directories there")
                .contains("onConflict to keep-both or refuse");
        assertThat(target).hasContent("older");
        assertNothingStaged();
    }

    @Test
    void shouldKeepTheOlderFileWhereNothingMayBeMovedIntoARoom() throws Exception {
        server.refuseRenames((_, to) -> to.endsWith("/older"));

        var failure = failed(work());

        assertThat(failure.kind()).isEqualTo(FailureKind.REMOTE_ERROR);
        assertThat(failure.detail()).contains("an older file has the name '/a', and cannot be set aside");
        assertThat(target).hasContent("older");
        assertNothingStaged();
    }

    private TransferWork work() {
        return deliver(store.put("a", ascii("new")), "/a");
    }

    /** Staged, with a room, by an execution that died before its intent was committed. */
    private Prepared prepared() {
        FakeJournal journal = FakeJournal.withoutCommit();
        assertThat(delivery(server.port()).deliver(work(), LANE, journal)).isInstanceOf(Outcome.Dropped.class);
        return journal.intents().getFirst();
    }

    private PartitionProgress under(Map<String, Prepared> marks) {
        return new PartitionProgress(
                new TopicPartition("transfer-work", 0), 0, List.of(), Works.ledger(Map.copyOf(marks)), tokens);
    }

    private void sweep(PartitionProgress progress) {
        var cleaner = new StagingCleaner(
                delivery(server.port()),
                Works.scheduler(1, Runnable::run),
                entry -> entry.committed().complete(owned),
                HandClock.following(() -> now));
        cleaner.saw(progress, LANE, STAGING);
        now = now.plus(Duration.ofMinutes(2));
        cleaner.handOut(List.of(progress));
    }

    private Path room(Prepared intent) {
        return at(StagingNames.room(intent.staging()));
    }

    private Path room(String token) {
        return at(StagingNames.room(StagingNames.staging(Staging.DEFAULT, work(), token)));
    }

    private Path at(RemotePath path) {
        return served.resolve(path.value().substring(1));
    }
}
