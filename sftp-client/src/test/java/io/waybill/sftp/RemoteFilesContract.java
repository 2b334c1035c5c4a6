package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.sftp.RemoteStat.Kind;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link RemoteFiles} keeps, shown against a server whose files can be looked at. */
public abstract class RemoteFilesContract {
    /** A connection to the server under test. */
    protected abstract RemoteFiles files();

    /** The directory that the server serves. */
    protected abstract Path served();

    /** The fingerprint of the server's host key. */
    protected abstract String hostKey();

    @Test
    void shouldWriteEveryByteWhereItBelongs() throws Exception {
        byte[] content = content(3_000_001);

        RemoteStat told = write("/report.csv", content, Existing.TRUNCATE);

        assertThat(told.size()).hasValue(content.length);
        assertThat(told.modified())
                .hasValue(Files.getLastModifiedTime(served().resolve("report.csv")).to(TimeUnit.SECONDS));
        assertThat(told.kind()).isEqualTo(Kind.FILE);
        assertThat(served().resolve("report.csv")).hasBinaryContent(content);
    }

    @Test
    void shouldWriteAnEmptyFile() throws Exception {
        assertThat(write("/empty", new byte[0], Existing.TRUNCATE).size()).hasValue(0);
        assertThat(served().resolve("empty")).isEmptyFile();
    }

    @Test
    void shouldKeepOrDropTheBytesThatAreThere() throws Exception {
        write("/kept", ascii("longer"), Existing.TRUNCATE);
        write("/dropped", ascii("longer"), Existing.TRUNCATE);

        write("/kept", ascii("no"), Existing.KEEP);
        write("/dropped", ascii("no"), Existing.TRUNCATE);

        assertThat(served().resolve("kept")).hasContent("nonger");
        assertThat(served().resolve("dropped")).hasContent("no");
    }

    @Test
    void shouldMakeNoFileWhereThereIsNoneToGoOnWith() {
        assertFails(() -> files().write(path("/gone"), Existing.KEEP, 5), FailureKind.PATH_MISSING);

        assertThat(served().resolve("gone")).doesNotExist();
    }

    @Test
    void shouldReadBackWhatWasWritten() throws Exception {
        byte[] content = content(1_000_003);
        write("/back", content, Existing.TRUNCATE);

        try (InputStream back = files().read(path("/back"))) {
            assertThat(back.readAllBytes()).isEqualTo(content);
        }
    }

