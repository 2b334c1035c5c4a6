package io.waybill.runtime.memory;

import java.util.concurrent.atomic.AtomicLong;

/** Memory that many share, and that nobody waits for: whoever gets none goes on with what he has. Any thread. */
public final class MemoryBudget {
    private final AtomicLong left;

    /**
     * @param bytes all there is
     */
    public MemoryBudget(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /** A part of the memory that this process may use. */
    public static MemoryBudget ofHeap(int part) {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / part);
    }

    /** Takes so many bytes; false if there are not so many. */
    public boolean take(long bytes) {
        return left.getAndUpdate(had -> had >= bytes ? had - bytes : had) >= bytes;
    }

    /** Gives back what was taken. */
    public void give(long bytes) {
        left.addAndGet(bytes);
    }

    /** How many bytes are left. */
    public long left() {
        return left.get();
    }
}
