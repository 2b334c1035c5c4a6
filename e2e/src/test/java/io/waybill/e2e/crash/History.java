package io.waybill.e2e.crash;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.ReadyFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** A run, sorted by files: each is one version of one key. */
record History(List<FileHistory> files) {
    /**
     * @param setsAside whether older files are set aside at this server before newer ones get their names
     */
    static History of(
            Collection<Sent> sent,
            Seen seen,
            boolean setsAside,
            List<FileState> states,
            List<FileEvent> events,
            List<ReadyFile> ready) {
        var versions = new Versions(sent, states, setsAside);
        List<DirectoryEvent> directoryEvents = setsAside
                ? new LinkedRenames(versions, seen.contents()).told(seen.directoryEvents())
                : seen.directoryEvents();
        Map<String, List<DirectoryEvent>> atKey =
                grouped(directoryEvents, one -> one.isFinal() ? Optional.of(one.key()) : Optional.empty());
        Map<String, List<DirectoryEvent>> staged = grouped(directoryEvents, one -> one.isFinal()
                ? Optional.empty()
                : Execution.fileId(one.name()).flatMap(versions::identity));
        Map<String, List<FileState>> statesOf = grouped(states, state -> Optional.of(Sent.identity(state.source())));
        Map<String, List<FileEvent>> eventsOf = grouped(events, event -> versions.identity(event.id().value()));
        Map<String, List<ReadyFile>> readyOf = grouped(ready, file -> Optional.of(Sent.identity(file.source())));
        return new History(sent.stream()
                .map(one -> {
                    List<DirectoryEvent> path = atKey.getOrDefault(one.key(), List.of());
                    return new FileHistory(
                            one,
                            versions.of(one.key()),
                            together(path, staged.getOrDefault(one.identity(), List.of())),
                            path.stream()
                                    .filter(event -> event.kind() == DirectoryEvent.Kind.MOVED_TO)
                                    .map(event -> versions.appearance(
                                            event, Optional.ofNullable(seen.contents().get(event.number()))))
                                    .toList(),
                            contentsOf(path, seen.contents()),
                            Optional.ofNullable(seen.lying().get(one.key())),
                            statesOf.getOrDefault(one.identity(), List.of()),
                            eventsOf.getOrDefault(one.identity(), List.of()),
                            readyOf.getOrDefault(one.identity(), List.of()));
                })
                .toList());
    }

    private static List<DirectoryEvent> together(List<DirectoryEvent> path, List<DirectoryEvent> staged) {
        return Stream.concat(path.stream(), staged.stream())
                .sorted(Comparator.comparingLong(DirectoryEvent::number))
                .toList();
    }

    private static Map<Long, String> contentsOf(List<DirectoryEvent> directoryEvents, Map<Long, String> contents) {
        var its = new HashMap<Long, String>();
        directoryEvents.forEach(one -> Optional.ofNullable(contents.get(one.number()))
                .ifPresent(content -> its.put(one.number(), content)));
        return its;
    }

    private static <T> Map<String, List<T>> grouped(List<T> all, Function<T, Optional<String>> key) {
        var groups = new HashMap<String, List<T>>();
        all.forEach(one -> key.apply(one)
                .ifPresent(name -> groups.computeIfAbsent(name, _ -> new ArrayList<>()).add(one)));
        return groups;
    }

    /** What all checkers find. */
    List<Violation> violations() {
        return Checker.all().stream().flatMap(checker -> checker.violations(this).stream()).toList();
    }

    long count(Predicate<FileHistory> which) {
        return files.stream().filter(which).count();
    }

    long sum(ToLongFunction<FileHistory> value) {
        return files.stream().mapToLong(value).sum();
    }

    long publishes() {
        return sum(file -> file.publishes().size());
    }

    /** Publishes that nobody asked for: beyond the first of a file, and beyond one for each redrive. */
    long duplicates() {
        return sum(file -> Math.max(0, file.publishes().size() - 1 - file.redrives()));
    }
}
