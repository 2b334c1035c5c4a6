package io.waybill.runtime.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that many users share. No user waits for it: a user that gets none continues with the memory it has. Any
 * thread.
 */
public final class MemoryBudget {
    private final AtomicLong left;

    /**
     * @param bytes the whole budget
     */
    public MemoryBudget(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /** A part of the memory that this process may use. */
    public static MemoryBudget ofHeap(int part) {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / part);
    }

    /** Takes so many bytes; false if there are not enough. */
    public boolean take(long bytes) {
        return left.getAndUpdate(had -> had >= bytes ? had - bytes : had) >= bytes;
    }

    /** Gives back taken bytes. */
    public void give(long bytes) {
        left.addAndGet(bytes);
    }

    /** How many bytes are left. */
    public long left() {
        return left.get();
    }
}
