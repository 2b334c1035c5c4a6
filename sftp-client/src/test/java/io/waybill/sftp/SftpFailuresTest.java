package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.Secret;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.FaultInjectingProxy;
import io.waybill.testkit.FreePort;
import io.waybill.testkit.RogueSftpServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SftpFailuresTest {
    private static final int FAILURE = 4;
    private static final int PERMISSION_DENIED = 3;
    private static final int UNSUPPORTED = 8;
    private static final Duration SOON = Duration.ofMillis(400);
    private static final RemotePath REPORT = new RemotePath("/report.csv");

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
    void shouldNameBothKeysWhenTheHostKeyIsNotPinned() {
        String other = "SHA256:" + "A".repeat(43);

        assertFails(() -> connector.connect(withHostKeys(List.of(other))), FailureKind.HOST_KEY, other);
        assertFails(() -> connector.connect(withHostKeys(List.of(other))), FailureKind.HOST_KEY, server.hostKey());
    }

    @ParameterizedTest
    @ValueSource(ints = {FAILURE, PERMISSION_DENIED, UNSUPPORTED})
    void shouldConnectWhereTheServerDoesNotTellTheLimitsThatItOffersToTell(int status) throws Exception {
        server.refuse("limits", status);

        assertThat(connector.connect(Destinations.of(server)).isOpen()).isTrue();
    }

    @Test
    void shouldConnectWhereWhatTheServerTellsOfItsLimitsEndsTooEarly() throws Exception {
        server.cutReplies();

        assertThat(connector.connect(Destinations.of(server)).isOpen()).isTrue();
    }

    @Test
    void shouldSayThatTheConnectionBrokeWhereverItBreaksAfterLogin() {
        for (int micros = 0; micros < 4000; micros += 50) {
            server.hangUpAfterLogin(Duration.ofNanos(micros * 1000L));
            try (RemoteFiles files = connector.connect(Destinations.of(server))) {
                assertThat(files).isNotNull();
            } catch (TransferException e) {
                // An end between the password and the answer to it is a refusal, if it is the second in a row.
                assertThat(e.failure().kind()).isIn(FailureKind.UNREACHABLE, FailureKind.REMOTE_ERROR,
                        FailureKind.CONNECTION_LOST, FailureKind.AUTHENTICATION);
            }
        }
    }

    @Test
    void shouldReachAServerAtTheAddressThatAnswersWhateverTheNameListsFirst() throws Exception {
        var asked = new AtomicInteger();
        // Nobody listens at the first address.
        try (var everyAddress = new SftpConnector(Duration.ofSeconds(30), host -> {
            asked.incrementAndGet();
            return List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getByName(host));
        })) {
            assertThat(everyAddress.connect(Destinations.of(server)).isOpen()).isTrue();
            assertThat(everyAddress.connect(Destinations.of(server)).isOpen()).isTrue();
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void shouldNameEveryAddressWhereNoneAnswers() {
        int port = FreePort.find();
        try (var everyAddress = new SftpConnector(
                Duration.ofSeconds(30),
                _ -> List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.3")))) {
            assertFails(
                    () -> everyAddress.connect(Destinations.at(server, port, SOON)),
                    FailureKind.UNREACHABLE,
                    "none of its addresses answers: 127.0.0.2: Connection refused; 127.0.0.3: Connection refused");
        }
    }

    @Test
    void shouldSayThatTheNameOfAServerIsNotFound() {
        try (var nowhere = new SftpConnector(Duration.ofSeconds(30), host -> {
            throw new UnknownHostException(host + ": Name or service not known");
        })) {
            assertFails(
                    () -> nowhere.connect(Destinations.of(server)),
                    FailureKind.UNREACHABLE,
                    "is not reachable: 127.0.0.1: Name or service not known");
        }
    }

    @Test
    void shouldSayThatAServerLetTheUserInAndHungUp() {
        var texts = new ArrayList<String>();
        server.hangUpAfterLogin(Duration.ZERO);
        for (int i = 0; i < 50; i++) {
            try (RemoteFiles files = connector.connect(Destinations.of(server))) {
                assertThat(files).isNotNull();
            } catch (TransferException e) {
                texts.add(e.getMessage());
            }
        }
        assertThat(texts).isNotEmpty().noneMatch(text -> text.contains("is not reachable: Channel"));
    }

    @Test
    void shouldAcceptAnyOfSeveralPinnedHostKeys() throws Exception {
        var destination = withHostKeys(List.of("SHA256:" + "A".repeat(43), server.hostKey()));

        assertThat(connector.connect(destination).isOpen()).isTrue();
    }

    @Test
    void shouldSayWhoWasRefused() {
        assertFails(
                () -> connector.connect(withPassword("wrong")),
                FailureKind.AUTHENTICATION,
                "refused user 'partner' with the configured password");
    }

    @Test
    void shouldSayWhereNobodyListens() {
        int port = FreePort.find();

        assertFails(
                () -> connector.connect(Destinations.at(server, port, SOON)),
                FailureKind.UNREACHABLE,
                "127.0.0.1:" + port);
    }

    @Test
    void shouldTakeAnEndDuringTheHandshakeForAServerThatIsDown() {
        try (var proxy = FaultInjectingProxy.to(server.port())) {
            proxy.cutAfter(100);

            assertFails(
                    () -> connector.connect(Destinations.at(server, proxy.port(), SOON)),
                    FailureKind.UNREACHABLE,
                    "is not reachable");
        }
    }

    @Test
    void shouldTellARefusalByItsStatus() throws Exception {
        RemoteFiles files = connect();
        server.refuse("open", PERMISSION_DENIED);

        assertFails(() -> files.write(REPORT, Existing.KEEP), FailureKind.FORBIDDEN, "/report.csv");
    }

    @Test
    void shouldReportAFullDiskAndStayConnected() throws Exception {
        RemoteFiles files = connect();
        server.room(100_000);

        assertFails(() -> write(files, 20), FailureKind.REMOTE_ERROR, "SSH_FX_FAILURE");

        server.behave();
        write(files, 20);
    }

    @Test
    void shouldRememberWhatADestinationDoesNotKeep() throws Exception {
        server.refuse("posix-rename", UNSUPPORTED);
        RemoteFiles files = connect();
        write(files, 1);
        assertThat(Capability.classOf(files.capabilities())).isEqualTo(DestinationClass.ATOMIC_DURABLE);

        assertThatExceptionOfType(UnsupportedRequestException.class)
                .isThrownBy(() -> files.replace(REPORT, new RemotePath("/final.csv")));

        assertThat(Capability.classOf(files.capabilities())).isEqualTo(DestinationClass.NON_ATOMIC);
        assertThat(Capability.classOf(connect().capabilities())).isEqualTo(DestinationClass.NON_ATOMIC);
    }

    @Test
    void shouldDoWithoutSyncWhereItDoesNotWork() throws Exception {
        server.refuse("fsync", UNSUPPORTED);
        RemoteFiles files = connect();

        write(files, 3);

        assertThat(Capability.classOf(files.capabilities())).isEqualTo(DestinationClass.ATOMIC);
    }

    @Test
    void shouldKeepItsPromiseInOtherDirectoriesWhenOneCannotBeSynced() throws Exception {
        RemotePath elsewhere = new RemotePath("/forbidden/report.csv");
        RemoteFiles files = connect();
        write(files, 1);

        files.syncDirectoryOf(elsewhere);
        files.syncDirectoryOf(REPORT);

        assertThat(Capability.classOf(files.capabilities(elsewhere))).isEqualTo(DestinationClass.ATOMIC);
        assertThat(Capability.classOf(files.capabilities(REPORT))).isEqualTo(DestinationClass.ATOMIC_DURABLE);
        assertThat(Capability.classOf(connect().capabilities(elsewhere))).isEqualTo(DestinationClass.ATOMIC);
    }

    @Test
    void shouldKeepItsPromiseInADirectoryThatWasMadeAnew() throws Exception {
        RemoteFiles files = connect();
        write(files, 1);
        files.syncDirectoryOf(REPORT);
        // As a server refuses a handle of what is not there any more.
        server.refuseOnce("fsync", FAILURE);

        files.syncDirectoryOf(REPORT);

        assertThat(Capability.classOf(files.capabilities(REPORT))).isEqualTo(DestinationClass.ATOMIC_DURABLE);
    }

    @Test
    void shouldNotCallDirectoriesSyncedThatAreNot() throws Exception {
        server.refuse("fsync", FAILURE);
        RemoteFiles files = connect();

        files.syncDirectoryOf(REPORT);

        assertThat(files.capabilities(REPORT)).doesNotContain(Capability.SYNC_DIRECTORY);
    }

    @Test
    void shouldGiveUpOnAServerThatStoppedAnswering() throws Exception {
        server.swallowAnswersTo("write");
        RemoteFiles files = connector.connect(Destinations.at(server, server.port(), SOON));

        assertFails(() -> write(files, 100), FailureKind.STALLED, "answered nothing for PT0.4S");

        assertThat(files.isOpen()).isFalse();
    }

    @Test
    void shouldGiveUpOnANetworkThatSwallowsEverything() throws Exception {
        try (var proxy = FaultInjectingProxy.to(server.port())) {
            RemoteFiles files = connector.connect(Destinations.at(server, proxy.port(), SOON));
            proxy.stall();

            assertFails(() -> write(files, 100), FailureKind.STALLED, "/report.csv");
        }
    }

    @Test
    void shouldReportABrokenConnection() throws Exception {
        try (var proxy = FaultInjectingProxy.to(server.port())) {
            RemoteFiles files = connector.connect(Destinations.at(server, proxy.port(), Duration.ofMinutes(1)));
            proxy.cutAfter(500_000);

            assertFails(() -> write(files, 100), FailureKind.CONNECTION_LOST, "/report.csv");

            assertThat(files.isOpen()).isFalse();
        }
    }

    @Test
    void shouldNotHoldAConnectionForStalledWhileNobodyWaits() throws Exception {
        RemoteFiles files = connector.connect(Destinations.at(server, server.port(), SOON));
        server.swallowAnswersTo("stat");
        var other = connector.connect(Destinations.at(server, server.port(), SOON));

        assertFails(() -> other.stat(REPORT), FailureKind.STALLED, "stat");

        assertThat(files.isOpen()).isTrue();
    }

    private RemoteFiles connect() throws TransferException {
        return connector.connect(Destinations.of(server));
    }

    private static void write(RemoteFiles files, int chunks) throws TransferException {
        try (RemoteFile file = files.write(REPORT, Existing.TRUNCATE)) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                file.write(new byte[file.chunkSize()], file.chunkSize());
            }
            file.finish();
        }
    }

    private static void assertFails(ThrowingCallable action, FailureKind kind, String said) {
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(action)
                .withMessageContaining(said)
                .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }

    private DestinationConfig withHostKeys(List<String> hostKeys) {
        return changed(hostKeys, RogueSftpServer.PASSWORD);
    }

    private DestinationConfig withPassword(String password) {
        return changed(List.of(server.hostKey()), password);
    }

    private DestinationConfig changed(List<String> hostKeys, String password) {
        DestinationConfig right = Destinations.of(server);
        return new DestinationConfig(
                right.name(),
                right.host(),
                right.port(),
                right.user(),
                Optional.empty(),
                Optional.of(Secret.of(password)),
                hostKeys,
                right.root(),
                right.maxConnections(),
                right.inFlight(),
                right.fifo(),
                right.staging(),
                right.connectTimeout(),
                right.stallTimeout(),
                right.idleTimeout(),
                right.charset(),
                right.onUnknownOutcome(),
                right.evidenceWindow(),
                right.flow());
    }
}
