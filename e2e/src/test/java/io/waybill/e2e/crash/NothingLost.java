package io.waybill.e2e.crash;

import java.util.stream.Stream;

/**
 * Here every failure passes, so every file that the store took must be delivered in the end, unless it is in doubt, an
 * operator cancelled it, or a newer version of its key took its place.
 *
 * <p>Legal: taken by the store, COMPLETED, and it or a newer version lies where nobody takes it away. Legal: SUPERSEDED, and
 * there is a newer version. Illegal: taken by the store, and nobody knows of it. Illegal: COMPLETED, and nothing, an older
 * version or something else lies where nobody takes anything away.
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
            return file.isReplaced() ? Stream.empty() : Stream.of("nobody knows of it");
        }
        if (!file.isCompleted()) {
            boolean given = file.isCancelled() || (file.isSuperseded() && file.isReplaced());
            return given
                    ? Stream.empty()
                    : Stream.of("it was not delivered, but is " + file.states().getLast().phase());
        }
        boolean stays = !Installation.EMPTIED.contains(file.sent().directory());
        return stays && !lies(file)
                ? Stream.of("what lies there at the end is " + file.lying().orElse("nothing"))
                : Stream.empty();
    }

    private static boolean lies(FileHistory file) {
        return file.versions().stream()
                .filter(version -> version.equals(file.version()) || !file.version().isNewerThan(version))
                .anyMatch(version -> file.lying().filter(version.sha256()::equals).isPresent());
    }
}
