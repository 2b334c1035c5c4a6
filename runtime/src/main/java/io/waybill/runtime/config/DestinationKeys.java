package io.waybill.runtime.config;

import io.waybill.domain.NameFolding;
import io.waybill.domain.RemotePath;
import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.runtime.config.DestinationConfig.Staging;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The keys of {@code destinations}. */
final class DestinationKeys {
    /** The form in which OpenSSH prints a fingerprint. */
    static final String FINGERPRINT = "SHA256:[A-Za-z0-9+/]{43}";

    /** One packet a second, of a size that every server takes. */
    private static final int SLOWEST = 32_768;

    private static final byte[] SLASH = {'/'};

    static final Key<String> HOST = Key.required("host", KeyType.TEXT, "The server's name or address.");

    static final Key<Integer> PORT = Key.of("port", KeyType.number(1, 65_535), 22, "The server's port.");

    static final Key<String> USER = Key.required("user", KeyType.TEXT, "The name to log in with.");

    static final Key<Path> PRIVATE_KEY_FILE = Key.optional(
            "privateKeyFile",
            KeyType.text("path", DestinationKeys::readable),
            "",
            "An OpenSSH or PEM private key; this or a password is required.");

    static final Key<Secret> PASSWORD = Key.optional(
            "password", KeyType.SECRET, "", "The password; this or a private key is required.");

    static final Key<List<String>> HOST_KEYS = Key.required(
            "hostKeys",
            KeyType.list("list of texts", "^" + FINGERPRINT + "$"),
            "The server's fingerprints as `ssh-keygen -lf` prints them, `SHA256:…`; there is no trust on first use.");

    static final Key<String> ROOT = Key.of(
            "root",
            KeyType.text("absolute path", DestinationKeys::root, "^/"),
            "/",
            "The directory on the server below which every path lies.");

    static final Key<Integer> MAX_CONNECTIONS = Key.of(
            "maxConnections",
            KeyType.number(1, 64),
            4,
            "Connections at one time over the whole cluster.")
            .see("#destinations");

    static final Key<Integer> IN_FLIGHT = Key.of(
            "inFlight",
            KeyType.number(1, 64),
            8,
            "Files at one time over one connection.")
            .see("#destinations");

    /** In which order files are sent. */
    enum Ordering {
        ANY,
        FIFO
    }

    static final Key<Ordering> ORDERING = Key.of(
            "ordering",
            KeyType.oneOf(Ordering.class),
            Ordering.ANY,
            "`fifo` sends one file at a time over one connection, in the order of their arrival.");

    private static final KeyType<String> NAME_PART =
            KeyType.text("part of a name", DestinationKeys::namePart, "^[^/]+$");

    private static final Key<String> STAGING_DIRECTORY = Key.optional(
            "directory",
            NAME_PART,
            "`" + Staging.DEFAULT.text() + "`",
            "A file lies in this directory beside its final name until it is whole.");

    private static final Key<String> STAGING_PREFIX =
            Key.optional("prefix", NAME_PART, "", "A file's name begins with this until it is whole.");

    private static final Key<String> STAGING_SUFFIX =
            Key.optional("suffix", NAME_PART, "", "A file's name ends with this until it is whole.");

    static final Section STAGING = Section.fixed(
            "staging",
            "How a file is named until it is whole; at most one of the three.",
            STAGING_DIRECTORY,
            STAGING_PREFIX,
            STAGING_SUFFIX);

    static final Key<Integer> CHANNELS = Key.of(
            "channels",
            KeyType.number(1, 32),
            Flow.DEFAULT.channels(),
            "Over how many channels of one connection a large file is written at most; `1` where bytes must come in"
                    + " order.")
            .see("#destinations");

    static final Key<Integer> CONNECTIONS_PER_FILE = Key.of(
            "connectionsPerFile",
            KeyType.number(1, 64),
            Flow.DEFAULT.connections(),
            "Over how many connections a large file is written at most; more than 1 only where all of them end at one"
                    + " machine.")
            .see("#destinations");

