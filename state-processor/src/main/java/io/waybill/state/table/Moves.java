package io.waybill.state.table;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Lets a request wait until a file of this instance has moved. A move that is told may not be committed yet; see {@link
 * StoreQueries}. Safe for several threads.
 */
public final class Moves {
    private final Map<Waiter, FileId> waiters = new ConcurrentHashMap<>();

    /** One who waits; to be closed, whatever came of it. */
    public final class Waiter implements AutoCloseable {
        private final Predicate<FileState> awaited;
        private final CompletableFuture<FileState> state = new CompletableFuture<>();

        private Waiter(Predicate<FileState> awaited) {
            this.awaited = awaited;
        }

        /** The first state that was awaited, once it is there. */
        public CompletableFuture<FileState> state() {
            return state;
        }

        @Override
        public void close() {
            waiters.remove(this);
        }
    }

    /** Begins to wait, for moves from now on. */
    public Waiter await(FileId id, Predicate<FileState> awaited) {
        var waiter = new Waiter(awaited);
        waiters.put(waiter, id);
        return waiter;
    }

    /** To be called for every move of a file, and so quick: mostly nobody waits. */
    public void moved(FileState after) {
        waiters.forEach((waiter, id) -> {
            if (id.equals(after.id()) && waiter.awaited.test(after)) {
                waiter.state.complete(after);
            }
        });
    }
}
