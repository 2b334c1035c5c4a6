package io.waybill.lives;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The monitor writes one letter each time a file is given up, of the state that it then has; and no deadline too early. */
final class LettersAgree implements Checker {
    private final Truth truth;
    private final World world;
    private final Map<String, FileState> givenUp = new LinkedHashMap<>();
    private final Set<String> written = new HashSet<>();

    LettersAgree(Truth truth, World world) {
        this.truth = truth;
        this.world = world;
    }

    private static String key(FileState file) {
        return file.id().value() + "-" + file.version();
    }

    @Override
    public void moved(FileState before, FileEvent event, FileState after) {
        // A delivery may be noted of a file that was given up at its import.
        boolean noted = before != null && after != null && before.phase().equals(after.phase());
        if (after != null && !noted && !after.forgotten()
                && (after.phase() instanceof Phase.Failed || after.phase() instanceof Phase.TimedOut)) {
            givenUp.put(key(after), after);
        }
    }

    @Override
    public void letter(FileState file) {
        String name = truth.called(file.id().value());
        if (!file.equals(givenUp.get(key(file)))) {
            truth.broken(Promise.LETTERS_AGREE, "a letter says that " + name + " was given up, and it was not");
        } else if (!written.add(key(file))) {
            truth.broken(Promise.LETTERS_AGREE, "two letters are written when " + name + " is given up once");
        }
    }

    @Override
    public void deadlineSaid(FileEvent.DeadlineReached reached) {
        FileState file = world.state().of(reached.id().value());
        if (file.version() == reached.stateVersion()
                && file.phase() instanceof Phase.Open
                && world.state().deadline(file).at().isAfter(reached.at())) {
            truth.broken(Promise.LETTERS_AGREE, reached.kind() + " of " + truth.called(file.id().value())
                    + " is said before its time");
        }
    }

    @Override
    public void ended(boolean allTerminal) {
        if (!world.plan().settings().monitored() || !world.state().idle()) {
            return;
        }
        givenUp.forEach((key, file) -> {
            if (!written.contains(key)) {
                truth.broken(Promise.LETTERS_AGREE, "no letter is written when " + truth.called(file.id().value())
                        + " becomes " + file.status());
            }
        });
    }
}
