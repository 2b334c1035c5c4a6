package io.waybill.e2e.crash;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An attempt begins to stage when the one before has failed for good; whatever of that is still under way must not
 * publish any more.
 *
 * <p>Legal: {@code id-1.1.a} is created, {@code id-1.2.b} is created, {@code id-1.2.b} is renamed to the final name.
 * Illegal: {@code id-1.1.a} is created, {@code id-1.2.b} is created, {@code id-1.1.a} is renamed to the final name.
 */
final class AttemptsDoNotOverlap implements Checker {
    @Override
    public String promise() {
        return "attempts of one sending never overlap in publishing";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        // The final name is also that of the key's other versions, whose attempts are others.
        List<DirectoryEvent> publishes = file.publishes();
        Map<Integer, Integer> newest = new HashMap<>();
        Stream.Builder<String> faults = Stream.builder();
        for (DirectoryEvent directoryEvent : file.directoryEvents()) {
            Optional<Execution> published = Execution.published(directoryEvent);
            if (published.isPresent() && publishes.contains(directoryEvent)) {
                int attempt = published.get().attempt();
                int latest = newest.getOrDefault(published.get().sending(), attempt);
                if (attempt < latest) {
                    faults.add("attempt " + attempt + " was published when attempt " + latest + " had begun: "
                            + directoryEvent);
                }
            }
            if (appears(directoryEvent)) {
                Execution.of(directoryEvent.name())
                        .filter(execution -> !execution.withdrawn())
                        .ifPresent(one -> newest.merge(one.sending(), one.attempt(), Math::max));
            }
        }
        return faults.build();
    }

    private static boolean appears(DirectoryEvent directoryEvent) {
        return !directoryEvent.isFinal()
                && (directoryEvent.kind() == DirectoryEvent.Kind.CREATE
                        || directoryEvent.kind() == DirectoryEvent.Kind.MOVED_TO);
    }
}
