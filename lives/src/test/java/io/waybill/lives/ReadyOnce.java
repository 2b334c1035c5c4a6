package io.waybill.lives;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import java.util.HashMap;
import java.util.Map;

/** Importers are told once of each file, and once more for each resend that asks for it. */
final class ReadyOnce implements Checker {
    private final Truth truth;
    /** How often importers may still be told. */
    private final Map<String, Integer> allowed = new HashMap<>();

    ReadyOnce(Truth truth) {
        this.truth = truth;
    }

    @Override
    public void announced(FileState file) {
        String id = file.id().value();
        int left = allowed.getOrDefault(id, 1) - 1;
        allowed.put(id, left);
        if (left < 0) {
            truth.broken(Promise.READY_ONCE, "importers are told too often of " + truth.called(id));
        }
    }

    @Override
    public void moved(FileState before, FileEvent event, FileState after) {
        if (event instanceof FileEvent.ResendRequested resend && resend.announce() && !after.equals(before)) {
            allowed.merge(event.id().value(), 2, (left, _) -> left + 1);
        }
    }
}
