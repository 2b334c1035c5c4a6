package io.waybill.e2e.crash;

import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import java.util.List;
import java.util.stream.Stream;

/**
 * Legal: PENDING, STARTED, COMPLETED. Legal: PENDING, TIMED_OUT, COMPLETED late, for the truth wins.
 * Illegal: PENDING, COMPLETED, COMPLETED. Illegal: PENDING, STARTED, and then nothing.
 */
final class OneFinalState implements Checker {
    @Override
    public String promise() {
        return "every accepted file reaches exactly one final state";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        List<FileState> terminal =
                file.states().stream().filter(state -> state.status().terminal()).toList();
        if (!file.accepted()) {
            return Stream.empty();
        }
        if (terminal.isEmpty()) {
            return Stream.of("it has no final state");
        }
        if (!file.states().getLast().status().terminal()) {
            return Stream.of("it went on after a final state");
        }
        boolean late = terminal.getLast().phase() instanceof Phase.Completed completed && completed.late();
        return terminal.size() == 1 || (late && terminal.size() == 2)
                ? Stream.empty()
                : Stream.of("it has " + terminal.size() + " final states");
    }
}
