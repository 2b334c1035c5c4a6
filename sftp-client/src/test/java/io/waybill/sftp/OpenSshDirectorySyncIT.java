package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.RemotePath;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.RequiresOpenSsh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which directory is synced, as the system's own sshd has it open. */
@RequiresOpenSsh
class OpenSshDirectorySyncIT {
    @TempDir
    private Path directory;

    /** Over a long line each sync goes its own way. */
    @ParameterizedTest
    @ValueSource(longs = {0, 50})
    void shouldSyncTheDirectoryThatHasTheNameAndNotTheOneThatThePartnerMovedAway(long roundTrip) throws Exception {
        try (var server = OpenSshServer.start(directory);
                var connector = new SftpConnector();
                var session = (SftpSession) connector.connect(Destinations.of(server))) {
            Path incoming = Files.createDirectory(server.files().resolve("incoming"));
            Path moved = server.files().resolve("incoming-of-yesterday");
            session.ask("sync", new RemotePath("/incoming"), requests -> {
                var directories = new DirectorySync(requests, () -> Duration.ofMillis(roundTrip));
                byte[] path = session.encoded(new RemotePath("/incoming"));
                directories.sync(path);
                Files.setLastModifiedTime(incoming, FileTime.from(Instant.EPOCH));
                Files.move(incoming, moved);
                Files.createDirectory(incoming);

                directories.sync(path);

                assertThat(opened()).contains(incoming.toRealPath()).doesNotContain(moved.toRealPath());
                return requests;
            });
        }
    }

    @Test
    void shouldKeepAHandleWhileTheDirectoryStays() throws Exception {
        try (var server = OpenSshServer.start(directory);
                var connector = new SftpConnector();
                var session = (SftpSession) connector.connect(Destinations.of(server))) {
            session.ask("sync", new RemotePath("/incoming"), requests -> {
                Path incoming = Files.createDirectory(server.files().resolve("incoming"));
                var directories = new DirectorySync(requests, () -> Duration.ZERO);
                byte[] path = session.encoded(new RemotePath("/incoming"));
                directories.sync(path);
                Files.createFile(incoming.resolve("report.csv"));
                SftpRequests.Traffic before = session.traffic();

                directories.sync(path);

                assertThat(session.traffic().roundTrips() - before.roundTrips()).isEqualTo(1);
                return requests;
            });
        }
    }

    /** What any process has open, as far as it lets itself be looked at. */
    private static List<Path> opened() throws IOException {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.flatMap(process -> handles(process.pid())).toList();
        }
    }

    private static Stream<Path> handles(long pid) {
        try (Stream<Path> handles = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return handles.flatMap(handle -> leadsTo(handle).stream()).toList().stream();
        } catch (IOException e) {
            // Ended meanwhile, or somebody else's.
            return Stream.empty();
        }
    }

    private static Optional<Path> leadsTo(Path handle) {
        try {
            return Optional.of(Files.readSymbolicLink(handle));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