    static final Key<Integer> MAX_BYTES_PER_SECOND = Key.optional(
            "maxBytesPerSecond",
            KeyType.number(SLOWEST, Integer.MAX_VALUE),
            "no limit",
            "Bytes of files that one worker sends to the destination in a second, over all its connections.");

    static final Key<Duration> CONNECT_TIMEOUT = Key.of(
            "connectTimeout",
            KeyType.POSITIVE_DURATION,
            Duration.ofSeconds(15),
            "How long connecting may take, and authentication after it.");

    static final Key<Duration> STALL_TIMEOUT = Key.of(
            "stallTimeout",
            KeyType.POSITIVE_DURATION,
            Duration.ofMinutes(2),
            "How long a connection may answer nothing while an answer is due.")
            .see("#connections-that-stall");

    static final Key<Duration> IDLE_TIMEOUT = Key.of(
            "idleTimeout",
            KeyType.POSITIVE_DURATION,
            Duration.ofSeconds(60),
            "How long an unused connection is kept.");

    static final Key<Charset> CHARSET = Key.of(
            "charset",
            KeyType.text("character set", DestinationKeys::charset),
            StandardCharsets.UTF_8,
            "How the server writes file names; a file whose name it cannot write exactly ends as `BAD_NAME`, and nothing"
                    + " is sent.");

    static final Key<NameFolding> FOLD_NAMES = Key.of(
            "foldNames",
            KeyType.oneOf(NameFolding.class),
            NameFolding.NONE,
            "Which names the server takes for one: those that differ in letter case, in their Unicode form, or in both.")
            .see("#names-that-a-server-takes-for-one");

    static final Key<UnknownOutcome> ON_UNKNOWN_OUTCOME = Key.of(
            "onUnknownOutcome",
            KeyType.oneOf(UnknownOutcome.class),
            UnknownOutcome.HOLD,
            "What follows when nobody can tell whether a file was delivered: `hold` waits for `./waybill resolve`.")
            .see("failures.md");

    static final Key<Duration> EVIDENCE_WINDOW = Key.of(
            "evidenceWindow",
            KeyType.POSITIVE_DURATION,
            Duration.ofHours(12),
            "How long after an upload the absence of its staging file says that it was renamed.")
            .see("exactly-once.md");

    static final Section SECTION = Section.named(
            "destinations",
            "The SFTP servers of partners, by names of your choice.",
            HOST,
            PORT,
            USER,
            PRIVATE_KEY_FILE,
            PASSWORD,
            HOST_KEYS,
            ROOT,
            MAX_CONNECTIONS,
            IN_FLIGHT,
            ORDERING,
            STAGING,
            CHANNELS,
            CONNECTIONS_PER_FILE,
            MAX_BYTES_PER_SECOND,
            CONNECT_TIMEOUT,
            STALL_TIMEOUT,
            IDLE_TIMEOUT,
            CHARSET,
            FOLD_NAMES,
            ON_UNKNOWN_OUTCOME,
            EVIDENCE_WINDOW);

    private DestinationKeys() {}

    static Key<String> staging(Staging.Kind kind) {
        return switch (kind) {
            case DIRECTORY -> STAGING_DIRECTORY;
            case PREFIX -> STAGING_PREFIX;
            case SUFFIX -> STAGING_SUFFIX;
        };
    }

    private static Path readable(String text) {
        Path file = Path.of(text);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IllegalArgumentException("there is no readable file " + file);
        }
        return file;
    }

    private static String root(String text) {
        return text.equals("/") ? text : new RemotePath(text).value();
    }

    private static String namePart(String text) {
        if (text.contains("/") || text.equals(".") || text.equals("..")) {
            throw new IllegalArgumentException("expected part of a file name, was '" + text + "'");
        }
        return text;
    }

    private static Charset charset(String text) {
        Charset charset;
        try {
            charset = Charset.forName(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("there is no character set '" + text + "'", e);
        }
        if (!charset.canEncode() || !Arrays.equals("/".getBytes(charset), SLASH)) {
            throw new IllegalArgumentException("paths cannot be written in the character set '" + text
                    + "': SFTP parts directories by the byte 2F");
        }
        return charset;
    }
}