    @Test
    void shouldServeManyFilesAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writes = threads.invokeAll(IntStream.range(0, 16)
                    .mapToObj(i -> (Callable<RemoteStat>) () -> write("/many-" + i, content(600_000 + i),
                            Existing.TRUNCATE))
                    .toList());
            for (var write : writes) {
                write.get();
            }
        }

        for (int i = 0; i < 16; i++) {
            assertThat(served().resolve("many-" + i)).hasBinaryContent(content(600_000 + i));
        }
    }

    @Test
    void shouldNotFindWhatIsNotThere() throws Exception {
        assertThat(files().stat(path("/nothing"))).isEmpty();
        assertFails(() -> write("/nowhere/report.csv", ascii("x"), Existing.TRUNCATE), FailureKind.PATH_MISSING);
    }

    @Test
    void shouldRemoveWhatIsThereAndMindNothingElse() throws Exception {
        write("/old", ascii("x"), Existing.TRUNCATE);

        assertThat(files().remove(path("/old"))).isTrue();
        assertThat(files().remove(path("/old"))).isFalse();

        assertThat(served().resolve("old")).doesNotExist();
    }

    @Test
    void shouldReplaceAFileInOneStep() throws Exception {
        write("/new", ascii("new"), Existing.TRUNCATE);
        write("/name", ascii("old"), Existing.TRUNCATE);

        files().replace(path("/new"), path("/name"));

        assertThat(served().resolve("name")).hasContent("new");
        assertThat(served().resolve("new")).doesNotExist();
    }

    @Test
    void shouldRefuseToRenameOverAFile() throws Exception {
        write("/new", ascii("new"), Existing.TRUNCATE);
        write("/name", ascii("old"), Existing.TRUNCATE);

        assertFails(() -> files().rename(path("/new"), path("/name")), FailureKind.REMOTE_ERROR);

        assertThat(served().resolve("name")).hasContent("old");
    }

    @Test
    void shouldGiveAFileAnotherName() throws Exception {
        write("/file", ascii("x"), Existing.TRUNCATE);

        files().rename(path("/file"), path("/second"));

        assertThat(served().resolve("second")).hasContent("x");
        assertThat(served().resolve("file")).doesNotExist();
    }

    @Test
    void shouldTellAFileThatIsGoneFromOneThatCannotBeRenamed() throws Exception {
        write("/name", ascii("old"), Existing.TRUNCATE);

        assertFails(() -> files().replace(path("/gone"), path("/name")), FailureKind.PATH_MISSING);
        assertFails(() -> files().rename(path("/gone"), path("/free")), FailureKind.PATH_MISSING);
        assertFails(() -> files().replace(path("/name"), path("/nowhere/name")), FailureKind.PATH_MISSING);
        assertFails(() -> files().rename(path("/name"), path("/nowhere/name")), FailureKind.PATH_MISSING);

        assertThat(served().resolve("name")).hasContent("old");
    }

    @Test
    void shouldGoOnWhereAnUploadBroke() throws Exception {
        byte[] content = content(1_000_000);
        write("/broken", Arrays.copyOf(content, 600_000), Existing.TRUNCATE);

        files().truncate(path("/broken"), 500_000);
        assertThat(served().resolve("broken")).hasSize(500_000);
        try (RemoteFile file = files().write(path("/broken"), Existing.KEEP, 500_000)) {
            assertThat(file.acknowledged()).isEqualTo(500_000);
            for (int from = 500_000; from < content.length; from += 20_000) {
                file.write(Arrays.copyOfRange(content, from, from + 20_000), 20_000);
            }
            file.finish();
            assertThat(file.acknowledged()).isEqualTo(content.length);
        }

        assertThat(served().resolve("broken")).hasBinaryContent(content);
        assertFails(() -> files().truncate(path("/gone"), 0), FailureKind.PATH_MISSING);
    }

    @Test
    void shouldNotMakeAFileThatIsToBeGoneOnWith() {
        assertFails(() -> files().write(path("/gone"), Existing.KEEP, 5), FailureKind.PATH_MISSING);

        assertThat(served().resolve("gone")).doesNotExist();
    }

    @Test
    void shouldListSomeOfADirectory() throws Exception {
        files().makeDirectory(path("/staging"));
        files().makeDirectory(path("/staging/below"));
        write("/staging/report.csv", ascii("four"), Existing.TRUNCATE);
        for (int i = 0; i < 300; i++) {
            Files.createFile(served().resolve("staging/empty-" + i));
        }

        var all = files().list("/staging", 1000).stream()
                .collect(Collectors.toMap(RemoteEntry::name, RemoteEntry::stat));
        assertThat(all).hasSize(302);
        assertThat(all.get("below").kind()).isEqualTo(Kind.DIRECTORY);
        assertThat(all.get("report.csv").kind()).isEqualTo(Kind.FILE);
        assertThat(all.get("report.csv").size()).hasValue(4);
        assertThat(all.get("report.csv").modified()).isPresent();
        assertThat(files().list("/staging", 5)).hasSize(5);
        assertFails(() -> files().list("/gone", 5), FailureKind.PATH_MISSING);
    }

    @Test
    void shouldMakeDirectoriesAndSayWhenItCannot() throws Exception {
        files().makeDirectory(path("/incoming"));
        write("/incoming/report.csv", ascii("x"), Existing.TRUNCATE);

        assertFails(() -> files().makeDirectory(path("/incoming")), FailureKind.REMOTE_ERROR);
        assertFails(() -> files().makeDirectory(path("/a/b")), FailureKind.PATH_MISSING);
        assertThat(served().resolve("incoming/report.csv")).hasContent("x");
    }

    @Test
    void shouldRemoveADirectoryOnlyWhenNothingIsInIt() throws Exception {
        files().makeDirectory(path("/room"));
        write("/older", ascii("x"), Existing.TRUNCATE);
        files().rename(path("/older"), path("/room/older"));

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> files().removeDirectory(path("/room")));
        assertThat(served().resolve("room/older")).hasContent("x");
        files().move(path("/room/older"), path("/aside"));
        files().removeDirectory(path("/room"));

        assertThat(served().resolve("room")).doesNotExist();
        // As a request does that comes late.
        assertFails(() -> files().rename(path("/aside"), path("/room/older")), FailureKind.PATH_MISSING);
        assertThat(served().resolve("aside")).hasContent("x");
    }

    @Test
    void shouldSyncTheDirectoryOfAFile() throws Exception {
        files().makeDirectory(path("/incoming"));
        write("/incoming/report.csv", ascii("x"), Existing.TRUNCATE);

        files().syncDirectoryOf(path("/incoming/report.csv"));
        files().syncDirectoryOf(path("/incoming/report.csv"));

        files().ping();
    }

    @Test
    void shouldOfferWhatMakesADestinationClassA() {
        assertThat(files().capabilities()).contains(Capability.REPLACE, Capability.SYNC);
        assertThat(Capability.classOf(files().capabilities())).isEqualTo(DestinationClass.ATOMIC_DURABLE);
    }

    @Test
    void shouldTryOutTheServerBeforeTheFirstFileIsStaged() throws Exception {
        assertThat(files().capabilities()).doesNotContain(Capability.RENAME_REFUSES, Capability.TRUNCATE);

        write("/staged", ascii("x"), Existing.KEEP);

        assertThat(files().capabilities())
                .contains(
                        Capability.RENAME,
                        Capability.RENAME_REFUSES,
                        Capability.REPLACE,
                        Capability.SYNC,
                        Capability.TRUNCATE);
        try (var names = Files.list(served())) {
            assertThat(names).containsExactly(served().resolve("staged"));
        }
    }

    @Test
    void shouldSayWhichHostKeyItMet() {
        assertThat(files().hostKey()).isEqualTo(hostKey());
    }

    @Test
    void shouldSayThatTheConnectionIsLostOnceItIs() {
        files().close();

        assertThat(files().isOpen()).isFalse();
        assertFails(() -> files().ping(), FailureKind.CONNECTION_LOST);
    }

    private RemoteStat write(String path, byte[] content, Existing existing) throws TransferException {
        try (RemoteFile file = files().write(path(path), existing)) {
            for (int from = 0; from < content.length; from += file.chunkSize()) {
                byte[] chunk = Arrays.copyOfRange(content, from, Math.min(content.length, from + file.chunkSize()));
                file.write(chunk, chunk.length);
            }
            return file.finish();
        }
    }

    protected static void assertFails(ThrowingCallable action, FailureKind kind) {
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(action)
                .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }

    private static RemotePath path(String value) {
        return new RemotePath(value);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }
}
