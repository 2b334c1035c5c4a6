package io.waybill.worker.status;

import io.waybill.domain.Milestone;
import io.waybill.domain.TransferWork;
import io.waybill.domain.live.FileInFlight;
import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

/**
 * How far the delivery of one file is. The thread that delivers it writes, with plain stores to memory and no lock; one
 * other thread looks.
 */
public final class FileProgress {
    private static final long NOTHING = -1;

    private final TransferWork work;
    private final Instant since;
    private final LongAdder destination;
    private volatile Milestone step = Milestone.RECEIVED;
    private volatile long done = NOTHING;
    /** For the thread that looks. */
    private long lookedDone = NOTHING;
    private long lookedAt;

    /**
     * @param destination counts the bytes of all files of the destination
     */
    FileProgress(TransferWork work, ProcessClock time, LongAdder destination) {
        this.work = work;
        this.since = time.instant();
        this.destination = destination;
        this.lookedAt = time.nanos();
    }

    TransferWork work() {
        return work;
    }

    /**
     * The destination has acknowledged so many bytes of the file. The first call says how many are there already; an upload
     * that begins anew says fewer.
     */
    public void acknowledged(long bytes) {
        long before = done;
        if (before != NOTHING && bytes > before) {
            destination.add(bytes - before);
        }
        if (bytes != before) {
            done = bytes;
        }
    }

    /** The delivery has reached a step. */
    public void reached(Milestone milestone) {
        step = milestone;
    }

    /** What it is now. The rate is that since the last look. */
    FileInFlight look(ProcessClock time) {
        long now = Math.max(done, 0);
        long before = lookedDone == NOTHING ? 0 : lookedDone;
        // A file whose upload begins with what an earlier one left was not sent that fast.
        boolean begun = lookedDone != NOTHING;
        Duration past = time.since(lookedAt);
        long rate = begun ? rate(now - before, past) : 0;
        if (done != NOTHING) {
            lookedDone = now;
            lookedAt = time.nanos();
        }
        return new FileInFlight(
                work.id(),
                work.route(),
                work.target().path().name(),
                work.attempt().sending(),
                work.attempt().number(),
                step.name(),
                since,
                Math.min(now, work.source().size()),
                work.source().size(),
                rate);
    }

    /** Bytes in a second. */
    static long rate(long bytes, Duration past) {
        return bytes <= 0 || past.toMillis() == 0 ? 0 : bytes * 1_000 / past.toMillis();
    }
}
