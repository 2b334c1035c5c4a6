package io.waybill.monitor;

import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever becomes of some files, in whatever order and however often it is told, the monitor keeps its promises. */
final class AnyLifeTest {
    private static final int STEPS = 120;

    @Property(tries = 60, seed = "20261121")
    void shouldKeepOneDeadlineForEachOpenFileAndWriteOneLetterForEachTimeAFileIsGivenUp(@ForAll long seed)
            throws IOException {
        try (var life = new SeveralLives(seed)) {
            for (int step = 0; step < STEPS; step++) {
                life.step();
                life.eachOpenFileHasOneDeadlineAndNoOtherFileHasAny();
            }
            life.end();
            life.eachOpenFileHasOneDeadlineAndNoOtherFileHasAny();
            life.eachTimeAFileWasGivenUpThereIsOneLetter();
        }
    }
}
