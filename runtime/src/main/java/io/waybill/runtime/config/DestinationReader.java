package io.waybill.runtime.config;

import io.waybill.domain.DestinationName;
import io.waybill.domain.schedule.CalendarFile;
import io.waybill.domain.schedule.ClosedDays;
import io.waybill.domain.schedule.Days;
import io.waybill.domain.schedule.OpeningWindow;
import io.waybill.domain.schedule.Schedule;
import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.runtime.config.DestinationConfig.Security;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.text.Suggestion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code destinations}. */
final class DestinationReader {
    /** In bytes. The calendar of a company for a century is smaller. */
    private static final long LARGEST_CALENDAR = 4 << 20;

    private DestinationReader() {}

    static DestinationConfig read(DestinationName name, SectionReader keys, Map<String, ClosedDays> calendars) {
        Optional<Path> privateKeyFile = keys.find(DestinationKeys.PRIVATE_KEY_FILE);
        privateKeyFile.ifPresent(file -> keys.warnIfExposed(DestinationKeys.PRIVATE_KEY_FILE, file));
        Optional<Secret> password = keys.find(DestinationKeys.PASSWORD);
        if (!keys.has(DestinationKeys.PRIVATE_KEY_FILE) && !keys.has(DestinationKeys.PASSWORD)) {
            keys.problem(DestinationKeys.PRIVATE_KEY_FILE, "is missing: give a privateKeyFile or a password");
        }
        List<HostKey> hostKeys = hostKeys(keys);
        var destination = new DestinationConfig(
                name,
                keys.required(DestinationKeys.HOST, ""),
                keys.get(DestinationKeys.PORT),
                keys.required(DestinationKeys.USER, ""),
                privateKeyFile,
                password,
                hostKeys.stream().map(HostKey::fingerprint).toList(),
                keys.get(DestinationKeys.ROOT),
                keys.get(DestinationKeys.MAX_CONNECTIONS),
                keys.get(DestinationKeys.IN_FLIGHT),
                keys.get(DestinationKeys.ORDERING) == DestinationKeys.Ordering.FIFO,
                staging(keys),
                keys.get(DestinationKeys.CONNECT_TIMEOUT),
                keys.get(DestinationKeys.STALL_TIMEOUT),
                keys.get(DestinationKeys.IDLE_TIMEOUT),
                keys.get(DestinationKeys.CHARSET),
                keys.get(DestinationKeys.ON_UNKNOWN_OUTCOME),
                keys.get(DestinationKeys.EVIDENCE_WINDOW),
                new Flow(
                        keys.get(DestinationKeys.CHANNELS),
                        keys.get(DestinationKeys.CONNECTIONS_PER_FILE),
                        keys.find(DestinationKeys.MAX_BYTES_PER_SECOND).map(OptionalInt::of)
                                .orElseGet(OptionalInt::empty)),
                keys.get(DestinationKeys.FOLD_NAMES),
                security(keys, hostKeys.stream()
                        .flatMap(key -> key.type().stream())
                        .collect(Collectors.toUnmodifiableSet())),
                schedule(keys, calendars));
        writable(keys, DestinationKeys.ROOT, destination.root(), destination.charset());
        writable(keys, DestinationKeys.STAGING, destination.staging().text(), destination.charset());
        keys.finish();
        return destination;
    }

    private static List<HostKey> hostKeys(SectionReader keys) {
        List<String> texts = keys.list(DestinationKeys.HOST_KEYS);
        if (texts.isEmpty()) {
            keys.problem(DestinationKeys.HOST_KEYS,
                    "is missing: give the server's fingerprints as 'ssh-keygen -lf' prints them;"
                            + " there is no trust on first use");
        }
        var found = new ArrayList<HostKey>();
        for (String text : texts) {
            try {
                found.add(HostKey.parse(text));
            } catch (IllegalArgumentException e) {
                keys.problem(DestinationKeys.HOST_KEYS, String.valueOf(e.getMessage()));
            }
        }
        return found;
    }

