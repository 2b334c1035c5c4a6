package io.waybill.monitor;

import io.waybill.domain.Deadline;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.FileId;
import io.waybill.runtime.streams.DueKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * What the monitor knows of one file.
 *
 * @param version  of the newest state seen: an older or the same one is a replay
 * @param alarm    the deadline it waits for; null when there is none
 * @param givenUp  whether the file was given up once, and so a dead letter written for it: such a file is remembered
 *                 until it leaves the table, so that a replay writes no second letter
 */
record Watched(long version, @Nullable Alarm alarm, boolean givenUp) {
    /** How long the monitor waits at most before it says a deadline again. */
    static final Duration LONGEST_PAUSE = Duration.ofHours(6);

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final byte FORMAT = 1;
    private static final byte NO_ALARM = 0;

    /**
     * A deadline and its place in the index.
     *
     * @param dueMillis when it is said next, milliseconds since the epoch
     * @param said      how often it was said
     */
    record Alarm(DeadlineKind kind, long dueMillis, int said) {
        static Alarm of(Deadline deadline) {
            return new Alarm(deadline.kind(), Math.max(0, deadline.at().toEpochMilli()), 0);
        }

        DueKey key(FileId id) {
            return new DueKey(dueMillis, id);
        }

        /** The alarm after it was said. */
        Alarm again(long nowMillis) {
            // Nine doublings of a minute are more than the longest pause; more of them would overflow.
            Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(said, 9));
            Duration shorter = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
            return new Alarm(kind, nowMillis + shorter.toMillis(), said + 1);
        }
    }

    Watched withAlarm(Alarm next) {
        return new Watched(version, next, givenUp);
    }

    static Serde<Watched> serde() {
        return Serdes.serdeFrom(
                (topic, watched) -> watched == null ? null : watched.bytes(),
                (topic, bytes) -> bytes == null ? null : parse(bytes));
    }

    private byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(24).put(FORMAT).putLong(version).put((byte) (givenUp ? 1 : 0));
        if (alarm == null) {
            bytes.put(NO_ALARM);
        } else {
            bytes.put(number(alarm.kind())).putLong(alarm.dueMillis()).putInt(alarm.said());
        }
        var exact = new byte[bytes.position()];
        bytes.flip().get(exact);
        return exact;
    }

    private static Watched parse(byte[] array) {
        ByteBuffer bytes = ByteBuffer.wrap(array);
        byte format = bytes.get();
        if (format != FORMAT) {
            throw new SerializationException("the store was written in format " + format + ", this version reads "
                    + FORMAT);
        }
        long version = bytes.getLong();
        boolean givenUp = bytes.get() != 0;
        byte kind = bytes.get();
        Alarm alarm = kind == NO_ALARM ? null : new Alarm(kind(kind), bytes.getLong(), bytes.getInt());
        return new Watched(version, alarm, givenUp);
    }

    /** Numbers of their own: those of the enum would change when a kind is added between others. */
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
