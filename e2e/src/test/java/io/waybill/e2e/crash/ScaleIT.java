package io.waybill.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.RequiresOpenSsh;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers come and go while files flow. */
@RequiresOpenSsh
@RequiresInotify
final class ScaleIT {
    private static final int FILES = 2000;
    private static final int SIZE = 2000;

    @TempDir
    private Path directory;

    @Test
    @SuppressWarnings("try") // closing may be interrupted, and says so
    void shouldNeitherRepeatNorLoseAFileWhenWorkersAreAddedAndTakenAway() throws Exception {
        try (var installation = new Installation(directory, 1)) {
            installation.warmUp(Protocol.TWO_PHASE);
            var crew = new ArrayList<WorkerProcess>();
            try {
                grow(installation, crew, 1);
                put(installation, FILES / 3);
                grow(installation, crew, 4);
                put(installation, FILES / 3);
                while (crew.size() > 2) {
                    crew.removeLast().end();
                }
                put(installation, FILES - 2 * (FILES / 3));
                installation.awaitAllEnded();
                assertThat(installation.history().violations()).isEmpty();
            } finally {
                crew.forEach(WorkerProcess::close);
            }
        }
    }

    private static void grow(Installation installation, List<WorkerProcess> crew, int size)
            throws InterruptedException {
        while (crew.size() < size) {
            var worker = installation.worker("worker-" + crew.size(), Protocol.TWO_PHASE);
            crew.add(worker);
            worker.start(List.of());
        }
        installation.group().awaitMembers(size);
    }

    private static void put(Installation installation, int count) {
        for (int i = 0; i < count; i++) {
            installation.load().put(SIZE);
        }
    }
}
