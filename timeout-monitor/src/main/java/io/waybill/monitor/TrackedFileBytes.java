package io.waybill.monitor;

import io.waybill.domain.DeadlineKind;
import io.waybill.domain.RouteName;
import io.waybill.domain.Window;
import io.waybill.monitor.TrackedFile.Basis;
import io.waybill.monitor.TrackedFile.ScheduledDeadline;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link TrackedFile} in few bytes, because there is one for every open file. After a roll back the previous
 * version reads them, too.
 */
final class TrackedFileBytes {
    /** The format of entries that do not say since when a file waits. */
    private static final byte WITHOUT_BASIS = 1;

    private static final byte FORMAT = 2;
    private static final byte NO_DEADLINE = 0;
    private static final int CLAIMED = 1;
    private static final int DUE = 2;
    private static final int HEARD = 4;
    /** The version before ignores this flag. */
    private static final int IMPORTING = 8;
    private static final int LARGEST_HEAD = 64;

    private TrackedFileBytes() {}

    static byte[] of(TrackedFile file) {
        Basis basis = file.basis();
        byte[] route = basis == null ? new byte[0] : basis.route().value().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(LARGEST_HEAD + route.length)
                .put(FORMAT)
                .putLong(file.version())
                .put((byte) (file.givenUp() ? 1 : 0));
        ScheduledDeadline deadline = file.deadline();
        if (deadline == null) {
            bytes.put(NO_DEADLINE);
        } else {
            bytes.put(number(deadline.kind())).putLong(deadline.dueMillis()).putInt(deadline.said());
        }
        if (basis != null) {
            write(basis.window(), basis.importing(), bytes);
            bytes.put(route);
        }
        var exact = new byte[bytes.position()];
        bytes.flip().get(exact);
        return exact;
    }

    private static void write(Window window, boolean importing, ByteBuffer bytes) {
        bytes.put((byte) ((window.claimed() ? CLAIMED : 0)
                | (window.due() == null ? 0 : DUE)
                | (window.heard() == null ? 0 : HEARD)
                | (importing ? IMPORTING : 0)));
        bytes.putLong(window.since().toEpochMilli());
        if (window.due() != null) {
            bytes.putLong(window.due().toEpochMilli());
        }
        if (window.heard() != null) {
            bytes.putLong(window.heard().toEpochMilli());
        }
    }

    static TrackedFile parse(byte[] array) {
        ByteBuffer bytes = ByteBuffer.wrap(array);
        byte format = bytes.get();
        if (format != FORMAT && format != WITHOUT_BASIS) {
            throw new SerializationException("the store was written in format " + format + ", this version reads "
                    + FORMAT);
        }
        long version = bytes.getLong();
        boolean givenUp = bytes.get() != 0;
        byte kind = bytes.get();
        ScheduledDeadline deadline =
                kind == NO_DEADLINE ? null : new ScheduledDeadline(kind(kind), bytes.getLong(), bytes.getInt());
        return new TrackedFile(version, deadline, givenUp, bytes.hasRemaining() ? basis(bytes) : null);
    }

    private static Basis basis(ByteBuffer bytes) {
        int flags = bytes.get();
        Instant since = instant(bytes);
        @Nullable Instant due = (flags & DUE) == 0 ? null : instant(bytes);
        @Nullable Instant heard = (flags & HEARD) == 0 ? null : instant(bytes);
        var route = new byte[bytes.remaining()];
        bytes.get(route);
        return new Basis(
                new RouteName(new String(route, StandardCharsets.UTF_8)),
                new Window((flags & CLAIMED) != 0, since, due, heard),
                (flags & IMPORTING) != 0);
    }

    private static Instant instant(ByteBuffer bytes) {
        return Instant.ofEpochMilli(bytes.getLong());
    }

    /** These numbers do not follow the enum, whose numbers would change if somebody added a kind between others. */
    private static byte number(DeadlineKind kind) {
        return switch (kind) {
            case RETRY_DUE -> 1;
            case UNCLAIMED -> 2;
            case UNFINISHED -> 3;
        };
    }

    private static DeadlineKind kind(byte number) {
        return switch (number) {
            case 1 -> DeadlineKind.RETRY_DUE;
            case 2 -> DeadlineKind.UNCLAIMED;
            case 3 -> DeadlineKind.UNFINISHED;
            default -> throw new SerializationException("no kind of deadline has the number " + number);
        };
    }
}
