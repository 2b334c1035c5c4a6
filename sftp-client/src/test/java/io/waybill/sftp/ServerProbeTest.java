package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.RogueSftpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found out about a server when its first file is staged. */
final class ServerProbeTest {
    private static final int NO_SUCH_FILE = 2;
    private static final int PERMISSION_DENIED = 3;
    private static final int FAILURE = 4;
    private static final RemotePath STAGED = new RemotePath("/staged");
    private static final RemotePath OTHER = new RemotePath("/other/staged");

    private final SftpConnector connector = new SftpConnector();
    private RogueSftpServer server;

    @TempDir
    Path served;

    @AfterEach
    void stop() {
        connector.close();
        server.close();
    }

    @Test
    void shouldProbeADestinationOnce() throws Exception {
        start();
        stage();
        stage();

        assertThat(server.requests("setstat")).isEqualTo(1);
        assertThat(server.requests("posix-rename")).isEqualTo(1);
        assertThat(names()).containsExactly("staged");
    }

    @Test
    void shouldFindOutThatNothingCanBeRenamedAfterManyFilesWithoutADirectory() throws Exception {
        server = RogueSftpServer.start(served, List.of(SftpSession.REPLACE));
        server.refuse("rename", PERMISSION_DENIED);
        try (RemoteFiles files = connector.connect(Destinations.of(server))) {
            for (int i = 0; i < 2 * ServerFindings.MOST_PROBES; i++) {
                var nowhere = new RemotePath("/missing" + i + "/staged");
                assertThatExceptionOfType(TransferException.class)
                        .isThrownBy(() -> files.write(nowhere, Existing.KEEP))
                        .matches(e -> e.kind() == FailureKind.PATH_MISSING);
            }

            assertThatExceptionOfType(UnsupportedRequestException.class)
                    .isThrownBy(() -> files.write(STAGED, Existing.KEEP));
        }
    }

    @Test
    void shouldNotTrustAnAtomicRenameThatIsOfferedAndFails() throws Exception {
        start();
        server.refuse("posix-rename", FAILURE);

        assertThat(Capability.classOf(stage())).isEqualTo(DestinationClass.NON_ATOMIC);
        assertThat(names()).containsExactly("staged");
    }

    @Test
    void shouldTryOtherDirectoriesOnlyWhereReplacingFailedInTheFirst() throws Exception {
        start();
        Files.createDirectory(served.resolve("other"));
        stage();
        stageIn(OTHER);
        assertThat(server.requests("posix-rename")).isEqualTo(1);
    }

    @Test
    void shouldKnowDirectoryByDirectoryWhereFilesAreReplacedInOneStep() throws Exception {
        start();
        Files.createDirectory(served.resolve("other"));
        RemoteFiles files = connector.connect(Destinations.of(server));
        server.refuse("posix-rename", FAILURE);
        files.write(STAGED, Existing.KEEP).close();
        server.behave();

        files.write(OTHER, Existing.KEEP).close();
        files.write(OTHER, Existing.KEEP).close();

        assertThat(Capability.classOf(files.capabilities(STAGED))).isEqualTo(DestinationClass.NON_ATOMIC);
        assertThat(Capability.classOf(files.capabilities(OTHER))).isEqualTo(DestinationClass.ATOMIC_DURABLE);
        assertThat(files.replacing(STAGED)).isEqualTo(RemoteFiles.Evidence.DISPROVED);
        assertThat(files.replacing(OTHER)).isEqualTo(RemoteFiles.Evidence.PROVEN);
        assertThat(server.requests("posix-rename")).isEqualTo(2);
    }

    @Test
    void shouldNoticeAPlainRenameThatOverwrites() throws Exception {
        start();
        server.overwriteOnRename();

        assertThat(stage())
                .contains(Capability.RENAME, Capability.REPLACE)
                .doesNotContain(Capability.RENAME_REFUSES);
        assertThat(names()).containsExactly("staged");
    }

    @Test
    void shouldTakeForbiddenRequestsForMissingOnes() throws Exception {
        start();
        server.refuse("posix-rename", PERMISSION_DENIED)
                .refuse("rename", PERMISSION_DENIED)
                .refuse("fsync", PERMISSION_DENIED)
                .refuse("setstat", PERMISSION_DENIED);

        RemoteFiles files = connector.connect(Destinations.of(server));

        assertThatExceptionOfType(UnsupportedRequestException.class)
                .isThrownBy(() -> files.write(STAGED, Existing.KEEP));
        assertThat(files.capabilities())
                .doesNotContain(
                        Capability.REPLACE,
                        Capability.RENAME,
                        Capability.RENAME_REFUSES,
                        Capability.SYNC,
                        Capability.TRUNCATE);
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldProbeADropBoxAndLeaveLittleBehind() throws Exception {
        start();
        server.refuse("stat", PERMISSION_DENIED)
                .refuse("lstat", PERMISSION_DENIED)
                .refuse("opendir", PERMISSION_DENIED)
                .refuse("remove", PERMISSION_DENIED);

        assertThat(stage()).contains(Capability.REPLACE, Capability.RENAME_REFUSES);
        assertThat(names()).hasSize(2).contains("staged");
    }

    @Test
    void shouldBelieveWhatIsOfferedWhereThePartnerTakesFilesAtOnce() throws Exception {
        start();
        server.refuse("rename", NO_SUCH_FILE);

        assertThat(stage())
                .contains(Capability.RENAME, Capability.REPLACE)
                .doesNotContain(Capability.RENAME_REFUSES);
        assertThat(names()).containsExactly("staged");
    }

    @Test
    void shouldManageWithOneOpenHandle() throws Exception {
        server = RogueSftpServer.start(served, List.of("fsync@openssh.com")).oneHandleAtATime();

        assertThat(stage()).contains(Capability.REPLACE, Capability.RENAME_REFUSES);
        assertThat(stage()).contains(Capability.REPLACE);
        assertThat(names()).containsExactly("staged");
    }

    @Test
    void shouldProbeOnlyOnceThereIsADirectoryToStageIn() throws Exception {
        start();
        RemoteFiles files = connector.connect(Destinations.of(server));
        var staged = new RemotePath("/.waybill/staged");

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> files.write(staged, Existing.KEEP))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.PATH_MISSING));
        files.makeDirectory(new RemotePath("/.waybill"));
        files.write(staged, Existing.KEEP).close();

        assertThat(files.capabilities()).contains(Capability.RENAME_REFUSES);
    }

    @Test
    void shouldNotProbeBesideAFinalName() throws Exception {
        start();
        connector.connect(Destinations.of(server)).write(STAGED, Existing.TRUNCATE).close();

        assertThat(server.requests("rename")).isZero();
    }

    private void start() {
        server = RogueSftpServer.start(served);
    }

    private Set<Capability> stage() throws TransferException {
        return stageIn(STAGED);
    }

    private Set<Capability> stageIn(RemotePath name) throws TransferException {
        RemoteFiles files = connector.connect(Destinations.of(server));
        try (RemoteFile file = files.write(name, Existing.KEEP)) {
            file.finish();
        }
        return files.capabilities();
    }

    private List<String> names() throws IOException {
        try (var all = Files.list(served)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
