package io.waybill.runtime.config;

import io.waybill.domain.NameFolding;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Texts;
import io.waybill.domain.schedule.ClosedDays;
import io.waybill.domain.schedule.Days;
import io.waybill.domain.schedule.OpeningWindow;
import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.runtime.config.DestinationConfig.Security;
import io.waybill.runtime.config.DestinationConfig.Staging;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The keys of {@code destinations}. */
final class DestinationKeys {
    /** A fingerprint as OpenSSH prints it. */
    static final String FINGERPRINT = "SHA256:[A-Za-z0-9+/]{43}";

    /** The types of host keys that OpenSSH makes, except DSA. */
    static final String HOST_KEY_TYPE = "ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)";

    /** One packet per second, of a size that every server takes. */
    private static final int SLOWEST = 32_768;

    private static final byte[] SLASH = {'/'};

    /** A name, an address, or an IPv6 address with brackets or without. Names may have letters that are not ASCII. */
    private static final Pattern HOST_ALONE =
            Pattern.compile(
                    "[^/:@\\s\\[\\]]+|(?:[0-9A-Fa-f]*:){2,}[0-9A-Fa-f.:]*(?:%\\w+)?|\\[[0-9A-Fa-f:.]+(?:%\\w+)?]");

    private static final Pattern TRAILING_SLASHES = Pattern.compile("/+$");
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:(?:/[^\\\\]*)?");

    static final Key<String> HOST = Key.required(
            "host", KeyType.text("name or address", DestinationKeys::host), "The server's name or address.");

    static final Key<Integer> PORT = Key.of("port", KeyType.number(1, 65_535), 22, "The server's port.");

    static final Key<String> USER = Key.required("user", KeyType.TEXT, "Waybill logs in with this name.");

    static final Key<Path> PRIVATE_KEY_FILE = Key.optional(
            "privateKeyFile",
            KeyType.text("path", DestinationKeys::readable),
            "",
            "The file of an OpenSSH, PEM or PuTTY private key; this key or `password` is required, and a server may ask"
                    + " for both.")
            .see("sftp-servers.md#logging-in");

    static final Key<Secret> PASSPHRASE =
            Key.optional("passphrase", KeyType.SECRET, "", "The passphrase of the private key, if it is encrypted.");

    static final Key<Path> CERTIFICATE_FILE = Key.optional(
            "certificateFile",
            KeyType.text("path", DestinationKeys::readable),
            "",
            "The file of an OpenSSH certificate of the private key, as `ssh-keygen -s` writes it.");

    static final Key<Secret> PASSWORD = Key.optional(
            "password",
            KeyType.SECRET,
            "",
            "The password, also for servers that only offer keyboard-interactive; this key or `privateKeyFile` is"
                    + " required.");

    static final Key<List<String>> HOST_KEYS = Key.required(
            "hostKeys",
            KeyType.list("list of texts", FINGERPRINT + "|(?:" + HOST_KEY_TYPE + ") +AAAA"),
            "The server's keys: fingerprints `SHA256:…`, whole lines of `ssh-keygen -lf`, public keys `ssh-ed25519 AAAA…`"
                    + " or lines of known_hosts; Waybill never trusts an unknown server.")
            .see("sftp-servers.md#host-keys");

    static final Key<List<String>> ALLOW = Key.optional(
            "allow",
            KeyType.list("list of names", "^(?:" + String.join("|", Security.WEAK) + ")$"),
            "none",
            "Weak algorithms that this destination may use if its server has no better ones; `check` and `probe` show"
                    + " them as weak.")
            .see("sftp-servers.md#algorithms");

    static final Section ALGORITHMS =
            Section.fixed("algorithms", "The algorithms of the connection; the modern ones need no key.", ALLOW);

    static final Key<String> ROOT = Key.of(
            "root",
            KeyType.text("path", DestinationKeys::root, "^[^\\\\]+$"),
            "/",
            "The directory on the server that contains all paths of the destination; `~` is the one in which the login"
                    + " begins, and `inbox` or `~/inbox` is below that.");

