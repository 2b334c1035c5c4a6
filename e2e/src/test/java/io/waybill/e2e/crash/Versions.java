package io.waybill.e2e.crash;

import io.waybill.domain.FileState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds out which version a directory event, a state or an event is about. */
final class Versions {
    private final Map<String, List<Version>> byKey = new HashMap<>();
    private final Map<String, Version> byIdentity = new HashMap<>();
    private final Map<String, String> identityById = new HashMap<>();
    private final boolean setsAside;

    /**
     * @param setsAside whether older files are set aside at this server before newer ones get their names
     */
    Versions(Collection<Sent> sent, List<FileState> states, boolean setsAside) {
        this.setsAside = setsAside;
        var seconds = new HashMap<String, Long>();
        for (FileState state : states) {
            String identity = Sent.identity(state.source());
            identityById.put(state.id().value(), identity);
            seconds.put(identity, state.source().lastModified().getEpochSecond());
        }
        var puts = new HashMap<String, List<Sent>>();
        sent.forEach(one -> puts.computeIfAbsent(one.key(), _ -> new ArrayList<>()).add(one));
        puts.forEach((key, all) -> {
            all.sort(Comparator.comparingInt(Sent::version));
            // Where the store was killed while it took the last one, it may not have it.
            Optional<Sent> current = all.reversed().stream()
                    .filter(one -> one.certain() || seconds.containsKey(one.identity()))
                    .findFirst();
            for (Sent one : all) {
                Long second = seconds.get(one.identity());
                var version = new Version(
                        one.version(),
                        one.sha256(),
                        second == null ? OptionalLong.empty() : OptionalLong.of(second),
                        current.filter(one::equals).isPresent());
                byIdentity.put(one.identity(), version);
                byKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(version);
            }
        });
    }

    /** All that were put of a key, oldest first. */
    List<Version> of(String key) {
        return byKey.getOrDefault(key, List.of());
    }

    Optional<Version> ofFile(String fileId) {
        return identity(fileId).map(byIdentity::get);
    }

    /** Whose file has an id. */
    Optional<String> identity(String fileId) {
        return Optional.ofNullable(identityById.get(fileId));
    }

    /**
     * What came to lie under a final name.
     *
     * @param content sha256 of what was found there
     */
    Appearance appearance(DirectoryEvent directoryEvent, Optional<String> content) {
        // A directory for what was set aside is not watched; staging names always are.
        boolean putBack = setsAside && directoryEvent.movedFrom().map(Execution::isAside).orElse(true);
        Optional<Version> published = Execution.published(directoryEvent)
                .map(Execution::fileId)
                .flatMap(this::ofFile);
        return new Appearance(directoryEvent, putBack ? versionOf(directoryEvent, content) : published, putBack);
    }

    private Optional<Version> versionOf(DirectoryEvent directoryEvent, Optional<String> content) {
        return of(directoryEvent.key()).stream()
                .filter(version -> content.filter(version.sha256()::equals).isPresent())
                .findFirst();
    }
}
