package io.waybill.worker;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that are written under their final names, at a server that cannot rename. */
final class DirectDeliveryTest extends CourierFixture {
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
    void shouldLeaveTheFinalNameToTheNextOwner() {
        TransferWork work = deliver(store.put("a", content(2_000_000)), "/a");

        Outcome outcome =
                courier(server.port()).carry(work, LANE, FakeJournal.under(() -> !Files.notExists(done)));

        assertThat(outcome).isInstanceOf(Outcome.Dropped.class);
        assertThat(target).exists();
        assertThat(done).doesNotExist();
    }

    @Test
    void shouldNotVouchForAFileThatTheNextOwnerMayBeWriting() {
        TransferWork work = deliver(store.put("a", ascii("new")), "/a");
        FakeJournal journal = FakeJournal.under(() -> Files.exists(done) || isOlder());

        Outcome outcome = courier(server.port()).carry(work, LANE, journal);

        assertThat(outcome).isInstanceOf(Outcome.Dropped.class);
        assertThat(done).doesNotExist();
    }

    private boolean isOlder() {
        try {
            return Files.size(target) == "older".length();
        } catch (IOException e) {
            return false;
        }
    }
}
