package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.RogueSftpServer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many files are open at one time is found out by being refused. */
final class OpenHandlesTest {
    private static final byte[] HANDLE = {1};
    private static final int FILES = 20;

    private final ServerFindings findings = new ServerFindings();
    private final OpenHandles handles = new OpenHandles(findings);

    @Test
    void shouldDeliverManyFilesAtOnceWhereOneMayBeOpen(@TempDir Path served) throws Exception {
        try (var server = RogueSftpServer.start(served, List.of("fsync@openssh.com")).oneHandleAtATime();
                var connector = new SftpConnector();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try (RemoteFiles files = connector.connect(Destinations.of(server))) {
                List<Future<Path>> staged = IntStream.range(0, FILES)
                        .mapToObj(number -> threads.submit(stage(files, served, "/file" + number)))
                        .toList();

                for (Future<Path> one : staged) {
                    assertThat(one.get(1, TimeUnit.MINUTES)).hasBinaryContent(HANDLE);
                }
            }
        }
    }

    private static Callable<Path> stage(RemoteFiles files, Path served, String name) {
        return () -> {
            try (RemoteFile file = files.write(new RemotePath(name), Existing.KEEP)) {
                file.write(HANDLE, HANDLE.length);
                var _ = file.finish();
            }
            return served.resolve(name.substring(1));
        };
    }

    @Test
    void shouldRememberTheNumberThatWasRefused() throws Exception {
        open();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = new boolean[] {true};
            Future<byte[]> second = threads.submit(() -> handles.open(() -> {
                if (first[0]) {
                    first[0] = false;
                    handles.closed();
                    throw refusal();
                }
                return HANDLE;
            }));

            assertThat(second.get(1, TimeUnit.MINUTES)).isEqualTo(HANDLE);
        }
        assertThat(findings.mostHandles()).isEqualTo(1);
    }

    @Test
    void shouldCountWhoCameToTheServerEarlierThoughItBeganLater() throws Exception {
        var first = new boolean[] {true};

        byte[] handle = handles.open(() -> {
            if (first[0]) {
                first[0] = false;
                open();
                handles.closed();
                throw refusal();
            }
            return HANDLE;
        });

        assertThat(handle).isEqualTo(HANDLE);
        assertThat(findings.mostHandles()).isEqualTo(1);
    }

    @Test
    @Timeout(60)
    void shouldLetNobodyInBesideWhoIsAlone() throws Exception {
        var order = new ConcurrentLinkedQueue<String>();
        var later = new Thread(() -> opened(order, "later"));
        var attempts = new int[1];
        open();

        handles.open(() -> {
            if (attempts[0]++ == 0) {
                handles.closed();
                throw refusal();
            }
            later.start();
            await().until(() -> !later.isAlive() || later.getState() == Thread.State.WAITING);
            order.add("alone");
            return HANDLE;
        });
        handles.closed();
        later.join();

        assertThat(order).containsExactly("alone", "later");
    }

    private void opened(Collection<String> order, String name) {
        try {
            handles.open(() -> {
                order.add(name);
                return HANDLE;
            });
        } catch (TransferException e) {
            order.add(e.getMessage());
        }
    }

    @Test
    void shouldNotBlameTheNumberWhereMoreWereOpenBefore() throws Exception {
        open();
        open();
        handles.closed();

        assertThatExceptionOfType(TransferException.class).isThrownBy(() -> handles.open(() -> {
            throw refusal();
        }));

        assertThat(findings.mostHandles()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void shouldNotBlameTheNumberOfAFileThatIsAlone() {
        assertThatExceptionOfType(TransferException.class).isThrownBy(() -> handles.open(() -> {
            throw refusal();
        }));
    }

    private void open() throws TransferException {
        assertThat(handles.open(() -> HANDLE)).isEqualTo(HANDLE);
    }

    private static TransferException refusal() {
        return new TransferException(FailureKind.REMOTE_ERROR, "Failure");
    }
}
