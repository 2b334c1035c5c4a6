package io.waybill.e2e.crash;

import java.util.HashMap;
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
        Map<Integer, Integer> newest = new HashMap<>();
        Stream.Builder<String> faults = Stream.builder();
        for (Sighting sighting : file.sightings()) {
            Optional<Execution> published = Execution.published(sighting);
            if (sighting.isFinal() && published.isPresent()) {
                int attempt = published.get().attempt();
                int latest = newest.getOrDefault(published.get().sending(), attempt);
                if (attempt < latest) {
                    faults.add("attempt " + attempt + " was published when attempt " + latest + " had begun: "
                            + sighting);
                }
            }
            if (appears(sighting)) {
                Execution.of(sighting.name())
                        .filter(execution -> !execution.withdrawn())
                        .ifPresent(one -> newest.merge(one.sending(), one.attempt(), Math::max));
            }
        }
        return faults.build();
    }

    private static boolean appears(Sighting sighting) {
        return !sighting.isFinal()
                && (sighting.kind() == Sighting.Kind.CREATE || sighting.kind() == Sighting.Kind.MOVED_TO);
    }
}