    static final Key<Integer> MAX_CONNECTIONS = Key.of(
            "maxConnections",
            KeyType.number(1, 64),
            4,
            "All workers together open at most this number of connections at one time.")
            .see("#destinations");

    static final Key<Integer> IN_FLIGHT = Key.of(
            "inFlight",
            KeyType.number(1, 64),
            8,
            "A worker sends at most this number of files at one time over one connection.")
            .see("#destinations");

    /** The order in which a worker sends files. */
    enum Ordering {
        ANY,
        FIFO
    }

    static final Key<Ordering> ORDERING = Key.of(
            "ordering",
            KeyType.oneOf(Ordering.class),
            Ordering.ANY,
            "With `fifo` the worker sends one file at a time over one connection, in the order in which the files"
                    + " arrived.");

    private static final KeyType<String> NAME_PART =
            KeyType.text("part of a name", DestinationKeys::namePart, "^[^/]+$");

    private static final Key<String> STAGING_DIRECTORY = Key.optional(
            "directory",
            NAME_PART,
            "`" + Staging.DEFAULT.text() + "`",
            "Until a file is whole, the worker keeps it in this directory beside its final name.");

    private static final Key<String> STAGING_PREFIX =
            Key.optional("prefix", NAME_PART, "", "Until a file is whole, its name begins with this text.");

    private static final Key<String> STAGING_SUFFIX =
            Key.optional("suffix", NAME_PART, "", "Until a file is whole, its name ends with this text.");

    static final Section STAGING = Section.fixed(
            "staging",
            "The name of a file until it is whole; set at most one of these three keys.",
            STAGING_DIRECTORY,
            STAGING_PREFIX,
            STAGING_SUFFIX);

    static final Key<Integer> CHANNELS = Key.of(
            "channels",
            KeyType.number(1, 32),
            Flow.DEFAULT.channels(),
            "The worker writes a large file over at most this number of channels of one connection; set `1` if the"
                    + " server needs the bytes in order.")
            .see("#destinations");

    static final Key<Integer> CONNECTIONS_PER_FILE = Key.of(
            "connectionsPerFile",
            KeyType.number(1, 64),
            Flow.DEFAULT.connections(),
            "The worker writes a large file over at most this number of connections; set more than 1 only if all"
                    + " connections end at one machine.")
            .see("#destinations");

    static final Key<Integer> MAX_BYTES_PER_SECOND = Key.optional(
            "maxBytesPerSecond",
            KeyType.number(SLOWEST, Integer.MAX_VALUE),
            "no limit",
            "One worker sends at most this number of bytes of files per second to the destination, over all its"
                    + " connections.");

    static final Key<Duration> CONNECT_TIMEOUT = Key.of(
            "connectTimeout",
            KeyType.POSITIVE_DURATION,
            Duration.ofSeconds(15),
            "Connecting may take at most this long, and authentication may then take this long again.");

    static final Key<Duration> STALL_TIMEOUT = Key.of(
            "stallTimeout",
            KeyType.POSITIVE_DURATION,
            Duration.ofMinutes(2),
            "Waybill closes a connection that answers nothing for this long while an answer is due.")
            .see("#connections-that-stall");

    static final Key<Duration> IDLE_TIMEOUT = Key.of(
            "idleTimeout",
            KeyType.POSITIVE_DURATION,
            Duration.ofSeconds(60),
            "A worker closes a connection that is unused for longer than this.");

    static final Key<Charset> CHARSET = Key.of(
            "charset",
            KeyType.text("character set", DestinationKeys::charset),
            StandardCharsets.UTF_8,
            "The server writes file names in this character set; a file whose name it cannot write exactly ends as"
                    + " `BAD_NAME`, and the worker sends nothing.");

    static final Key<NameFolding> FOLD_NAMES = Key.of(
            "foldNames",
            KeyType.oneOf(NameFolding.class),
            NameFolding.NONE,
            "Which names the server treats as one: names that differ in letter case, in their Unicode form, or in"
                    + " both.")
            .see("#names-that-a-server-takes-for-one");

