package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.sftp.RemoteEntry;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.sftp.SftpConnector;
import io.waybill.testkit.Destinations;
import io.waybill.worker.metrics.WorkerMetrics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names that the destination's charset cannot write. */
final class NamesAtServersTest extends DestinationDeliveryFixture {
    @Test
    void shouldNotWriteTwoNamesThatTheCharsetLacksAsOneFileOfQuestionMarks() throws Exception {
        start();
        Files.createDirectory(served.resolve("in"));

        Failure first = failureOf(ascii(), deliver(store.put("a", content(10)), "/in/\u65e5\u672c\u8a9e.csv"));
        Failure second = failureOf(ascii(), deliver(store.put("b", content(20)), "/in/\u6771\u4eac\u90fd.csv"));

        assertThat(List.of(first.kind(), second.kind())).containsOnly(FailureKind.BAD_NAME);
        assertThat(first.detail())
                .isEqualTo(
                        "the name '/in/\u65e5\u672c\u8a9e.csv' cannot be written in US-ASCII, which has no '\u65e5' of"
                                + " its own; that is how destination acme writes names, as its charset in the configuration says");
        try (var all = Files.list(served.resolve("in"))) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void shouldSendNothingAndMakeNoDirectoryForANameThatCannotBeWritten() throws Exception {
        start();
        var work = deliver(
                store.put("a", content(10)), "/caf\u00e9/a.csv", ConflictPolicy.REPLACE, Proof.SIZE, true);

        assertThat(failureOf(ascii(), work).kind()).isEqualTo(FailureKind.BAD_NAME);

        try (var all = Files.list(served)) {
            assertThat(all).isEmpty();
        }
        assertThat(server.requests("open")).isZero();
        assertThat(server.requests("mkdir")).isZero();
    }

    @Test
    void shouldAskNothingOfTheServerAboutANameThatCannotBeWritten() throws Exception {
        start();
        var name = new RemotePath("/caf\u00e9.csv");
        var plain = new RemotePath("/a");
        try (var connector = new SftpConnector();
                RemoteFiles files = connector.connect(inAscii())) {
            long before = server.requests("open") + server.requests("stat");

            refused(() -> files.write(name, Existing.KEEP, 0));
            refused(() -> files.write(name, Existing.TRUNCATE, 0));
            refused(() -> files.read(name));
            refused(() -> files.stat(name));
            refused(() -> files.remove(name));
            refused(() -> files.truncate(name, 1));
            refused(() -> files.makeDirectory(name));
            refused(() -> files.list(name.value(), 1));
            refused(() -> files.rename(plain, name));
            refused(() -> files.replace(name, plain));
            refused(() -> files.syncDirectoryOf(new RemotePath("/caf\u00e9/a")));

            assertThat(server.requests("open") + server.requests("stat")).isEqualTo(before);
            assertThat(files.isOpen()).isTrue();
        }
        try (var all = Files.list(served)) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void shouldLeaveOutOfAListWhatTheServerWroteInAnotherCharset() throws Exception {
        start();
        Path directory = Files.createDirectory(served.resolve("in"));
        Files.createFile(directory.resolve("caf\u00e9.csv"));
        Files.createFile(directory.resolve("a.csv"));
        try (var connector = new SftpConnector();
                RemoteFiles files = connector.connect(inAscii())) {
            assertThat(files.list("/in", 10)).extracting(RemoteEntry::name).containsExactly("a.csv");
        }
    }

    private static void refused(Request request) {
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(request::send)
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.BAD_NAME));
    }

    private interface Request {
        void send() throws TransferException;
    }

    private DestinationConfig inAscii() {
        return Destinations.withCharset(Destinations.of(server), StandardCharsets.US_ASCII);
    }

    private DestinationDelivery ascii() {
        DestinationConfig destination = inAscii();
        return new DestinationDelivery(
                Map.of(destination.name(), destination),
                store,
                connections(),
                WorkerMetrics.NONE,
                InstantSource.system());
    }
}
