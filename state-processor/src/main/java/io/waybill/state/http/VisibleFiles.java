package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Status;
import io.waybill.domain.Suspension.Subject;
import io.waybill.domain.Target;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FileAnswer.HaltAnswer;
import io.waybill.runtime.api.FileAnswer.ProgressAnswer;
import io.waybill.runtime.halt.Halt;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.http.Gate;
import io.waybill.state.index.FileGroup;
import io.waybill.state.index.FlowCounts;
import io.waybill.state.index.LaneWork;
import io.waybill.state.query.FileFilter;
import io.waybill.state.query.FileQueries;
import io.waybill.state.table.HistoryEntry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The only way from a request to the table: it gives each caller the files that the caller may see. Safe for several
 * threads.
 */
public final class VisibleFiles {
    private final FileQueries files;
    private final Halts halts;
    private final Function<FileState, Optional<ProgressAnswer>> progress;
    private final InstantSource clock;

    /**
     * @param halts why files may not start now
     */
    public VisibleFiles(FileQueries files, Halts halts, InstantSource clock) {
        this(files, halts, _ -> Optional.empty(), clock);
    }

    /**
     * @param halts    why files may not start now
     * @param progress what a worker says about a file that it delivers
     */
    public VisibleFiles(
            FileQueries files,
            Halts halts,
            Function<FileState, Optional<ProgressAnswer>> progress,
            InstantSource clock) {
        this.files = files;
        this.halts = halts;
        this.progress = progress;
        this.clock = clock;
    }

    /** Why files may not start now. */
    Halts halts() {
        return halts;
    }

    /** The configured routes whose files go to a destination. */
    public List<RouteName> routesTo(DestinationName destination) {
        return halts.routesTo(destination);
    }

    /** Why a file may not start now. */
    Optional<Halt> halt(FileState file) {
        return halts.of(file, clock.instant());
    }

    /** Everything that is halted now and concerns files of the caller. */
    List<Halt> haltsOf(Context http) {
        Scope scope = Gate.principal(http).scope();
        return halts.now(clock.instant()).stream().filter(halt -> concerns(halt.what(), scope)).toList();
    }

    /** Why files of the caller for a destination may not start now, as the API shows it. */
    public List<HaltAnswer> haltsOf(Context http, DestinationName destination) {
        return haltsOf(http).stream()
                .filter(halt -> halts.destination(halt.what()).filter(destination::equals).isPresent())
                .map(FileAnswers::halt)
                .toList();
    }

    /** Whether files of a scope are kept by a pause of the subject. */
    boolean concerns(Subject subject, Scope scope) {
        return scope.all() || switch (subject) {
            case Subject.Destination(var name) ->
                halts.routesTo(name).stream().anyMatch(route -> scope.allows(route, name));
            case Subject.OfRoute(var name) ->
                halts.destination(subject).filter(to -> scope.allows(name, to)).isPresent();
        };
    }

    /** A file as lists show it. */
    public FileAnswer answer(FileState file) {
        return FileAnswers.of(file, halts, clock.instant());
    }

    /** A file with everything that is known about it. */
    FileAnswer whole(FileState file) {
        return FileAnswers.whole(file, halts, clock.instant())
                .with(file.status().terminal() ? null : progress.apply(file).orElse(null));
    }

    /** The files of this instance that the caller sees. */
    public FileQueries of(Context http) {
        return of(Gate.principal(http).scope());
    }

    private FileQueries of(Scope scope) {
        return scope.all() ? files : new Narrowed(files, scope);
    }

    /** A file outside the scope is answered for as one that does not exist. */
    private record Narrowed(FileQueries files, Scope scope) implements FileQueries {
        private static final int PAGE = 1_000;
        /** The most pages that are looked at for the oldest open file of one route. */
        private static final int MOST_PAGES = 20;
        private static final Set<Status> OPEN = Arrays.stream(Status.values())
                .filter(status -> !status.terminal())
                .collect(Collectors.toUnmodifiableSet());

        @Override
        public Optional<FileState> find(FileId id) {
            return files.find(id).filter(this::allows);
        }

        private boolean allows(FileState file) {
            Target target = file.target();
            return scope.allows(file.route(), target == null ? null : target.destination());
        }

        @Override
        public List<HistoryEntry> history(FileId id) {
            return find(id).isPresent() ? files.history(id) : List.of();
        }

        @Override
        public Page page(FileFilter filter, Optional<FileId> after, int limit) {
            return files.page(filter.within(scope), after, limit);
        }

        @Override
        public Newest newest(FileFilter filter, Optional<String> after, int limit) {
            return files.newest(filter.within(scope), after, limit);
        }

        @Override
        public Optional<FileState> newer(SourceObject than, Target at) {
            return files.newer(than, at).filter(this::allows);
        }

        @Override
        public Map<FileGroup, Long> counts() {
            return files.counts().entrySet().stream()
                    .filter(count -> allows(count.getKey()))
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
        }

        @Override
        public Map<Long, Map<FlowCounts.Group, FlowCounts>> flow(long from) {
            var own = new HashMap<Long, Map<FlowCounts.Group, FlowCounts>>();
            files.flow(from).forEach((minute, counts) -> own.put(
                    minute,
                    counts.entrySet().stream()
                            .filter(count -> scope.allows(count.getKey().route(), count.getKey().destination()))
                            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue))));
            return own;
        }

        @Override
        public Map<LaneWork, Long> lanes() {
            return files.lanes().entrySet().stream()
                    .filter(count -> scope.allows(count.getKey().route(), count.getKey().lane().destination()))
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
        }

        private boolean allows(FileGroup group) {
            return scope.allows(group.route(), group.destination());
        }

        /** What is known of a whole route may be of files that the caller does not see. Then it looks at the files. */
        @Override
        public Map<RouteName, Instant> oldestOpen() {
            Map<RouteName, Boolean> whole = files.counts().keySet().stream()
                    .filter(group -> !group.status().terminal())
                    .collect(Collectors.toMap(FileGroup::route, this::allows, Boolean::logicalAnd));
            var oldest = new HashMap<RouteName, Instant>();
            files.oldestOpen().forEach((route, at) -> {
                if (whole.getOrDefault(route, true)) {
                    oldest.put(route, at);
                } else {
                    oldest(route).ifPresent(first -> oldest.put(route, first));
                }
            });
            // A route that nobody has counted yet, and that the caller does not see.
            oldest.keySet().removeIf(route -> scope.routes().map(some -> !some.contains(route)).orElse(false));
            return oldest;
        }

        private Optional<Instant> oldest(RouteName route) {
            FileFilter open = new FileFilter(
                    OPEN, Optional.of(route), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
            Optional<Instant> oldest = Optional.empty();
            Optional<FileId> cursor = Optional.empty();
            int pages = 0;
            do {
                Page page = page(open, cursor, PAGE);
                Optional<Instant> first =
                        page.files().stream().map(FileState::arrivedAt).min(Comparator.naturalOrder());
                oldest = oldest.isEmpty() || first.isPresent() && first.get().isBefore(oldest.get()) ? first : oldest;
                cursor = page.next();
            } while (cursor.isPresent() && ++pages < MOST_PAGES);
            return oldest;
        }
    }
}