    /**
     * A key of a server.
     *
     * @param type the name in SSH, if the text tells it
     */
    private record HostKey(String fingerprint, Optional<String> type) {
        /** A fingerprint alone, or a line of {@code ssh-keygen -l}: bits, fingerprint, comment and kind. */
        private static final Pattern FINGERPRINT =
                Pattern.compile("(?:(\\d+) +)?(" + DestinationKeys.FINGERPRINT + ")=?(?: .*?)?(?: \\((\\w+)\\))?");

        /** A public key, or a line of {@code known_hosts}, which has names before that. */
        private static final Pattern PUBLIC_KEY =
                Pattern.compile(
                        "(?:[^ @]\\S* +)?(" + DestinationKeys.HOST_KEY_TYPE + ") +([A-Za-z0-9+/]+={0,2})(?: .*)?");

        private static final Pattern MD5 =
                Pattern.compile("(?:\\d+ +)?(?:MD5:)?[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){15}\\b.*|MD5:.*");

        static HostKey parse(String text) {
            String line = text.strip().replaceAll("\\s+", " ");
            Matcher fingerprint = FINGERPRINT.matcher(line);
            if (fingerprint.matches()) {
                return new HostKey(fingerprint.group(2), typeOf(fingerprint.group(3), fingerprint.group(1)));
            }
            Matcher key = PUBLIC_KEY.matcher(line);
            if (key.matches()) {
                return new HostKey(fingerprint(key.group(1), key.group(2)), Optional.of(key.group(1)));
            }
            if (MD5.matcher(line).matches()) {
                throw new IllegalArgumentException(
                        "MD5 is too weak to know a server by; 'ssh-keyscan HOST | ssh-keygen -lf -'"
                                + " prints the SHA256 fingerprints, for the partner to confirm; was '" + text + "'");
            }
            throw new IllegalArgumentException(
                    "expected SHA256: and 43 characters of base64, a line of 'ssh-keygen -lf',"
                            + " a public key such as 'ssh-ed25519 AAAA…' or a line of known_hosts, was '" + text + "'");
        }

        /** The kind as {@code ssh-keygen} prints it, such as ED25519. */
        private static Optional<String> typeOf(@Nullable String kind, @Nullable String bits) {
            return switch (kind) {
                case "ED25519" -> Optional.of("ssh-ed25519");
                case "RSA" -> Optional.of("ssh-rsa");
                case "ECDSA" -> Optional.ofNullable(bits).map(size -> "ecdsa-sha2-nistp" + size);
                case null, default -> Optional.empty();
            };
        }

        private static String fingerprint(String type, String base64) {
            try {
                byte[] key = Base64.getDecoder().decode(base64);
                byte[] name = type.getBytes(StandardCharsets.US_ASCII);
                // The key begins with its type (RFC 4253, section 6.6).
                boolean right = key.length > Integer.BYTES + name.length
                        && ByteBuffer.wrap(key).getInt() == name.length
                        && Arrays.equals(key, Integer.BYTES, Integer.BYTES + name.length, name, 0, name.length);
                if (right) {
                    byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
                    return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("the public key is no base64: '" + base64 + "'", e);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform must offer SHA-256", e);
            }
            throw new IllegalArgumentException("the public key is cut, or is no " + type + ": '" + base64 + "'");
        }
    }

    private static Security security(SectionReader keys, Set<String> hostKeyTypes) {
        if (keys.has(DestinationKeys.CERTIFICATE_FILE) && !keys.has(DestinationKeys.PRIVATE_KEY_FILE)) {
            keys.problem(DestinationKeys.CERTIFICATE_FILE, "belongs to a private key: give its privateKeyFile");
        }
        SectionReader algorithms = keys.section(DestinationKeys.ALGORITHMS);
        List<String> allowed = algorithms.list(DestinationKeys.ALLOW);
        for (String name : allowed) {
            if (!Security.WEAK.contains(name)) {
                algorithms.problem(DestinationKeys.ALLOW, "expected one of " + Security.WEAK + ", was '" + name + "'"
                        + Suggestion.of(name, Security.WEAK));
            }
        }
        algorithms.finish();
        return new Security(
                keys.find(DestinationKeys.PASSPHRASE),
                keys.find(DestinationKeys.CERTIFICATE_FILE),
                hostKeyTypes,
                Set.copyOf(allowed));
    }

