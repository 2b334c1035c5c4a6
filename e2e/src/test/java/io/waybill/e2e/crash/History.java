package io.waybill.e2e.crash;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.ReadyFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run, sorted by files. */
record History(List<FileHistory> files) {
    /**
     * @param lying sha256 of all files that lie under final names at the end, by directory and name
     */
    static History of(
            Collection<Sent> sent,
            List<Sighting> sightings,
            Map<Long, String> contents,
            Map<String, String> lying,
            List<FileState> states,
            List<FileEvent> events,
            List<ReadyFile> ready) {
        var keyById = new HashMap<String, String>();
        states.forEach(state -> keyById.put(state.id().value(), state.source().key()));
        Map<String, List<Sighting>> seen = grouped(sightings, one -> one.isFinal()
                ? Optional.of(one.directory() + "/" + one.name())
                : Execution.of(one.name()).map(Execution::fileId).map(keyById::get));
        Map<String, List<FileState>> statesOf = grouped(states, state -> Optional.of(state.source().key()));
        Map<String, List<FileEvent>> eventsOf =
                grouped(events, event -> Optional.ofNullable(keyById.get(event.id().value())));
        Map<String, List<ReadyFile>> readyOf = grouped(ready, file -> Optional.of(file.source().key()));
        return new History(sent.stream()
                .map(one -> {
                    List<Sighting> its = seen.getOrDefault(one.key(), List.of());
                    return new FileHistory(
                            one,
                            its,
                            contentsOf(its, contents),
                            Optional.ofNullable(lying.get(one.key())),
                            statesOf.getOrDefault(one.key(), List.of()),
                            eventsOf.getOrDefault(one.key(), List.of()),
                            readyOf.getOrDefault(one.key(), List.of()));
                })
                .toList());
    }

    private static Map<Long, String> contentsOf(List<Sighting> sightings, Map<Long, String> contents) {
        var its = new HashMap<Long, String>();
        sightings.forEach(one -> Optional.ofNullable(contents.get(one.number()))
                .ifPresent(content -> its.put(one.number(), content)));
        return its;
    }

    private static <T> Map<String, List<T>> grouped(
            List<T> all, java.util.function.Function<T, Optional<String>> key) {
        var groups = new HashMap<String, List<T>>();
        all.forEach(one -> key.apply(one)
                .ifPresent(name -> groups.computeIfAbsent(name, _ -> new ArrayList<>()).add(one)));
        return groups;
    }

    /** What all checkers find. */
    List<Violation> violations() {
        return Checker.all().stream().flatMap(checker -> checker.violations(this).stream()).toList();
    }

    long publishes() {
        return files.stream().mapToLong(file -> file.publishes().size()).sum();
    }

    /** Publishes beyond the first of a file. */
    long duplicates() {
        return files.stream().mapToLong(file -> Math.max(0, file.publishes().size() - 1)).sum();
    }
}
