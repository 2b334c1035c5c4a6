package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.RogueSftpServer;
import io.waybill.testkit.RogueSftpServer.WriteFault;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From where an upload may be resumed, whatever the order in which a server answers or refuses. */
final class AcknowledgedOffsetTest {
    private static final RemotePath REPORT = new RemotePath("/report.csv");
    private static final int CHUNK = 10_000;

    private final SftpConnector connector = new SftpConnector();
    private RogueSftpServer server;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = RogueSftpServer.start(directory);
    }

    @AfterEach
    void stop() {
        connector.close();
        server.close();
    }

    @Test
    void shouldReachTheEndOfAFinishedFile() throws Exception {
        RemoteFile file = open(0);
        assertThat(file.acknowledged()).isZero();

        write(file, 20);
        file.finish();

        assertThat(file.acknowledged()).isEqualTo(20 * CHUNK);
    }

    @Test
    void shouldNotMindTheOrderOfTheAnswers() throws Exception {
        server.faultAt(3 * CHUNK, WriteFault.ANSWERED_LATE).faultAt(7 * CHUNK, WriteFault.ANSWERED_LATE);
        RemoteFile begun = open(0);
        write(begun, 1);
        begun.finish();
        RemoteFile file = open(CHUNK);

        write(file, 20);
        file.finish();

        assertThat(file.acknowledged()).isEqualTo(21 * CHUNK);
    }

    @Test
    void shouldStopBelowARefusedWriteWhateverIsWrittenBehindIt() throws Exception {
        server.faultAt(3 * CHUNK, WriteFault.REFUSED);
        RemoteFile file = open(0);

        assertThatExceptionOfType(TransferException.class).isThrownBy(() -> {
            write(file, 200);
            file.finish();
        });
        file.close();

        assertThat(file.acknowledged()).isEqualTo(3 * CHUNK);
        assertThat(server.files().resolve("report.csv")).exists();
    }

    @Test
    void shouldNotGoOnBehindAGapWhoeverGoesOnWriting() throws Exception {
        server.faultAt(3 * CHUNK, WriteFault.REFUSED);
        RemoteFile file = open(0);
        assertThatExceptionOfType(TransferException.class).isThrownBy(() -> write(file, 2000));

        assertThatExceptionOfType(TransferException.class).isThrownBy(() -> write(file, 1));
        assertThatExceptionOfType(TransferException.class).isThrownBy(file::finish);

        assertThat(file.acknowledged()).isEqualTo(3 * CHUNK);
    }

    @Test
    void shouldStopBelowAWriteThatIsNeverAnswered() throws Exception {
        server.faultAt(3 * CHUNK, WriteFault.UNANSWERED);
        var destination = Destinations.at(server, server.port(), Duration.ofMillis(400));
        RemoteFile file = connector.connect(destination).write(REPORT, Existing.TRUNCATE);

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> write(file, 7000))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.STALLED));
        file.close();

        assertThat(file.acknowledged()).isEqualTo(3 * CHUNK);
    }

    @Test
    void shouldCountWhatWasAnsweredUntilTheFileWasGivenUp() throws Exception {
        RemoteFile file = open(0);

        write(file, 20);
        file.close();

        assertThat(file.acknowledged()).isEqualTo(20 * CHUNK);
    }

    private RemoteFile open(long from) throws TransferException {
        RemoteFiles files = connector.connect(Destinations.of(server));
        return files.write(REPORT, Existing.TRUNCATE, from);
    }

    private static void write(RemoteFile file, int chunks) throws TransferException {
        for (int chunk = 0; chunk < chunks; chunk++) {
            file.write(new byte[CHUNK], CHUNK);
        }
    }
}
