package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.FaultInjectingProxy;
import io.waybill.testkit.RogueSftpServer;
import io.waybill.testkit.RogueSftpServer.WriteFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One large file over several channels of a connection, mostly on a long line. */
final class StripedFileTest {
    private static final RemotePath STAGED = new RemotePath("/staged");
    private static final Duration LONG_LINE = Duration.ofMillis(60);
    private static final int SIZE = 24 << 20;

    private final byte[] content = new byte[SIZE];
    private final SftpConnector connector = new SftpConnector();
    private RogueSftpServer server;
    private FaultInjectingProxy line;

    @TempDir
    private Path served;

    @BeforeEach
    void start() {
        new Random(1).nextBytes(content);
        server = RogueSftpServer.start(served);
        line = FaultInjectingProxy.to(server.port(), LONG_LINE);
    }

    @AfterEach
    void stop() {
        connector.close();
        line.close();
        server.close();
    }

    @Test
    void shouldWriteALargeFileOverSeveralChannels() throws Exception {
        RemoteFiles files = connect();

        send(files, 0, SIZE);

        assertArrived();
        assertThat(files.capabilities()).contains(Capability.STRIPES);
        assertThat(server.mostChannels()).isGreaterThan(3);
    }

    @Test
    void shouldUseTheSameChannelsForTheNextFile() throws Exception {
        RemoteFiles files = connect();
        send(files, 0, SIZE);
        int channels = server.mostChannels();

        send(files, 0, SIZE);

        assertArrived();
        assertThat(server.mostChannels()).isEqualTo(channels);
    }

    @Test
    void shouldKeepToOneChannelWhereTheLineIsShortAndTheFileNotVeryLarge() throws Exception {
        RemoteFiles files = connector.connect(Destinations.of(server));

        send(files, 0, SIZE);

        assertArrived();
        assertThat(server.mostChannels()).isEqualTo(1);
    }

    @Test
    @Timeout(60)
    void shouldWriteAVeryLargeFileOverFourChannelsWhereTheLineIsShort() throws Exception {
        RemoteFiles files = connector.connect(Destinations.of(server));
        int times = 0;
        try (RemoteFile file = files.write(STAGED, Existing.KEEP)) {
            for (; server.mostChannels() < 4; times++) {
                write(file, 0, SIZE);
            }
            write(file, 0, SIZE);
            file.finish();
        }

        assertThat(server.mostChannels()).isEqualTo(4);
        try (InputStream staged = Files.newInputStream(served.resolve("staged"))) {
            for (int i = 0; i <= times; i++) {
                assertThat(staged.readNBytes(SIZE)).isEqualTo(content);
            }
            assertThat(staged.read()).isEqualTo(-1);
        }
    }

    @Test
    void shouldKeepToOneChannelWhereItIsToldTo() throws Exception {
        RemoteFiles files = connector.connect(
                Destinations.withFlow(destination(), new Flow(1, 1, OptionalInt.empty())));

        send(files, 0, SIZE);

        assertArrived();
        assertThat(server.mostChannels()).isEqualTo(1);
    }

    @Test
    void shouldManageWithTheChannelsThatItGets() throws Exception {
        server.channels(1);
        RemoteFiles files = connect();

        send(files, 0, SIZE);

        assertArrived();
        assertThat(files.isOpen()).isTrue();
        assertThat(server.mostChannels()).isEqualTo(1);
    }

    @Test
    void shouldNotTakeALostConnectionForARefusedChannel() throws Exception {
        RemoteFiles files = connect();
        server.hangUpAfter("init");
        assertThatExceptionOfType(TransferException.class).isThrownBy(() -> send(files, 0, SIZE));
        server.behave();

        send(connect(), 0, SIZE);

        assertArrived();
        assertThat(server.mostChannels()).isGreaterThan(3);
    }

    @Test
    void shouldKeepToOneChannelWhereTheServerAlwaysHangsUpOverASecond() throws Exception {
        for (int i = 0; i < 3; i++) {
            server.behave();
            RemoteFiles files = connect();
            server.hangUpAfter("init");
            assertThatExceptionOfType(TransferException.class).isThrownBy(() -> send(files, 0, SIZE));
        }
        server.behave();
        RemoteFiles files = connect();
        server.hangUpAfter("init");

        send(files, 0, SIZE);

        assertArrived();
    }

    @Test
    void shouldManageWithOneOpenHandle() throws Exception {
        server.oneHandleAtATime();
        RemoteFiles files = connect();

        send(files, 0, SIZE);

        assertArrived();
    }

    @Test
    void shouldSendInOrderWhereTheServerTakesNothingElse() throws Exception {
        server.appendOnly();
        RemoteFiles files = connect();

        send(files, 0, SIZE);

        assertArrived();
        assertThat(files.capabilities()).doesNotContain(Capability.STRIPES);
        assertThat(names()).containsExactly("staged");
    }

