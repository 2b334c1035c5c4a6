package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that a store allows beside each other, and a destination does not. */
final class ObstacleTest extends DestinationDeliveryFixture {
    @ParameterizedTest
    @ValueSource(strings = {"", "posix-rename@openssh.com"})
    void shouldSayThatADirectoryHasTheName(String unknown) throws Exception {
        start(unknown);
        Path inside = served.resolve("a/b");
        Files.createDirectories(inside);

        Failure failure = failed(deliver(store.put("a", ascii("x")), "/a"));

        assertThat(failure.kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(failure.detail()).contains("'/a' is a directory at the destination");
        assertThat(inside).isDirectory();
        assertNothingStaged();
    }

    @ParameterizedTest
    @EnumSource(value = ConflictPolicy.class, names = "KEEP_BOTH", mode = EnumSource.Mode.EXCLUDE)
    void shouldSayThatADirectoryHasTheNameBeforeAnyByteIsSent(ConflictPolicy policy) throws Exception {
        start();
        delivered(deliver(store.put("first", ascii("x")), "/first"));
        Files.createDirectory(served.resolve("a"));
        long writes = server.requests("write");

        Failure failure = failed(deliver(store.put("a", content(1 << 20)), "/a", policy, Proof.SIZE, false));

        assertThat(failure.kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(failure.detail()).contains("'/a' is a directory at the destination", "nothing is sent");
        assertThat(server.requests("write")).isEqualTo(writes);
        assertNothingStaged();
    }

    @Test
    void shouldKeepBothWhereADirectoryHasTheName() throws Exception {
        start();
        Files.createDirectory(served.resolve("a"));
        var work = deliver(store.put("a", ascii("ours")), "/a", ConflictPolicy.KEEP_BOTH, Proof.SIZE, false);

        assertThat(delivered(work).path().value()).isEqualTo("/a." + work.id());
    }

    @Test
    void shouldReplaceALinkThatLeadsToADirectory() throws Exception {
        start();
        Files.createDirectory(served.resolve("directory"));
        Files.createSymbolicLink(served.resolve("a"), served.resolve("directory"));

        delivered(deliver(store.put("a", ascii("x")), "/a"));

        assertThat(served.resolve("a")).isRegularFile().hasContent("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rename"})
    void shouldSayOnceThatANameIsTooLongWhereALookDoesNotShowIt(String refused) throws Exception {
        start(refused.isEmpty() ? "" : "posix-rename@openssh.com");
        if (!refused.isEmpty()) {
            server.refuse(refused, 8);
        }
        delivered(deliver(store.put("first", ascii("x")), "/first"));
        long writes = server.requests("write");
        // In place, the done-file is the one that is too long.
        String name = "n".repeat(refused.isEmpty() ? 256 : 251);

        for (String directory : List.of("/", "/new/")) {
            for (ConflictPolicy policy : ConflictPolicy.values()) {
                Failure failure = failed(
                        deliver(store.put("a", content(1 << 20)), directory + name, policy, Proof.SIZE, true));

                assertThat(failure.kind()).isEqualTo(FailureKind.BAD_NAME);
                assertThat(failure.detail()).contains("more than 255 bytes");
            }
        }
        assertThat(server.requests("write")).isEqualTo(writes);
        assertThat(served.toFile().list()).doesNotContain(name);
        assertNothingBelow(served.resolve("new"));
        assertNothingStaged();
    }

    @Test
    void shouldMakeADirectoryAgainThatWasRemovedWhileItWasMade() throws Exception {
        start();
        // It was there when it was made, and no more when the file was opened.
        server.refuseOnce("mkdir", 4);

        delivered(deliver(store.put("a", ascii("x")), "/a"));

        assertThat(served.resolve("a")).hasContent("x");
    }

    @Test
    void shouldTryAgainLaterWhereDirectoriesVanishAsSoonAsTheyAreMade() throws Exception {
        start();
        server.pretend("mkdir");

        for (String path : List.of("/a", "/new/a")) {
            Failure failure = failed(
                    deliver(store.put(path.substring(1), ascii("x")), path, ConflictPolicy.REPLACE, Proof.SIZE, true));

            assertThat(failure.kind()).isEqualTo(FailureKind.REMOTE_ERROR);
            assertThat(failure.kind().retryable()).isTrue();
            assertThat(failure.detail()).contains("does a program there remove empty directories?");
        }
    }

    private static void assertNothingBelow(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            assertThat(all.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void shouldNotBlameTheLengthOfANameWhereNoFileCanBeMade(int status) throws Exception {
        start();
        delivered(deliver(store.put("first", ascii("x")), "/first"));
        server.refuse("open", status);

        Failure failure = failed(deliver(store.put("a", ascii("x")), "/" + "n".repeat(256)));

        assertThat(failure.kind()).isEqualTo(status == 3 ? FailureKind.FORBIDDEN : FailureKind.REMOTE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/d", "/f/b", "/f/b/c"})
    void shouldSayBeforeAnyByteIsSentWhatIsInTheWayWhereNothingCanBeRenamed(String path) throws Exception {
        start("posix-rename@openssh.com", "hardlink@openssh.com");
        server.refuse("rename", 8);
        delivered(deliver(store.put("first", ascii("x")), "/first"));
        long writes = server.requests("write");
        Files.createDirectory(served.resolve("d"));
        Path done = Files.createFile(served.resolve("d.done"));
        Path file = Files.writeString(served.resolve("f"), "theirs");

        Failure failure = failed(
                deliver(store.put("a", content(1 << 20)), path, ConflictPolicy.REPLACE, Proof.SIZE, true));

        assertThat(failure.kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(failure.kind().retryable()).isFalse();
        assertThat(failure.detail()).contains(path.equals("/d") ? "'/d' is a directory" : "'/f' is a file");
        assertThat(server.requests("write")).isEqualTo(writes);
        assertThat(done).exists();
        assertThat(file).hasContent("theirs");
    }

    @Test
    void shouldSayThatADirectoryHasTheNameOfTheDoneFileBeforeAnyByteIsSent() throws Exception {
        start("posix-rename@openssh.com", "hardlink@openssh.com");
        server.refuse("rename", 8);
        delivered(deliver(store.put("first", ascii("x")), "/first"));
        long writes = server.requests("write");
        Files.createDirectory(served.resolve("a.done"));

        Failure failure = failed(deliver(store.put("a", content(1 << 20)), "/a"));

        assertThat(failure.kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(failure.detail()).contains("'/a.done'");
        assertThat(server.requests("write")).isEqualTo(writes);
        assertThat(served.resolve("a")).doesNotExist();
    }

    @Test
    void shouldSayThatAFileIsOnTheWayWhereTheServerCallsThatForbidden() throws Exception {
        start();
        Files.writeString(served.resolve("a"), "theirs");
        server.refuse("open", 3).refuse("mkdir", 3);

        Failure failure = failed(
                deliver(store.put("b", ascii("x")), "/a/b", ConflictPolicy.REPLACE, Proof.SIZE, true));

        assertThat(failure.kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(failure.detail()).contains("'/a' is a file at the destination");
    }

    @Test
    void shouldSayThatAFileHasTheNameOfTheStagingDirectory() throws Exception {
        start();
        Files.writeString(served.resolve(".waybill"), "the partner's");

        Failure failure = failed(deliver(store.put("a", ascii("x")), "/a"));

        assertThat(failure.kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(failure.detail()).contains("'/.waybill' is a file at the destination", "staging");
        assertThat(served.resolve(".waybill")).hasContent("the partner's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/b", "/a/b/c/d"})
    void shouldSayThatAFileIsWhereADirectoryIsNeeded(String path) throws Exception {
        start();
        Files.writeString(served.resolve("a"), "a");

        Failure failure =
                failed(deliver(store.put("a/b", ascii("x")), path, ConflictPolicy.REPLACE, Proof.SIZE, true));

        assertThat(failure.kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(failure.detail()).contains("'/a' is a file at the destination").contains("'" + path + "'");
        assertThat(served.resolve("a")).hasContent("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "\u00fc", "\ud83d\udce6"})
    void shouldKeepBothWhereTheNameIsAsLongAsItMayBe(String letter) throws Exception {
        start();
        int bytes = letter.getBytes(StandardCharsets.UTF_8).length;
        String name = letter.repeat(251 / bytes) + ".csv";
        Files.writeString(served.resolve(name), "theirs");
        var work = deliver(store.put("a", ascii("ours")), "/" + name, ConflictPolicy.KEEP_BOTH, Proof.SIZE, false);

        Receipt receipt = delivered(work);

        assertThat(receipt.path().name()).startsWith(letter).endsWith("." + work.id() + ".csv");
        assertThat(served.resolve(receipt.path().name())).hasContent("ours");
        assertThat(served.resolve(name)).hasContent("theirs");
    }

    @Test
    void shouldTakeALinkThatLeadsNowhereForATakenName() throws Exception {
        start();
        Path link = Files.createSymbolicLink(served.resolve("a"), served.resolve("nowhere"));
        var refused = deliver(store.put("a", ascii("x")), "/a", ConflictPolicy.REFUSE, Proof.SIZE, false);
        var kept = deliver(store.put("a", ascii("x")), "/a", ConflictPolicy.KEEP_BOTH, Proof.SIZE, false);

        assertThat(failed(refused).kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(delivered(kept).path().value()).isEqualTo("/a." + kept.id());

        assertThat(link).isSymbolicLink();
    }

    @Test
    void shouldReplaceALinkThatLeadsNowhereInTwoSteps() throws Exception {
        start("posix-rename@openssh.com");
        Files.createSymbolicLink(served.resolve("a"), served.resolve("nowhere"));

        delivered(deliver(store.put("a", ascii("x")), "/a"));

        assertThat(served.resolve("a")).isRegularFile().hasContent("x");
        assertThat(names()).isEqualTo(Set.of("a", ".waybill"));
    }

    private Set<String> names() throws IOException {
        try (var names = Files.list(served)) {
            return Set.copyOf(names.map(name -> name.getFileName().toString()).toList());
        }
    }
}
