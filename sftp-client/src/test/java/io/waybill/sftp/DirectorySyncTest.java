package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.RemotePath;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.RogueSftpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySyncTest {
    private static final int THREADS = 16;
    private static final byte[] DIRECTORY = {'/'};

    @TempDir
    private Path served;

    @Test
    void shouldLetThoseWhoWaitForOneDirectoryShareItsNextSync() throws Exception {
        var held = new CountDownLatch(1);
        try (var server = RogueSftpServer.start(served).holdBack("fsync", held);
                var connector = new SftpConnector();
                var session = (SftpSession) connector.connect(Destinations.of(server))) {
            session.ask("sync", new RemotePath("/report.csv"), requests -> {
                var directories = new DirectorySync(requests, () -> Duration.ZERO);
                Thread first = syncing(directories);
                await().until(() -> server.requests("fsync") == 1);
                List<Thread> others =
                        Stream.generate(() -> syncing(directories)).limit(THREADS).toList();
                await().until(() -> others.stream().allMatch(DirectorySyncTest::waits));
                held.countDown();
                await().until(() -> !first.isAlive() && others.stream().noneMatch(Thread::isAlive));
                return requests;
            });

            // The first one's, which may have begun too early for all others, and theirs.
            assertThat(server.requests("fsync")).isEqualTo(2);
        }
    }

    private static Thread syncing(DirectorySync directories) {
        return Thread.ofPlatform().start(() -> {
            try {
                directories.sync(DIRECTORY);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }
}
