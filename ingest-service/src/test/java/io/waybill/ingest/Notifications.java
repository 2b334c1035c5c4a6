package io.waybill.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Notifications as stores send them. */
final class Notifications {
    private Notifications() {}

    static byte[] resource(String name) {
        try (InputStream file = Notifications.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(file, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In AWS's dialect, one object event for each key of bucket "outbound". */
    static byte[] created(String... keys) {
        return created("outbound", List.of(keys));
    }

    /** The same of another bucket. */
    static byte[] created(String bucket, List<String> keys) {
        return keys.stream()
                .map(key -> "{\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":"
                        + "\"" + bucket + "\"},\"object\":{\"key\":\"" + URLEncoder.encode(key, StandardCharsets.UTF_8)
                        + "\"}}}")
                .collect(Collectors.joining(",", "{\"Records\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }
}
