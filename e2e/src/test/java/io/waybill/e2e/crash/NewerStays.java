package io.waybill.e2e.crash;

import java.util.List;
import java.util.stream.Stream;

/**
 * Newer is what was written in a later second, and of one second what the store has in the end.
 *
 * <p>Legal: version 1 gets the final name, then version 2. Legal: version 2, and version 1 never. Illegal: version 2 gets
 * the final name, then version 1, by a rename or because it was put back.
 */
final class NewerStays implements Checker {
    @Override
    public String promise() {
        return "a final name never goes from a newer version to an older one";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        List<Appearance> path = file.path();
        Stream.Builder<String> faults = Stream.builder();
        for (int i = 0; i < path.size(); i++) {
            Appearance one = path.get(i);
            if (one.version().filter(file.version()::equals).isPresent()) {
                path.subList(0, i).stream()
                        .flatMap(earlier -> earlier.version().stream())
                        .filter(earlier -> earlier.isNewerThan(file.version()))
                        .findFirst()
                        .ifPresent(newer -> faults.add("version " + newer.number() + " was there before it: " + one));
            }
        }
        return faults.build();
    }
}
