package io.waybill.sftp;

import io.waybill.sftp.PendingWrites.Sent;
import io.waybill.sftp.PendingWrites.Way;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The book of the writes that are under way, without the writes. */
@State(Scope.Benchmark)
public class PendingWritesCost {
    private static final int UNDER_WAY = 64;
    private static final int LENGTH = 32 << 10;

    private final PendingWrites<String> writes = new PendingWrites<>(0, way());
    private final Queue<Sent<String>> sent = new ArrayDeque<>();

    @Setup
    public void begin() throws IOException {
        if (!writes.join(way())) {
            throw new IllegalStateException("there are to be more writes");
        }
        while (sent.size() < UNDER_WAY) {
            sent.add(writes.begin(LENGTH));
        }
    }

    private static Way<String> way() {
        return new Way<>("handle", Long.MAX_VALUE);
    }

    /** One more is begun, and the oldest of {@value #UNDER_WAY} is answered. */
    @Benchmark
    public long begunAndAnswered() throws IOException {
        sent.add(writes.begin(LENGTH));
        writes.answered(sent.remove(), Optional.empty());
        return writes.safe();
    }
}
