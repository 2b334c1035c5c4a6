package io.waybill.state.table;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Lets a request wait until the state of a file of this instance has changed. The change may not be committed yet.
 * After a failure the rules decide the same event again, with the same result. Safe for several threads.
 */
public final class StateChangeListeners {
    private final Map<Listener, FileId> listeners = new ConcurrentHashMap<>();

    /**
     * A change of a file.
     *
     * @param event the event as it was written; the time in its state may be corrected
     */
    public record Change(FileEvent event, FileState after) {}

    /** Waits for one state of one file. The caller closes it in any case. */
    public final class Listener implements AutoCloseable {
        private final Predicate<FileState> awaited;
        private final CompletableFuture<Change> change = new CompletableFuture<>();

        private Listener(Predicate<FileState> awaited) {
            this.awaited = awaited;
        }

        /** The first change to an awaited state, as soon as the file has it. */
        public CompletableFuture<Change> change() {
            return change;
        }

        @Override
        public void close() {
            listeners.remove(this);
        }
    }

    /** Begins to listen to changes from now on. */
    public Listener listen(FileId id, Predicate<FileState> awaited) {
        var listener = new Listener(awaited);
        listeners.put(listener, id);
        return listener;
    }

    /** Call this for every change of a state. It must be fast; mostly nobody listens. */
    public void changed(FileEvent event, FileState after) {
        listeners.forEach((listener, id) -> {
            if (id.equals(after.id()) && listener.awaited.test(after)) {
                listener.change.complete(new Change(event, after));
            }
        });
    }
}
