package io.waybill.e2e.crash;

import java.util.stream.Stream;

/**
 * Legal: version 1 is SUPERSEDED, and version 2 was put. Illegal: version 2 of two is SUPERSEDED. Illegal: version 1 is
 * SUPERSEDED, and got the final name when version 2 had had it.
 */
final class SupersededByNewer implements Checker {
    @Override
    public String promise() {
        return "a file that is SUPERSEDED has a newer version, and was not published after one";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        if (!file.isSuperseded()) {
            return Stream.empty();
        }
        if (file.versions().stream().noneMatch(version -> version.follows(file.version()))) {
            return Stream.of("it is SUPERSEDED, and no later version was put");
        }
        return file.publishes().stream()
                .filter(publish -> file.path().stream()
                        .filter(one -> one.directoryEvent().number() < publish.number())
                        .flatMap(one -> one.version().stream())
                        .anyMatch(earlier -> earlier.follows(file.version())))
                .map(publish -> "it is SUPERSEDED, and was published after a later version: " + publish);
    }
}
