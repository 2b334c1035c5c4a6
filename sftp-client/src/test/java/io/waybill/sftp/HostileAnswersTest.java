package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.RogueSftpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.common.SftpConstants;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that answer what no server should: one connection breaks, with a kind that says whose fault it is. */
final class HostileAnswersTest {
    private static final RemotePath REPORT = new RemotePath("/report.csv");
    private static final String ROOM = "/in";
    private static final Duration SOON = Duration.ofMillis(400);

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(ClientSessionImpl.class);

    private final SftpConnector connector = new SftpConnector();
    private RogueSftpServer server;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        server = RogueSftpServer.start(directory);
        Files.createDirectory(directory.resolve("in"));
        Files.writeString(directory.resolve("report.csv"), "older");
    }

    @AfterEach
    void stop() {
        connector.close();
        server.close();
    }

    /** Answers that end too early, and requests that they answer. */
    private enum Cut {
        HANDLE_OF_A_FILE("open", id -> packet(SftpConstants.SSH_FXP_HANDLE, id, 16)) {
            @Override
            void ask(RemoteFiles files) throws Exception {
                files.write(REPORT, Existing.TRUNCATE).close();
            }
        },
        HANDLE_WITHOUT_END("open", id -> packet(SftpConstants.SSH_FXP_HANDLE, id, Integer.MIN_VALUE)) {
            @Override
            void ask(RemoteFiles files) throws Exception {
                files.write(REPORT, Existing.TRUNCATE).close();
            }
        },
        HANDLE_OF_A_DIRECTORY("opendir", id -> packet(SftpConstants.SSH_FXP_HANDLE, id)) {
            @Override
            void ask(RemoteFiles files) throws Exception {
                files.list(ROOM, 10);
            }
        },
        NAMES("readdir", id -> packet(SftpConstants.SSH_FXP_NAME, id, Integer.MAX_VALUE, 9)) {
            @Override
            void ask(RemoteFiles files) throws Exception {
                files.list(ROOM, 10);
            }
        },
        BYTES("read", id -> packet(SftpConstants.SSH_FXP_DATA, id, 1 << 20)) {
            @Override
            void ask(RemoteFiles files) throws Exception {
                try (var content = files.read(REPORT)) {
                    content.readAllBytes();
                } catch (IOException e) {
                    throw new TransferException(FailureKind.CONNECTION_LOST, "reading", e);
                }
            }
        },
        NUMBER_OF_THE_LIBRARY("stat", _ -> new byte[] {0, 0, 0, 5, SftpConstants.SSH_FXP_ATTRS, 0, 0, 0, 0}) {
            @Override
            void ask(RemoteFiles files) throws Exception {
                files.stat(REPORT);
            }
        },
        ANOTHER_KIND("stat", id -> packet(SftpConstants.SSH_FXP_DATA, id, 0)) {
            @Override
            void ask(RemoteFiles files) throws Exception {
                files.stat(REPORT);
            }
        },
        LENGTH_OF_2_TO_31("stat", _ -> new byte[] {(byte) 0x80, 0, 0, 0, SftpConstants.SSH_FXP_ATTRS, 0, 0, 0, 0}) {
            @Override
            void ask(RemoteFiles files) throws Exception {
                files.stat(REPORT);
            }
        },
        LENGTH_OF_A_GIGABYTE("stat", _ -> new byte[] {0x40, 0, 0, 0, SftpConstants.SSH_FXP_ATTRS, 0, 0, 0, 0}) {
            @Override
            void ask(RemoteFiles files) throws Exception {
                files.stat(REPORT);
            }
        },
        TO_A_REQUEST_OF_THE_LIBRARY("stat", _ -> packet(SftpConstants.SSH_FXP_ATTRS, 5, 0)) {
            @Override
            void ask(RemoteFiles files) throws Exception {
                files.stat(REPORT);
            }
        },
        ANOTHER_NUMBER("stat", id -> packet(SftpConstants.SSH_FXP_ATTRS, id + 1_000_000, 0)) {
            @Override
            void ask(RemoteFiles files) throws Exception {
                files.stat(REPORT);
            }
        };

        private final String request;
        @SuppressWarnings("ImmutableEnumChecker") // the functions keep nothing
        private final IntFunction<byte[]> answer;

        Cut(String request, IntFunction<byte[]> answer) {
            this.request = request;
            this.answer = answer;
        }

        abstract void ask(RemoteFiles files) throws Exception;
    }

    private static byte[] packet(int type, int id, int... numbers) {
        Buffer packet = new ByteArrayBuffer();
        packet.putUInt(Byte.BYTES + Integer.BYTES + (long) numbers.length * Integer.BYTES);
        packet.putByte((byte) type);
        packet.putInt(id);
        IntStream.of(numbers).forEach(packet::putInt);
        return packet.getCompactData();
    }

    @ParameterizedTest
    @EnumSource
    void shouldBreakOnlyTheConnectionThatAnswersWhatCannotBeRead(Cut cut) throws Exception {
        RemoteFiles other = connector.connect(Destinations.of(server));
        RemoteFiles files = connector.connect(Destinations.of(server));
        server.answer(cut.request, cut.answer);

        assertFails(() -> cut.ask(files), FailureKind.CONNECTION_LOST, "");

        assertThat(files.isOpen()).isFalse();
        server.behave();
        assertThat(other.stat(REPORT)).isPresent();
    }

    @Test
    void shouldSayThatTheServerAnsweredARequestThatWasNotSent() throws Exception {
        RemoteFiles files = connector.connect(Destinations.of(server));
        server.answer(Cut.ANOTHER_NUMBER.request, Cut.ANOTHER_NUMBER.answer);

        assertFails(() -> files.stat(REPORT), FailureKind.CONNECTION_LOST, "to which no answer was due");
    }

    @Test
    void shouldBreakAConnectionThatAnswersTwice() throws Exception {
        RemoteFiles files = connector.connect(Destinations.of(server));
        server.answer("mkdir", id -> {
            byte[] once = packet(SftpConstants.SSH_FXP_STATUS, id, SftpConstants.SSH_FX_OK);
            Buffer twice = new ByteArrayBuffer();
            twice.putRawBytes(once);
            twice.putRawBytes(once);
            return twice.getCompactData();
        });

        files.makeDirectory(new RemotePath("/new"));

        assertFails(() -> files.stat(REPORT), FailureKind.CONNECTION_LOST, "");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, Integer.MIN_VALUE})
    void shouldSayThatThereIsNoSftpWhereTheFirstAnswerCannotBeRead(int length) {
        server.answer("init", _ -> packet(SftpConstants.SSH_FXP_VERSION, 3, length));

        assertFails(() -> connector.connect(Destinations.of(server)), FailureKind.REMOTE_ERROR, "offers no SFTP");
    }

    @Test
    void shouldListNoNameThatNoPathCanHave() throws Exception {
        var once = new AtomicBoolean();
        RemoteFiles files = connector.connect(Destinations.of(server));
        server.answer("readdir", id -> once.getAndSet(true)
                ? packet(SftpConstants.SSH_FXP_STATUS, id, SftpConstants.SSH_FX_EOF)
                : names(id, List.of("../../victim", "a/b", "..\\c", ".", "..", "", "x\u001b[2J", "y".repeat(2000),
                        "good")));

        assertThat(files.list(ROOM, 100)).extracting(RemoteEntry::name).containsExactly("good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mkdir", "open"})
    void shouldNotSayThePasswordThatAServerRepeats(String request) throws Exception {
        RemoteFiles files = connector.connect(Destinations.of(server));
        server.answer(request, id -> {
            Buffer packet = new ByteArrayBuffer();
            packet.putUInt(0);
            packet.putByte((byte) SftpConstants.SSH_FXP_STATUS);
            packet.putInt(id);
            packet.putInt(SftpConstants.SSH_FX_FAILURE);
            packet.putString("no room for '" + RogueSftpServer.PASSWORD + "'");
            packet.putString("");
            return whole(packet);
        });

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> {
                    if (request.equals("mkdir")) {
                        files.makeDirectory(new RemotePath("/new"));
                    } else {
                        files.read(REPORT).close();
                    }
                })
                .satisfies(e -> {
                    var trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).contains("no room for").doesNotContain(RogueSftpServer.PASSWORD);
                });
    }

    private static byte[] names(int id, List<String> names) {
        Buffer packet = new ByteArrayBuffer();
        packet.putUInt(0);
        packet.putByte((byte) SftpConstants.SSH_FXP_NAME);
        packet.putInt(id);
        packet.putInt(names.size());
        names.forEach(name -> {
            packet.putBytes(name.getBytes(StandardCharsets.UTF_8));
            packet.putBytes(new byte[0]);
            packet.putInt(0);
        });
        return whole(packet);
    }

    /** Fills in the length with which a packet begins. */
    private static byte[] whole(Buffer packet) {
        int end = packet.wpos();
        packet.wpos(0);
        packet.putUInt(end - Integer.BYTES);
        packet.wpos(end);
        return packet.getCompactData();
    }

    @Test
    void shouldReadNoMoreNamesThanAskedForFromAListingWithoutEnd() throws Exception {
        RemoteFiles files = connector.connect(Destinations.of(server));
        server.answer("readdir", id -> names(id, List.of("same", "name")));

        assertThat(files.list(ROOM, 25)).hasSize(25);
        assertThat(server.requests("readdir")).isEqualTo(13);
    }

    @Test
    void shouldKeepWhatWasListedWhereTheDirectoryCannotBeClosed() throws Exception {
        Files.writeString(server.files().resolve("in/a"), "");
        RemoteFiles files = connector.connect(Destinations.of(server));
        server.refuse("close", SftpConstants.SSH_FX_FAILURE);

        assertThat(files.list(ROOM, 100)).extracting(RemoteEntry::name).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1})
    void shouldWriteWhateverLimitsTheServerTells(long limit) throws Exception {
        server.answer("limits", id -> {
            Buffer packet = new ByteArrayBuffer();
            packet.putUInt(Byte.BYTES + Integer.BYTES + 4L * Long.BYTES);
            packet.putByte((byte) SftpConstants.SSH_FXP_EXTENDED_REPLY);
            packet.putInt(id);
            for (int i = 0; i < 4; i++) {
                packet.putLong(limit);
            }
            return packet.getCompactData();
        });
        RemoteFiles files = connector.connect(Destinations.of(server));

        try (RemoteFile file = files.write(REPORT, Existing.TRUNCATE)) {
            assertThat(file.chunkSize()).isBetween(1 << 10, 255 << 10);
            file.write(new byte[10], 10);
            assertThat(file.finish().size()).hasValue(10);
        }
    }

    @Test
    void shouldNotWaitForEverForAnAnswerThatDoesNotCome() throws Exception {
        RemoteFiles files = connector.connect(Destinations.at(server, server.port(), SOON));
        server.swallowAnswersTo("stat");

        assertFails(() -> files.stat(REPORT), FailureKind.STALLED, "Waybill hung up");
    }

    private static void assertFails(ThrowingCallable action, FailureKind kind, String said) {
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(action)
                .withMessageContaining(said)
                .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }
}