    static final Key<UnknownOutcome> ON_UNKNOWN_OUTCOME = Key.of(
            "onUnknownOutcome",
            KeyType.oneOf(UnknownOutcome.class),
            UnknownOutcome.HOLD,
            "What Waybill does if it cannot decide whether a file was delivered; with `hold` the file waits for"
                    + " `./waybill resolve`.")
            .see("failures.md");

    static final Key<Duration> EVIDENCE_WINDOW = Key.of(
            "evidenceWindow",
            KeyType.POSITIVE_DURATION,
            Duration.ofHours(12),
            "For this long after an upload, a missing staging file counts as evidence that it was renamed.")
            .see("exactly-once.md");

    static final Key<List<String>> WINDOWS = Key.optional(
            "windows",
            KeyType.list("list of texts", OpeningWindow.PATTERN),
            "always",
            "The hours in which files may start, such as `Mon-Fri 08:00-18:00 Europe/Berlin`; files that have started"
                    + " end.")
            .see("#windows");

    static final Key<List<String>> BLACKOUT = Key.optional(
            "blackout",
            KeyType.list("list of names", "^.+$"),
            "none",
            "The names of `calendars` on whose days no file may start.")
            .see("#windows");

    static final Section SECTION = Section.named(
            "destinations",
            "The SFTP servers of partners; you choose the name of each.",
            HOST,
            PORT,
            USER,
            PRIVATE_KEY_FILE,
            PASSPHRASE,
            CERTIFICATE_FILE,
            PASSWORD,
            HOST_KEYS,
            ALGORITHMS,
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
            EVIDENCE_WINDOW,
            WINDOWS,
            BLACKOUT);

    static final Key<ZoneId> CALENDAR_ZONE = Key.required(
            "zone",
            KeyType.text("time zone", ClosedDays::zone, "^(UTC|.+/.+)$"),
            "The time zone whose midnights part the days, such as `Europe/Berlin`.");

    static final Key<List<String>> CALENDAR_DATES = Key.optional(
            "dates",
            KeyType.list("list of dates", Days.PATTERN),
            "none",
            "Days `2026-12-24`, ranges `2026-12-24/2026-12-26` with both ends, and days of each year `--12-25`.");

    static final Key<Path> CALENDAR_FILE = Key.optional(
            "file",
            KeyType.text("path", DestinationKeys::readable),
            "none",
            "An iCalendar file (`.ics`) of all-day events; it is read at the start.")
            .see("#windows");

    static final Section CALENDARS = Section.named(
            "calendars",
            "Days on which nothing starts; you choose the name of each, and the key blackout of a destination names it.",
            CALENDAR_ZONE,
            CALENDAR_DATES,
            CALENDAR_FILE);

    private DestinationKeys() {}

    /** What people copy here is an address for a client: {@code sftp://user@host:22/inbox}. */
    private static String host(String text) {
        if (!HOST_ALONE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "expected a name or an address alone, such as sftp.partner.example; port,"
                            + " user and root have keys of their own; was '" + Texts.masked(text) + "'");
        }
        return text;
    }

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
        String path = text.length() > 1 ? TRAILING_SLASHES.matcher(text).replaceFirst("") : text;
        if (path.isEmpty() || path.equals("/")) {
            return "/";
        }
        if (path.equals("~") || path.equals(".")) {
            return "~";
        }
        if (DRIVE.matcher(path).matches()) {
            // OpenSSH for Windows writes drives so.
            return new RemotePath("/" + path).value();
        }
        if (path.contains("\\")) {
            throw new IllegalArgumentException(
                    "expected a path with slashes, such as C:/inbox, as SFTP writes it, was '" + text + "'");
        }
        if (path.startsWith("/")) {
            return new RemotePath(path).value();
        }
        String below = path.startsWith("~/") || path.startsWith("./") ? path.substring(2) : path;
        if (below.startsWith("~")) {
            throw new IllegalArgumentException(
                    "expected '~' or '~/…': SFTP knows the home directory of no other user, was '" + text + "'");
        }
        return "~" + new RemotePath("/" + below).value();
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
