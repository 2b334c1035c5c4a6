package io.waybill.runtime.wire;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Origin;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * The parts that several records share. They are found by field name, because generated classes of records with the
 * same fields have no common type.
 */
final class Parts {
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Parts() {}

    /** Symbols have the same names on both sides. So a kind is added in one place, and its test finds the other. */
    static <E extends Enum<E>> E symbol(Class<E> type, @Nullable Enum<?> symbol) {
        String name = there("a symbol of " + type.getSimpleName(), symbol).name();
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "this version does not know " + type.getSimpleName() + " " + name + "; a newer one wrote it", e);
        }
    }

    static io.waybill.avro.DestinationClass letter(DestinationClass destinationClass) {
        return io.waybill.avro.DestinationClass.valueOf(destinationClass.letter());
    }

    static DestinationClass destinationClass(io.waybill.avro.@Nullable DestinationClass letter) {
        return switch (there("a symbol of DestinationClass", letter)) {
            case A -> DestinationClass.ATOMIC_DURABLE;
            case B -> DestinationClass.ATOMIC;
            case C -> DestinationClass.NON_ATOMIC;
            case D -> DestinationClass.DIRECT;
            case UNKNOWN ->
                throw new IllegalArgumentException(
                        "this version does not know DestinationClass UNKNOWN; a newer one wrote it");
        };
    }

    static <T> T there(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is null, which it must not be in a record of this type");
        }
        return value;
    }

    /** The wire has milliseconds. Cutting here makes a value equal to the value that is read back. */
    static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }

    /** An instant that still fits when others are counted from it. The ends of the range are no real clock. */
    static Instant time(String field, @Nullable Instant instant) {
        Instant time = there(field, instant);
        if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
            throw new IllegalArgumentException(field + " must lie between 1970 and 9999, but was: " + time);
        }
        return time;
    }

    static void write(SourceObject source, SpecificRecordBase wire) {
        put(wire, "bucket", source.bucket());
        put(wire, "key", source.key());
        put(wire, "versionId", source.versionId());
        put(wire, "etag", source.etag());
        put(wire, "size", source.size());
        put(wire, "lastModified", millis(source.lastModified()));
        @Nullable Origin origin = source.origin();
        if (origin != null) {
            put(wire, "originKind", origin.kind());
            put(wire, "originSource", origin.source());
            put(wire, "originIdentity", origin.identity());
            put(wire, "originUser", origin.user());
        }
    }

    static SourceObject source(SpecificRecordBase wire) {
        return new SourceObject(
                get(wire, "bucket", String.class),
                get(wire, "key", String.class),
                find(wire, "versionId", String.class),
                get(wire, "etag", String.class),
                get(wire, "size", Long.class),
                get(wire, "lastModified", Instant.class),
                origin(wire));
    }

    private static @Nullable Origin origin(SpecificRecordBase wire) {
        String kind = find(wire, "originKind", String.class);
        return kind == null
                ? null
                : new Origin(
                        kind,
                        get(wire, "originSource", String.class),
                        get(wire, "originIdentity", String.class),
                        find(wire, "originUser", String.class));
    }

    static void write(@Nullable Target target, SpecificRecordBase wire) {
        if (target != null) {
            put(wire, "destination", target.destination().value());
            put(wire, "path", target.path().value());
        }
    }

    static @Nullable Target target(SpecificRecordBase wire) {
        String destination = find(wire, "destination", String.class);
        String path = find(wire, "path", String.class);
        return destination == null || path == null
                ? null
                : new Target(new DestinationName(destination), new RemotePath(path));
    }

    static void write(@Nullable Receipt receipt, SpecificRecordBase wire) {
        if (receipt != null) {
            put(wire, "deliveredPath", receipt.path().value());
            put(wire, "deliveredBytes", receipt.bytes());
            put(wire, "sha256", receipt.sha256());
            put(wire, "proof", symbol(io.waybill.avro.Proof.class, receipt.proof()));
            put(wire, "destinationClass", letter(receipt.destinationClass()));
            put(wire, "durationMillis", receipt.duration().toMillis());
        }
    }

    static @Nullable Receipt receipt(SpecificRecordBase wire) {
        String path = find(wire, "deliveredPath", String.class);
        return path == null
                ? null
                : new Receipt(
                        new RemotePath(path),
                        get(wire, "deliveredBytes", Long.class),
                        get(wire, "sha256", String.class),
                        symbol(Proof.class, get(wire, "proof", io.waybill.avro.Proof.class)),
                        destinationClass(get(wire, "destinationClass", io.waybill.avro.DestinationClass.class)),
                        Duration.ofMillis(get(wire, "durationMillis", Long.class)));
    }

    private static void put(SpecificRecordBase wire, String field, @Nullable Object value) {
        wire.put(wire.getSchema().getField(field).pos(), value);
    }

    private static <T> T get(SpecificRecordBase wire, String field, Class<T> type) {
        return there(field, find(wire, field, type));
    }

    private static <T> @Nullable T find(SpecificRecordBase wire, String field, Class<T> type) {
        return type.cast(wire.get(wire.getSchema().getField(field).pos()));
    }
}