    @Test
    void shouldNotBeginWithZerosWhereTheServerEmptiesAFileThatIsOpenedAgain() throws Exception {
        server.emptyWhatIsOpened();
        RemoteFiles files = connect();

        send(files, 0, SIZE);

        assertArrived();
        assertThat(files.capabilities()).doesNotContain(Capability.STRIPES);
        assertThat(names()).containsExactly("staged");
    }

    @Test
    void shouldLoseNoPartWhereTheServerHasAFileOfItsOwnForEachOpening() throws Exception {
        server.hideUntilClosed();
        RemoteFiles files = connect();

        send(files, 0, SIZE);

        assertArrived();
        assertThat(files.capabilities()).doesNotContain(Capability.STRIPES);
        assertThat(names()).containsExactly("staged");
    }

    @Test
    void shouldNotWaitForASlowChannel() throws Exception {
        server.slowStripes(Duration.ofMillis(100));
        RemoteFiles files = connect();

        send(files, 0, SIZE);

        assertArrived();
    }

    @Test
    void shouldCloseEverythingAndGoOnAsBeforeAfterTheDiskWasFull() throws Exception {
        RemoteFiles files = connect();
        send(files, 0, SIZE);
        // Such as the directory, which stays open or cannot be opened.
        long opened = server.requests("open") - server.requests("close");
        server.room(10 << 20);
        RemoteFile file = files.write(new RemotePath("/other"), Existing.KEEP);
        assertThatExceptionOfType(TransferException.class).isThrownBy(() -> {
            write(file, 0, SIZE);
            file.finish();
        });
        file.close();

        assertThat(server.requests("open") - server.requests("close")).isEqualTo(opened);
        assertThat(files.capabilities()).contains(Capability.STRIPES);
    }

    @Test
    void shouldTrustNothingBehindAHole() throws Exception {
        RemoteFiles files = connect();
        int hole = 10 << 20;
        int chunk = chunkSize(files);
        int refused = hole / chunk * chunk;
        server.faultAt(refused, WriteFault.REFUSED);
        RemoteFile file = files.write(STAGED, Existing.KEEP);

        assertThatExceptionOfType(TransferException.class).isThrownBy(() -> {
            write(file, 0, SIZE);
            file.finish();
        });
        file.close();

        assertThat(file.acknowledged()).isEqualTo(refused);
        assertThat(file.synced()).isLessThanOrEqualTo(refused);
        server.behave();
        send(files, refused, SIZE);
        assertArrived();
    }

    @Test
    void shouldGoOnInTheMiddleOfWhatABrokenConnectionLeft() throws Exception {
        RemoteFiles files = connect();
        RemoteFile file = files.write(STAGED, Existing.KEEP);
        line.cutAfter(12 << 20);
        assertThatExceptionOfType(TransferException.class).isThrownBy(() -> {
            write(file, 0, SIZE);
            file.finish();
        });
        int safe = (int) file.acknowledged();
        assertThat(Arrays.mismatch(content, 0, safe, Files.readAllBytes(served.resolve("staged")), 0, safe))
                .isEqualTo(-1);

        RemoteFiles again = connect();
        again.truncate(STAGED, safe);
        send(again, safe, SIZE);

        assertArrived();
    }

    @Test
    void shouldTellHowMuchIsOnTheDiskWhileItWrites() throws Exception {
        RemoteFiles files = connect();
        try (RemoteFile file = files.write(STAGED, Existing.KEEP)) {
            write(file, 0, SIZE / 2);
            long acknowledged = file.acknowledged();
            file.startSync();
            write(file, SIZE / 2, SIZE);
            file.finish();

            assertThat(file.synced()).isBetween(acknowledged, (long) SIZE / 2);
        }
    }

    private RemoteFiles connect() throws TransferException {
        return connector.connect(destination());
    }

    private DestinationConfig destination() {
        return Destinations.at(server, line.port(), Duration.ofSeconds(30));
    }

    private static int chunkSize(RemoteFiles files) throws TransferException {
        try (RemoteFile file = files.write(new RemotePath("/other"), Existing.KEEP)) {
            return file.chunkSize();
        } finally {
            files.remove(new RemotePath("/other"));
        }
    }

    private void send(RemoteFiles files, int from, int to) throws TransferException {
        try (RemoteFile file = files.write(STAGED, Existing.KEEP, from)) {
            write(file, from, to);
            file.finish();
            assertThat(file.acknowledged()).isEqualTo(to);
        }
    }

    private void write(RemoteFile file, int from, int to) throws TransferException {
        for (int at = from; at < to; at += file.chunkSize()) {
            byte[] chunk = Arrays.copyOfRange(content, at, Math.min(to, at + file.chunkSize()));
            file.write(chunk, chunk.length);
        }
    }

    private void assertArrived() {
        assertThat(served.resolve("staged")).hasBinaryContent(content);
    }

    private List<String> names() throws IOException {
        try (var all = Files.list(served)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
