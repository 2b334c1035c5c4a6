package io.waybill.lives;

import io.waybill.domain.Attempt;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Stage;
import java.time.Instant;
import java.util.Map;

/** Those who take delivered files into other systems: they claim, and report the end or do not. */
final class Importers {
    private static final long SECOND = 1000;
    private static final String WHO = "importer";

    private final World world;

    Importers(World world) {
        this.world = world;
    }

    /** A file is ready. */
    void announced(FileId id) {
        Plan.Importer importer = world.plan().settings().importer();
        if (importer == Plan.Importer.NONE || importer == Plan.Importer.NEVER_CLAIMS) {
            return;
        }
        world.kernel().after(5 * SECOND, () -> claim(id, importer));
    }

    private Instant now() {
        return world.kernel().instant();
    }

    private void claim(FileId id, Plan.Importer importer) {
        FileState file = world.state().of(id.value());
        if (file == null || file.phase().stage() != Stage.IMPORT || !(file.phase() instanceof Phase.Queued queued)) {
            return;
        }
        Attempt attempt = queued.attempt();
        tell(importer, new FileEvent.Started(id, now(), Stage.IMPORT, attempt, WHO, "claim-1"));
        world.seen("import claimed");
        long later = 30 * SECOND;
        switch (importer) {
            case IMPORTS, TELLS_TWICE -> {
                world.kernel().after(later / 2, () -> tell(
                        importer, new FileEvent.Heartbeat(id, now(), Stage.IMPORT, attempt, WHO)));
                world.kernel().after(later, () -> tell(
                        importer,
                        new FileEvent.Completed(id, now(), Stage.IMPORT, attempt, null, Map.of())));
            }
            case FAILS -> world.kernel().after(later, () -> {
                tell(importer, new FileEvent.Failed(
                        id, now(), Stage.IMPORT, attempt, new Failure(FailureKind.REMOTE_ERROR, "cannot be read")));
                // The next attempt is claimed when it is due.
                world.kernel().after(3600 * SECOND, () -> claim(id, importer));
            });
            case DIES -> {
                // Nothing more is heard of it.
            }
            case NONE, NEVER_CLAIMS -> throw new AssertionError(importer);
        }
    }

    private void tell(Plan.Importer importer, FileEvent event) {
        world.tell(event);
        if (importer == Plan.Importer.TELLS_TWICE) {
            world.tell(event);
        }
    }
}
