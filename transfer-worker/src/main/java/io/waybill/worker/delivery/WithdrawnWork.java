package io.waybill.worker.delivery;

import io.waybill.domain.Attempt;
import io.waybill.domain.Control;
import io.waybill.domain.Control.Kind;
import io.waybill.domain.FileId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The work that is no longer wanted, according to the records of the topic {@code controls} read so far. Any thread. */
public final class WithdrawnWork {
    /**
     * For each file, twice the number of the sending, plus 1 if it was cancelled. Every worker knows every entry, and the
     * platform shares small numbers.
     */
    private final Map<FileId, Integer> byFile = new ConcurrentHashMap<>();

    /** Takes a record; null for a tombstone. */
    public void apply(FileId id, @Nullable Control control) {
        if (control == null) {
            byFile.remove(id);
        } else {
            byFile.put(id, 2 * control.sending() + (control.kind() == Kind.CANCELLED ? 1 : 0));
        }
    }

    /** Why an attempt is no longer wanted; empty if it is wanted. */
    public Optional<Kind> of(FileId id, Attempt attempt) {
        Integer known = byFile.get(id);
        if (known == null || attempt.sending() > known / 2) {
            return Optional.empty();
        }
        return Optional.of(known % 2 == 1 ? Kind.CANCELLED : Kind.GIVEN_UP);
    }

    /** How many files have work that is no longer wanted. */
    public int size() {
        return byFile.size();
    }
}
