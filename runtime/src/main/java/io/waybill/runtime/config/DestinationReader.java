package io.waybill.runtime.config;

import io.waybill.domain.DestinationName;
import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.runtime.config.DestinationConfig.Staging;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads one entry of {@code destinations}. */
final class DestinationReader {
    private static final Pattern FINGERPRINT = Pattern.compile(DestinationKeys.FINGERPRINT);

    private DestinationReader() {}

    static DestinationConfig read(DestinationName name, SectionReader keys) {
        Optional<Path> privateKeyFile = keys.find(DestinationKeys.PRIVATE_KEY_FILE);
        privateKeyFile.ifPresent(file -> keys.warnIfExposed(DestinationKeys.PRIVATE_KEY_FILE, file));
        Optional<Secret> password = keys.find(DestinationKeys.PASSWORD);
        if (!keys.has(DestinationKeys.PRIVATE_KEY_FILE) && !keys.has(DestinationKeys.PASSWORD)) {
            keys.problem(DestinationKeys.PRIVATE_KEY_FILE, "is missing: give a privateKeyFile or a password");
        }
        var destination = new DestinationConfig(
                name,
                keys.required(DestinationKeys.HOST, ""),
                keys.get(DestinationKeys.PORT),
                keys.required(DestinationKeys.USER, ""),
                privateKeyFile,
                password,
                hostKeys(keys),
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
                keys.get(DestinationKeys.FOLD_NAMES));
        writable(keys, DestinationKeys.ROOT, destination.root(), destination.charset());
        writable(keys, DestinationKeys.STAGING, destination.staging().text(), destination.charset());
        keys.finish();
        return destination;
    }

    private static List<String> hostKeys(SectionReader keys) {
        List<String> fingerprints = keys.list(DestinationKeys.HOST_KEYS);
        if (fingerprints.isEmpty()) {
            keys.problem(DestinationKeys.HOST_KEYS,
                    "is missing: give the server's fingerprints as 'ssh-keygen -lf' prints them;"
                            + " there is no trust on first use");
        }
        for (String fingerprint : fingerprints) {
            if (!FINGERPRINT.matcher(fingerprint).matches()) {
                keys.problem(DestinationKeys.HOST_KEYS,
                        "expected SHA256: and 43 characters of base64, was '" + fingerprint + "'");
            }
        }
        return fingerprints;
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
