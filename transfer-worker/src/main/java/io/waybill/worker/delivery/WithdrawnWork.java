package io.waybill.worker.delivery;

import io.waybill.domain.Attempt;
import io.waybill.domain.Control;
import io.waybill.domain.Control.Kind;
import io.waybill.domain.FileId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The work that is not wanted any more, as far as the topic {@code controls} says by now. Any thread. */
public final class WithdrawnWork {
    /**
     * By file, the sending twice and 1 more if it was cancelled: every worker knows every entry, and small numbers are
     * shared by the platform.
     */
    private final Map<FileId, Integer> byFile = new ConcurrentHashMap<>();

    /** Takes note of what a record says; null for a tombstone. */
    public void apply(FileId id, @Nullable Control control) {
        if (control == null) {
            byFile.remove(id);
        } else {
            byFile.put(id, 2 * control.sending() + (control.kind() == Kind.CANCELLED ? 1 : 0));
        }
    }

    /** Why an attempt is not wanted any more, if it is not. */
    public Optional<Kind> of(FileId id, Attempt attempt) {
        Integer known = byFile.get(id);
        if (known == null || attempt.sending() > known / 2) {
            return Optional.empty();
        }
        return Optional.of(known % 2 == 1 ? Kind.CANCELLED : Kind.GIVEN_UP);
    }

    /** How many files have something that is not wanted any more. */
    public int size() {
        return byFile.size();
    }
}
