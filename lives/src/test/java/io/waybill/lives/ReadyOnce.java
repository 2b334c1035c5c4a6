package io.waybill.lives;

import io.waybill.domain.FileState;
import java.util.HashSet;
import java.util.Set;

/** Importers are told once of each file. */
final class ReadyOnce implements Checker {
    private final Truth truth;
    private final Set<String> told = new HashSet<>();

    ReadyOnce(Truth truth) {
        this.truth = truth;
    }

    @Override
    public void announced(FileState file) {
        if (!told.add(file.id().value())) {
            truth.broken(Promise.READY_ONCE, "importers are told twice of " + truth.called(file.id().value()));
        }
    }
}
