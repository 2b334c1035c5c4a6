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
 * What the monitor of the version before noted of files that are still open. It is read and removed, and nothing is added:
 * the states tell it themselves now. Goes with the version that follows.
 */
final class FormerHistory {
    private static final byte FORMAT = 1;

    private final KeyValueStore<FileId, byte[]> noted;

    FormerHistory(KeyValueStore<FileId, byte[]> noted) {
        this.noted = noted;
    }

    /** What kept a file from its end, oldest first; of several in a row, only the time of the last is known. */
    List<AttemptFailure> of(FileId id) {
        byte[] bytes = noted.get(id);
        return bytes == null ? List.of() : parse(bytes);
    }

    /** To be called when nothing more can be written of a file. */
    void forget(FileId id) {
        // Looked up first: most files never had any, and a deletion is written even where there is nothing.
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
