package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.TransferWork;
import io.waybill.sftp.SftpConnector;
import io.waybill.worker.metrics.WorkerMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that renames files, but not in each of its directories, or not at every moment. */
final class DirectoryWithoutRenameTest extends DestinationDeliveryFixture {
    private static final int PERMISSION_DENIED = 3;
    private static final int FAILURE = 4;

    @BeforeEach
    void makeDirectories() throws Exception {
        start();
        Files.createDirectory(served.resolve("drop"));
        Files.createDirectory(served.resolve("in"));
    }

    @Test
    void shouldNotShowHalfAFileInADirectoryThatRenamesBecauseAnotherDoesNot() throws Exception {
        server.refuseRenames((from, _) -> from.startsWith("/drop"));
        var dropped = delivered(deliver(store.put("x", ascii("x")), "/drop/x"));

        var receipt = delivered(deliver(store.put("a", ascii("a")), "/in/a"));
        var again = delivered(deliver(store.put("y", ascii("y")), "/drop/y"));

        assertThat(receipt.destinationClass()).isEqualTo(DestinationClass.ATOMIC_DURABLE);
        assertThat(served.resolve("in/a.done")).doesNotExist();
        assertThat(dropped.destinationClass()).isEqualTo(DestinationClass.DIRECT);
        assertThat(again.destinationClass()).isEqualTo(DestinationClass.DIRECT);
        assertThat(served.resolve("drop/y.done")).exists();
    }

    @Test
    void shouldNotShowHalfAFileForEverBecauseRenamesWereRefusedOnce() throws Exception {
        server.refuse("rename", FAILURE).refuse("posix-rename", FAILURE);
        assertThat(delivered(deliver(store.put("x", ascii("x")), "/in/x")).destinationClass())
                .isEqualTo(DestinationClass.DIRECT);
        server.behave();

        var receipt = delivered(deliver(store.put("a", ascii("a")), "/in/a"));

        assertThat(receipt.destinationClass()).isEqualTo(DestinationClass.ATOMIC_DURABLE);
        assertThat(served.resolve("in/a.done")).doesNotExist();
    }

    @Test
    void shouldNotShowHalfAFileAfterARestartWhereFilesWereReplacedBefore() throws Exception {
        var before = new FakeJournal();
        delivery(server.port()).deliver(deliver(store.put("x", ascii("x")), "/in/x"), LANE, before);
        Path target = Files.writeString(served.resolve("in/a"), "older");
        server.refuse("rename", PERMISSION_DENIED).refuse("posix-rename", PERMISSION_DENIED);

        try (var restarted = new SftpConnector()) {
            TransferWork work = deliver(store.put("a", ascii("new")), "/in/a");
            Outcome outcome = delivery(server.port(), WorkerMetrics.NONE, restarted)
                    .deliver(work, LANE, new FakeJournal().knowing(before));

            var failed = assertThat(outcome).asInstanceOf(type(Outcome.NotDelivered.class)).actual();
            assertThat(failed.failure().kind().retryable()).isTrue();
            assertThat(failed.failure().detail()).contains("nothing can be renamed");
        }
        assertThat(target).hasContent("older");
        assertThat(served.resolve("in/a.done")).doesNotExist();
    }
}
