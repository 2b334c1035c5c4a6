package io.waybill.lives;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file that is forgotten stays so: no notification of its object delivers it again, and the table keeps nothing of what it
 * was.
 */
final class ForgottenStays implements Checker {
    private final Truth truth;
    private final World world;
    /** As they were before. */
    private final Map<String, FileState> forgotten = new LinkedHashMap<>();

    ForgottenStays(Truth truth, World world) {
        this.truth = truth;
        this.world = world;
    }

    @Override
    public void moved(FileState before, FileEvent event, FileState after) {
        String id = event.id().value();
        if (after != null && after.forgotten() && before != null && !before.forgotten()) {
            forgotten.put(id, before);
        }
        FileState was = forgotten.get(id);
        if (was == null) {
            return;
        }
        if (after == null || !after.forgotten()) {
            truth.broken(Promise.FORGOTTEN_STAYS, truth.called(id) + " is forgotten, and then there is more of it: "
                    + event.getClass().getSimpleName());
        } else if (world.state().keeps(was)) {
            truth.broken(Promise.FORGOTTEN_STAYS,
                    truth.called(id) + " is forgotten, and the table has something of it");
        }
    }

    @Override
    public void dispatched(FileState file) {
        again(file, "is delivered again");
    }

    @Override
    public void announced(FileState file) {
        again(file, "is announced again");
    }

    @Override
    public void letter(FileState file) {
        if (file.forgotten()) {
            again(file, "has a letter");
        }
    }

    private void again(FileState file, String what) {
        if (forgotten.containsKey(file.id().value())) {
            truth.broken(Promise.FORGOTTEN_STAYS, truth.called(file.id().value()) + " is forgotten, and " + what);
        }
    }
}
