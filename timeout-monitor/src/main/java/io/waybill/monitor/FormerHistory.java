package io.waybill.monitor;

import io.waybill.domain.Attempt;
import io.waybill.domain.AttemptFailure;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.Stage;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The failures that a monitor of the previous version noted for files that are still open. The monitor reads and
 * removes them, and adds nothing, because the states now contain the failures. The next version removes this class.
 */
final class FormerHistory {
    private static final byte FORMAT = 1;

    private final KeyValueStore<FileId, byte[]> noted;

    FormerHistory(KeyValueStore<FileId, byte[]> noted) {
        this.noted = noted;
    }

    /**
     * Returns the failures of a file, oldest first. Of several failures in a row, only the time of the last is known.
     */
    List<AttemptFailure> of(FileId id) {
        byte[] bytes = noted.get(id);
        return bytes == null ? List.of() : parse(bytes);
    }

    /** Call this when the monitor can write nothing more about the file. */
    void forget(FileId id) {
        // Read first: most files have no entry, and Kafka Streams writes a deletion even if there is no entry.
        if (noted.get(id) != null) {
            noted.delete(id);
        }
    }

    static List<AttemptFailure> parse(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte format = in.readByte();
            if (format != FORMAT) {
                throw new SerializationException("the store was written in format " + format
                        + ", this version reads " + FORMAT);
            }
            int count = in.readUnsignedByte();
            var all = new ArrayList<AttemptFailure>(count);
            for (int i = 0; i < count; i++) {
                all.add(read(in));
            }
            return all;
        } catch (IOException | IllegalArgumentException e) {
            throw new SerializationException("what set a file back cannot be read", e);
        }
    }

    private static AttemptFailure read(DataInputStream in) throws IOException {
        AttemptFailure.Kind kind = AttemptFailure.Kind.valueOf(in.readUTF());
        Instant at = Instant.ofEpochMilli(in.readLong());
        return new AttemptFailure(
                kind,
                at,
                at,
                Stage.valueOf(in.readUTF()),
                new Attempt(in.readInt(), in.readInt()),
                failure(in.readUTF(), in.readUTF()),
                instant(in.readLong()),
                in.readInt());
    }

    private static @Nullable Failure failure(String kind, String detail) {
        return kind.isEmpty() ? null : new Failure(FailureKind.valueOf(kind), detail);
    }

    private static @Nullable Instant instant(long millis) {
        return millis < 0 ? null : Instant.ofEpochMilli(millis);
    }
}
