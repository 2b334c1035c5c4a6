package io.waybill.e2e.crash;

import java.util.stream.Stream;

/**
 * Here every failure passes, so every file that the store took must be delivered in the end, or be in doubt.
 *
 * <p>Legal: taken by the store, COMPLETED, and it lies where nobody takes it away. Illegal: taken by the store, and
 * nobody knows of it. Illegal: COMPLETED, and nothing or something else lies where nobody takes anything away.
 */
final class NothingLost implements Checker {
    @Override
    public String promise() {
        return "nothing is lost";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        if (!file.accepted() || file.doubt().isPresent()) {
            return Stream.empty();
        }
        if (file.states().isEmpty()) {
            return Stream.of("nobody knows of it");
        }
        if (!file.isCompleted()) {
            return Stream.of("it was not delivered, but is " + file.states().getLast().phase());
        }
        boolean stays = !Installation.EMPTIED.contains(file.sent().directory());
        return stays && !file.lying().filter(file.sent().sha256()::equals).isPresent()
                ? Stream.of("what lies there at the end is " + file.lying().orElse("nothing"))
                : Stream.empty();
    }
}
