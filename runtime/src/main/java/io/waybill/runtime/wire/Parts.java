package io.waybill.runtime.wire;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The pieces that several records share. */
final class Parts {
    private Parts() {}

    /** Symbols are named alike on both sides, so that a kind is added in one place and its test finds the other. */
    static <E extends Enum<E>> E symbol(Class<E> type, @Nullable Enum<?> symbol) {
        String name = there("a symbol of " + type.getSimpleName(), symbol).name();
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "this version does not know " + type.getSimpleName() + " " + name + "; a newer one wrote it", e);
        }
    }

    static <T> T there(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is null, which it must not be in a record of this type");
        }
        return value;
    }

    /** The wire knows milliseconds; cutting here makes a value equal to what is read back. */
    static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }

    static SourceObject source(
            String bucket, String key, @Nullable String versionId, String etag, long size, Instant lastModified) {
        return new SourceObject(bucket, key, versionId, etag, size, lastModified);
    }

    static @Nullable Target target(@Nullable String destination, @Nullable String path) {
        return destination == null || path == null
                ? null
                : new Target(new DestinationName(destination), new RemotePath(path));
    }

    static Receipt receipt(
            @Nullable String path,
            @Nullable Long bytes,
            @Nullable String sha256,
            @Nullable Enum<?> proof,
            @Nullable Enum<?> destinationClass,
            @Nullable Long durationMillis) {
        return new Receipt(
                new RemotePath(there("path", path)),
                there("deliveredBytes", bytes),
                there("sha256", sha256),
                symbol(Proof.class, proof),
                symbol(DestinationClass.class, destinationClass),
                Duration.ofMillis(there("durationMillis", durationMillis)));
    }
}
