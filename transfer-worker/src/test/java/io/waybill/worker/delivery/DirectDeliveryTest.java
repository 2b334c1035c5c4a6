package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Proof;
import io.waybill.domain.TransferWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that are written under their final names, at a server that cannot rename. */
final class DirectDeliveryTest extends DestinationDeliveryFixture {
    private static final int PERMISSION_DENIED = 3;
    private static final int UNSUPPORTED = 8;

    private Path target;
    private Path done;

    @BeforeEach
    void startWithAnOlderDelivery() throws IOException {
        start("posix-rename@openssh.com", "hardlink@openssh.com");
        server.refuse("rename", UNSUPPORTED);
        target = served.resolve("a");
        done = served.resolve("a.done");
        delivered(deliver(store.put("first", ascii("older")), "/a"));
        assertThat(target).hasContent("older");
        assertThat(done).exists();
    }

    @Test
    void shouldNotLeaveAnOlderDoneFileBesideHalfAFile() throws Exception {
        server.room(300_000);

        var failure = failed(deliver(store.put("a", content(1_000_000)), "/a"));

        assertThat(failure.kind()).isEqualTo(FailureKind.REMOTE_ERROR);
        assertThat(done).doesNotExist();
        assertThat(target).doesNotExist();
    }

    @Test
    void shouldNotWriteBesideADoneFileThatCannotBeRemoved() throws Exception {
        server.refuse("remove", PERMISSION_DENIED);

        var failure = failed(deliver(store.put("a", ascii("new")), "/a"));

        assertThat(failure.kind()).isEqualTo(FailureKind.FORBIDDEN);
        assertThat(target).hasContent("older");
        assertThat(done).exists();
    }

    @Test
    void shouldNotRemoveAPartnersFileThatCannotBeOpened() throws Exception {
        Files.delete(done);
        server.refuse("open", PERMISSION_DENIED);

        var failure = failed(deliver(store.put("a", ascii("new")), "/a"));

        assertThat(failure.kind()).isEqualTo(FailureKind.FORBIDDEN);
        assertThat(target).hasContent("older");
    }

    @Test
    void shouldNotLeaveTheEndOfAnOlderFileBehindAShorterOne() {
        server.emptyNothing();

        for (String shorter : List.of("", "new")) {
            var failure = failed(deliver(store.put("a", ascii(shorter)), "/a"));

            assertThat(failure.kind()).isEqualTo(FailureKind.VERIFICATION);
            assertThat(done).doesNotExist();
            delivered(deliver(store.put("a", ascii(shorter)), "/a"));
            assertThat(target).hasContent(shorter);
            assertThat(done).exists();
            delivered(deliver(store.put("first", ascii("older")), "/a"));
        }
    }

    @Test
    void shouldLeaveTheFinalNameToTheNextOwner() {
        TransferWork work = deliver(store.put("a", content(2_000_000)), "/a");

        Outcome outcome =
                delivery(server.port()).deliver(work, LANE, FakeJournal.under(() -> !Files.notExists(done)));

        assertThat(outcome).isInstanceOf(Outcome.Dropped.class);
        assertThat(target).exists();
        assertThat(done).doesNotExist();
    }

    @Test
    void shouldNotVouchForAFileThatTheNextOwnerMayBeWriting() {
        TransferWork work = deliver(store.put("a", ascii("new")), "/a");
        FakeJournal journal = FakeJournal.under(() -> Files.exists(done) || isOlder());

        Outcome outcome = delivery(server.port()).deliver(work, LANE, journal);

        assertThat(outcome).isInstanceOf(Outcome.Dropped.class);
        assertThat(done).doesNotExist();
    }

    @Test
    void shouldNotTakeADoneFileForAFile() throws Exception {
        var failure = failed(deliver(store.put("done", ascii("its own content")), "/a.done"));

        assertThat(failure.kind()).isEqualTo(FailureKind.BAD_NAME);
        assertThat(failure.detail()).contains("'/a.done'", "cannot rename");
        assertThat(done).isEmptyFile();
        assertThat(target).hasContent("older");
    }

    @Test
    void shouldNotReplaceAPartnersFileThatIsNamedLikeADoneFile() throws Exception {
        Files.writeString(done, "the partner's");

        var failure = failed(deliver(store.put("a", ascii("new")), "/a"));

        assertThat(failure.kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(failure.detail()).contains("'/a.done' is not empty");
        assertThat(done).hasContent("the partner's");
        assertThat(target).hasContent("older");
    }

    @Test
    void shouldDeliverWhereTheServerLetsNothingBeLookedAt() throws Exception {
        server.refuse("stat", PERMISSION_DENIED).refuse("lstat", PERMISSION_DENIED);

        delivered(deliver(store.put("a", ascii("new")), "/a"));

        assertThat(target).hasContent("new");
        assertThat(done).isEmptyFile();
    }

    @Test
    void shouldNotWriteThroughAPartnersLink() throws Exception {
        Path outside = Files.writeString(served.resolve("outside.txt"), "the partner's");
        Files.createSymbolicLink(served.resolve("link"), Path.of("outside.txt"));
        Files.createSymbolicLink(served.resolve("loose"), Path.of("nowhere.txt"));

        for (String path : List.of("/link", "/loose")) {
            var failure = failed(deliver(store.put("a", ascii("new")), path));

            assertThat(failure.kind()).isEqualTo(FailureKind.NAME_CONFLICT);
            assertThat(failure.detail()).contains("'" + path + "' is a link");
        }
        assertThat(outside).hasContent("the partner's");
        assertThat(served.resolve("nowhere.txt")).doesNotExist();
    }

    @Test
    void shouldTakeALinkThatLeadsNowhereForATakenName() throws Exception {
        Files.createSymbolicLink(served.resolve("loose"), Path.of("nowhere.txt"));

        var refused = failed(deliver(
                store.put("a", ascii("new")), "/loose", ConflictPolicy.REFUSE, Proof.SIZE, false));
        var receipt = delivered(deliver(
                store.put("a", ascii("new")), "/loose", ConflictPolicy.KEEP_BOTH, Proof.SIZE, false));

        assertThat(refused.kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(receipt.path().value()).startsWith("/loose.");
        assertThat(served.resolve("nowhere.txt")).doesNotExist();
    }

    private boolean isOlder() {
        try {
            return Files.size(target) == "older".length();
        } catch (IOException e) {
            return false;
        }
    }
}
