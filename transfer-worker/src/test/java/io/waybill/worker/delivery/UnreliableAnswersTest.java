package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers whose answers say less than is asked, or that change their mind: the partner's files stay as they are. */
final class UnreliableAnswersTest extends DestinationDeliveryFixture {
    private static final int NO_SUCH_FILE = 2;
    private static final int FAILURE = 4;
    private static final int UNSUPPORTED = 8;
    private static final String STAGING = "/.waybill";

    @ParameterizedTest
    @ValueSource(ints = {NO_SUCH_FILE, FAILURE})
    void shouldRemoveNothingWhereADeliveredFileIsResolvedAgainAndNothingCanBeLookedAt(int status) throws Exception {
        start("posix-rename@openssh.com", "hardlink@openssh.com");
        Files.writeString(served.resolve("a"), "older");
        Prepared intent = prepared();
        DestinationDelivery delivery = delivery(server.port());
        var first = assertThat(delivery.resolve(intent, () -> {}))
                .asInstanceOf(type(Outcome.Delivered.class))
                .actual();
        server.refuse("stat", FAILURE).refuse("rename", status);

        Outcome again = delivery.resolve(intent, () -> {});

        if (again instanceof Outcome.NotDelivered(var failure, var left)) {
            assertThat(failure.kind()).isEqualTo(FailureKind.IN_DOUBT);
            assertThat(left).isEmpty();
        } else {
            assertThat(again).isInstanceOf(Outcome.Undecided.class);
        }
        assertThat(served.resolve("a")).hasContent("new");
        assertThat(at(first.aside().orElseThrow().staging())).hasContent("older");
    }

    @Test
    void shouldNotBeginToReplaceInTwoStepsWhenAProvenReplaceIsSaidToBeUnknown() throws Exception {
        start();
        assertThat(delivered(work("first", "/first")).destinationClass()).isEqualTo(DestinationClass.ATOMIC_DURABLE);
        Files.writeString(served.resolve("a"), "older");
        long directories = server.requests("mkdir");
        server.refuse("posix-rename", UNSUPPORTED);

        assertThat(failed(work("new", "/a")).kind()).isEqualTo(FailureKind.REMOTE_ERROR);
        assertThat(failed(work("new", "/a")).kind()).isEqualTo(FailureKind.REMOTE_ERROR);

        assertThat(served.resolve("a")).hasContent("older");
        assertThat(server.requests("mkdir")).isEqualTo(directories);
        server.behave();
        assertThat(delivered(work("new", "/a")).destinationClass()).isEqualTo(DestinationClass.ATOMIC_DURABLE);
    }

    @ParameterizedTest
    @EnumSource(value = ConflictPolicy.class, names = "REPLACE", mode = EnumSource.Mode.EXCLUDE)
    void shouldKeepATakenNameWhereRenamesOverwriteAndNothingCanBeLookedAt(ConflictPolicy policy) throws Exception {
        start("posix-rename@openssh.com", "hardlink@openssh.com");
        server.overwriteOnRename().refuse("stat", FAILURE);
        Files.writeString(served.resolve("a"), "the partner's");

        failed(deliver(store.put("a", ascii("new")), "/a", policy, Proof.NONE, false));

        assertThat(served.resolve("a")).hasContent("the partner's");
    }

    @Test
    void shouldSayThatNoDoneFileCanBeWrittenWhereADirectoryHasItsName() throws Exception {
        start("posix-rename@openssh.com", "hardlink@openssh.com");
        server.refuse("rename", UNSUPPORTED);
        Files.writeString(served.resolve("a"), "older");
        Files.createDirectories(served.resolve("a.done/something"));

        assertThat(failed(work("new", "/a")).detail()).contains("/a.done");

        assertThat(served.resolve("a")).hasContent("older");
        assertThat(served.resolve("a.done/something")).isDirectory();
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldNotHoldUpALaneWhereAListNeverEnds() throws Exception {
        start();
        delivered(work("new", "/a"));
        server.listWithoutEnd();
        DestinationDelivery delivery = delivery(server.port());

        assertThat(delivery.sweep(LANE, STAGING, names -> List.copyOf(names))).isZero();

        server.behave();
        Files.writeString(served.resolve(".waybill/" + "a".repeat(26) + "-1.1.p0-test-abcdefgh"), "");
        assertThat(delivery.sweep(LANE, STAGING, names -> names)).isEqualTo(1);
        assertNothingStaged();
    }

    private TransferWork work(String content, String path) {
        return deliver(store.put(content, ascii(content)), path);
    }

    private Prepared prepared() {
        FakeJournal journal = FakeJournal.withoutCommit();
        assertThat(delivery(server.port()).deliver(work("new", "/a"), LANE, journal))
                .isInstanceOf(Outcome.Dropped.class);
        return journal.intents().getFirst();
    }

    private Path at(RemotePath path) {
        return served.resolve(path.value().substring(1));
    }
}
