package io.waybill.runtime.config;

import io.waybill.domain.DestinationName;
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
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads one entry of {@code destinations}. */
final class DestinationReader {
    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}");

    /** One packet that every server takes, each second. */
    private static final int SLOWEST = 32_768;

    private static final byte[] SLASH = {'/'};

    private DestinationReader() {}

    static DestinationConfig read(DestinationName name, Keys keys) {
        Optional<Path> privateKeyFile = keys.value("privateKeyFile", DestinationReader::readable);
        Optional<Secret> password = keys.secret("password");
        if (!keys.has("privateKeyFile") && !keys.has("password")) {
            keys.problem("privateKeyFile", "is missing: give a privateKeyFile or a password");
        }
        var destination = new DestinationConfig(
                name,
                keys.required("host", Function.identity(), ""),
                keys.number("port", 22, 1, 65_535),
                keys.required("user", Function.identity(), ""),
                privateKeyFile,
                password,
                hostKeys(keys),
                keys.value("root", DestinationReader::root).orElse("/"),
                keys.number("maxConnections", 4, 1, 64),
                keys.number("inFlight", 8, 1, 64),
                fifo(keys),
                staging(keys),
                keys.positive("connectTimeout", Duration.ofSeconds(15)),
                keys.positive("stallTimeout", Duration.ofMinutes(2)),
                keys.positive("idleTimeout", Duration.ofSeconds(60)),
                keys.value("charset", DestinationReader::charset).orElse(StandardCharsets.UTF_8),
                keys.oneOf("onUnknownOutcome", UnknownOutcome.class, UnknownOutcome.HOLD),
                keys.positive("evidenceWindow", Duration.ofHours(12)),
                new Flow(
                        keys.number("channels", Flow.DEFAULT.channels(), 1, 32),
                        keys.number("connectionsPerFile", Flow.DEFAULT.connections(), 1, 64),
                        keys.number("maxBytesPerSecond", SLOWEST, Integer.MAX_VALUE)),
                keys.oneOf("foldNames", NameFolding.class, NameFolding.NONE));
        writable(keys, "root", destination.root(), destination.charset());
        writable(keys, "staging", destination.staging().text(), destination.charset());
        keys.finish();
        return destination;
    }

    private static Path readable(String text) {
        Path file = Path.of(text);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IllegalArgumentException("there is no readable file " + file);
        }
        return file;
    }

    private static List<String> hostKeys(Keys keys) {
        List<String> fingerprints = keys.texts("hostKeys");
        if (fingerprints.isEmpty()) {
            keys.problem("hostKeys", "is missing: give the server's fingerprints as 'ssh-keygen -lf' prints them;"
                    + " there is no trust on first use");
        }
        for (String fingerprint : fingerprints) {
            if (!FINGERPRINT.matcher(fingerprint).matches()) {
                keys.problem("hostKeys", "expected SHA256: and 43 characters of base64, was '" + fingerprint + "'");
            }
        }
        return fingerprints;
    }

    private static String root(String text) {
        return text.equals("/") ? text : new RemotePath(text).value();
    }

    private enum Ordering {
        ANY,
        FIFO
    }

    private static boolean fifo(Keys keys) {
        return keys.oneOf("ordering", Ordering.class, Ordering.ANY) == Ordering.FIFO;
    }

    private static Staging staging(Keys keys) {
        Keys section = keys.section("staging");
        Staging staging = Staging.DEFAULT;
        int given = 0;
        for (Staging.Kind kind : Staging.Kind.values()) {
            Optional<String> text = section.value(kind.name().toLowerCase(Locale.ROOT), DestinationReader::namePart);
            if (text.isPresent()) {
                staging = new Staging(kind, text.get());
                given++;
            }
        }
        if (given > 1) {
            keys.problem("staging", "give one of directory, prefix and suffix, not " + given);
        }
        section.finish();
        return staging;
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

    private static void writable(Keys keys, String key, String text, Charset charset) {
        if (!charset.newEncoder().canEncode(text)) {
            keys.problem(key, "'" + text + "' cannot be written in the destination's charset " + charset.name());
        }
    }
}