    /** Reads all calendars. One that is wrong is there with the days that could be read. */
    static Map<String, ClosedDays> calendars(SectionReader keys) {
        var calendars = new LinkedHashMap<String, ClosedDays>();
        keys.named(DestinationKeys.CALENDARS).forEach((name, section) -> calendars.put(name, calendar(name, section)));
        return calendars;
    }

    private static ClosedDays calendar(String name, SectionReader keys) {
        var parts = new ArrayList<Days>();
        for (String text : keys.list(DestinationKeys.CALENDAR_DATES)) {
            parsed(keys, DestinationKeys.CALENDAR_DATES, text, Days::parse).ifPresent(parts::add);
        }
        keys.find(DestinationKeys.CALENDAR_FILE)
                .flatMap(file -> parsed(keys, DestinationKeys.CALENDAR_FILE, file, DestinationReader::days))
                .ifPresent(parts::add);
        ZoneId zone = keys.required(DestinationKeys.CALENDAR_ZONE, ZoneOffset.UTC);
        if (!keys.has(DestinationKeys.CALENDAR_DATES) && !keys.has(DestinationKeys.CALENDAR_FILE)) {
            keys.problem(DestinationKeys.CALENDAR_DATES, "is missing: give dates or a file");
        }
        keys.finish();
        return new ClosedDays(name, zone, Days.of(parts));
    }

    private static Days days(Path file) {
        try {
            if (Files.size(file) > LARGEST_CALENDAR) {
                throw new IllegalArgumentException(file + " has more than " + LARGEST_CALENDAR + " bytes");
            }
            return CalendarFile.parse(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read as UTF-8: " + e, e);
        }
    }

    private static <F, T> Optional<T> parsed(SectionReader keys, Key<?> key, F given, Function<F, T> parser) {
        try {
            return Optional.of(parser.apply(given));
        } catch (IllegalArgumentException e) {
            keys.problem(key, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static Schedule schedule(SectionReader keys, Map<String, ClosedDays> calendars) {
        var windows = new ArrayList<OpeningWindow>();
        for (String text : keys.list(DestinationKeys.WINDOWS)) {
            parsed(keys, DestinationKeys.WINDOWS, text, OpeningWindow::parse).ifPresent(windows::add);
        }
        var blackouts = new ArrayList<ClosedDays>();
        for (String name : keys.list(DestinationKeys.BLACKOUT)) {
            ClosedDays days = calendars.get(name);
            if (days == null) {
                keys.problem(DestinationKeys.BLACKOUT,
                        "there is no calendar '" + name + "' among 'calendars'"
                                + Suggestion.of(name, calendars.keySet()));
            } else {
                blackouts.add(days);
            }
        }
        return new Schedule(windows, blackouts);
    }

    private static Staging staging(SectionReader keys) {
        SectionReader section = keys.section(DestinationKeys.STAGING);
        Staging staging = Staging.DEFAULT;
        int given = 0;
        for (Staging.Kind kind : Staging.Kind.values()) {
            Optional<String> text = section.find(DestinationKeys.staging(kind));
            if (text.isPresent()) {
                staging = new Staging(kind, text.get());
                given++;
            }
        }
        if (given > 1) {
            keys.problem(DestinationKeys.STAGING, "give one of directory, prefix and suffix, not " + given);
        }
        section.finish();
        return staging;
    }

    private static void writable(SectionReader keys, SectionEntry key, String text, Charset charset) {
        if (!charset.newEncoder().canEncode(text)) {
            keys.problem(key, "'" + text + "' cannot be written in the destination's charset " + charset.name());
        }
    }
}
