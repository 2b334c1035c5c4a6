package io.waybill.monitor;

import io.waybill.domain.Attempt;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Setback;
import io.waybill.domain.Stage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * What kept one file from its end so far, oldest first. Bounded: the same again becomes a number, and of what is left
 * the newest stay.
 */
record Setbacks(List<Setback> all) {
    /** How many are kept; the contract of dead letters names it. */
    static final int KEPT = 20;

    static final Setbacks NONE = new Setbacks(List.of());

    private static final byte FORMAT = 1;

    Setbacks {
        all = List.copyOf(all);
    }

    Setbacks plus(Setback next) {
        var longer = new ArrayList<>(all);
        if (!all.isEmpty() && next.repeats(all.getLast())) {
            longer.set(all.size() - 1, next.after(all.getLast()));
        } else {
            longer.add(next);
        }
        return new Setbacks(longer.subList(Math.max(0, longer.size() - KEPT), longer.size()));
    }

    static Serde<Setbacks> serde() {
        return Serdes.serdeFrom(
                (topic, setbacks) -> setbacks == null ? null : setbacks.bytes(),
                (topic, bytes) -> bytes == null ? null : parse(bytes));
    }

    private byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeByte(all.size());
            for (Setback setback : all) {
                write(setback, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** Constants go by their names, which never change; their order may. */
    private static void write(Setback setback, DataOutputStream out) throws IOException {
        out.writeUTF(setback.kind().name());
        out.writeLong(setback.at().toEpochMilli());
        out.writeUTF(setback.stage().name());
        out.writeInt(setback.attempt().sending());
        out.writeInt(setback.attempt().number());
        out.writeUTF(setback.failure() == null ? "" : setback.failure().kind().name());
        out.writeUTF(setback.failure() == null ? "" : setback.failure().detail());
        out.writeLong(setback.next() == null ? -1 : setback.next().toEpochMilli());
        out.writeInt(setback.times());
    }

    private static Setbacks parse(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte format = in.readByte();
            if (format != FORMAT) {
                throw new SerializationException("the store was written in format " + format
                        + ", this version reads " + FORMAT);
            }
            int count = in.readUnsignedByte();
            var all = new ArrayList<Setback>(count);
            for (int i = 0; i < count; i++) {
                all.add(read(in));
            }
            return new Setbacks(all);
        } catch (IOException | IllegalArgumentException e) {
            throw new SerializationException("what set a file back cannot be read", e);
        }
    }

    private static Setback read(DataInputStream in) throws IOException {
        return new Setback(
                Setback.Kind.valueOf(in.readUTF()),
                Instant.ofEpochMilli(in.readLong()),
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
