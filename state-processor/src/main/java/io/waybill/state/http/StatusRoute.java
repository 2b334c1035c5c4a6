package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.RouteName;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.domain.Target;
import io.waybill.runtime.api.StatusAnswer;
import io.waybill.runtime.api.StatusAnswer.Failed;
import io.waybill.runtime.api.StatusAnswer.Halted;
import io.waybill.runtime.api.StatusAnswer.HeldPartition;
import io.waybill.runtime.api.StatusAnswer.OpenRoute;
import io.waybill.runtime.api.StatusAnswer.RecordLetters;
import io.waybill.runtime.api.StatusAnswer.Waiting;
import io.waybill.runtime.halt.Halt;
import io.waybill.runtime.http.Gate;
import io.waybill.state.index.FileGroup;
import io.waybill.state.query.FileFilter;
import io.waybill.state.query.FileQueries;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what is open, what waits and why, and what a person must look at, over all instances. */
public final class StatusRoute {
    static final String PATH = "/v1/status";

    private static final int PAGE = 1_000;
    /** The most waiting files that are counted. */
    private static final int MOST_WAITING = 20_000;

    private final VisibleFiles files;
    private final Cluster cluster;
    private final PeerClient peers;
    private final Backlog backlog;
    private final Troubles troubles;
    private final BooleanSupplier configStale;

    /**
     * @param configStale whether the files of the configuration have changed since this process read them
     */
    public StatusRoute(
            VisibleFiles files,
            Cluster cluster,
            PeerClient peers,
            Backlog backlog,
            Troubles troubles,
            BooleanSupplier configStale) {
        this.files = files;
        this.cluster = cluster;
        this.peers = peers;
        this.backlog = backlog;
        this.troubles = troubles;
        this.configStale = configStale;
    }

    /** Knows how far the services are behind. */
    @FunctionalInterface
    public interface Backlog {
        /** For each service, how many records it has not read yet; empty if Kafka does not answer in time. */
        Optional<Map<String, Long>> lag();
    }

    /** Knows what a person must mend that no file tells of. */
    public interface Troubles {
        /** Partitions of work that are on hold; empty if it is not known within seconds. */
        Optional<List<HeldPartition>> held();

        /** Records that lately became dead letters; empty if it is not known within seconds. */
        Optional<RecordLetters> letters();
    }

    void show(Context http) {
        boolean passedOn = PeerClient.passedOn(http);
        List<URI> others = passedOn ? List.of() : cluster.others();
        var asked = peers.asked(http, PATH, others, StatusAnswer.class);
        List<StatusAnswer> parts = new ArrayList<>();
        parts.add(own(http));
        parts.addAll(asked.answers());
        // What is of all routes together is not told apart by scopes.
        boolean everything = Gate.principal(http).scope().all();
        @Nullable Map<String, Long> lag = passedOn || !everything ? null : backlog.lag().orElse(null);
        // If Kafka did not answer the first question, the others would only take longer.
        http.json(sum(
                parts,
                lag,
                lag == null ? null : troubles.held().orElse(null),
                lag == null ? null : troubles.letters().orElse(null)));
    }

    private StatusAnswer own(Context http) {
        FileQueries seen = files.of(http);
        var byStatus = new LinkedHashMap<String, Long>();
        var open = new HashMap<RouteName, Long>();
        List<Failed> failed = new ArrayList<>();
        for (Status status : Status.values()) {
            byStatus.put(status.name(), 0L);
        }
        seen.counts().forEach((group, count) -> {
            byStatus.merge(group.status().name(), count, Long::sum);
            if (!group.status().terminal()) {
                open.merge(group.route(), count, Long::sum);
            } else if (group.status() != Status.COMPLETED) {
                failed.add(failed(group, count));
            }
        });
        List<OpenRoute> routes = new ArrayList<>();
        seen.oldestOpen().forEach((route, oldest) -> {
            long count = open.getOrDefault(route, 0L);
            if (count > 0) {
                routes.add(new OpenRoute(route.value(), count, oldest.toString()));
            }
        });
        var waiting = new ArrayList<Waiting>();
        var halted = new ArrayList<Halted>();
        files.haltsOf(http).forEach(halt -> halted.add(halted(halt, 0)));
        boolean complete = collectWaiting(seen, waiting, halted);
        return new StatusAnswer(
                byStatus,
                routes,
                waiting,
                failed,
                null,
                null,
                null,
                complete,
                halted,
                configStale.getAsBoolean());
    }

    private static Failed failed(FileGroup group, long count) {
        return new Failed(
                group.status().name(),
                group.failure() == null ? null : group.failure().name(),
                group.route().value(),
                group.destination() == null ? null : group.destination().value(),
                count);
    }

    /** Returns false if there are more than it adds. */
    private boolean collectWaiting(FileQueries seen, List<Waiting> waiting, List<Halted> halted) {
        var filter = new FileFilter(
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true);
        Optional<FileId> cursor = Optional.empty();
        int looked = 0;
        do {
            FileQueries.Page page = seen.page(filter, cursor, PAGE);
            page.files().forEach(file -> files.halt(file)
                    .ifPresentOrElse(
                            halt -> halted.add(halted(halt, 1)),
                            () -> waiting(file).forEach(waiting::add)));
            looked += PAGE;
            cursor = page.next();
        } while (cursor.isPresent() && looked < MOST_WAITING);
        return cursor.isEmpty();
    }

    private static Halted halted(Halt halt, long files) {
        return new Halted(halt.kind().name(), halt.text(), halt.until().map(Instant::toString).orElse(null), files);
    }

    private static Stream<Waiting> waiting(FileState file) {
        if (!(file.phase() instanceof Phase.Waiting phase)) {
            return Stream.empty();
        }
        Target target = file.target();
        String destination =
                target == null || phase.stage() != Stage.DELIVERY ? null : target.destination().value();
        return Stream.of(new Waiting(
                destination,
                phase.reason().kind().name(),
                phase.cause().name(),
                1,
                file.waitsSince().toString(),
                phase.due().toString(),
                phase.reason().detail()));
    }

    private static StatusAnswer sum(
            List<StatusAnswer> parts,
            @Nullable Map<String, Long> lag,
            @Nullable List<HeldPartition> held,
            @Nullable RecordLetters letters) {
        var byStatus = new LinkedHashMap<String, Long>();
        parts.forEach(part -> part.byStatus().forEach((status, count) -> byStatus.merge(status, count, Long::sum)));
        return new StatusAnswer(
                byStatus,
                merged(parts.stream().flatMap(part -> part.open().stream()), OpenRoute::route, StatusRoute::both)
                        .stream()
                        .sorted(Comparator.comparing(OpenRoute::oldest))
                        .toList(),
                merged(
                        parts.stream().flatMap(part -> part.waiting().stream()),
                        one -> one.destination() + "/" + one.failure() + "/" + one.waitsAfter(),
                        StatusRoute::both)
                        .stream()
                        .sorted(Comparator.comparingLong(Waiting::files).reversed())
                        .toList(),
                merged(
                        parts.stream().flatMap(part -> part.failed().stream()),
                        one -> one.status() + "/" + one.failure() + "/" + one.route() + "/" + one.destination(),
                        StatusRoute::both)
                        .stream()
                        .sorted(Comparator.comparingLong(Failed::files).reversed())
                        .toList(),
                lag,
                held,
                letters,
                parts.stream().allMatch(StatusAnswer::complete),
                merged(
                        parts.stream().flatMap(part -> Stream.ofNullable(part.halted()).flatMap(List::stream)),
                        Halted::text,
                        StatusRoute::both)
                        .stream()
                        .toList(),
                parts.stream().anyMatch(StatusAnswer::configStale));
    }

    private static <T> Collection<T> merged(Stream<T> all, Function<T, String> key, BinaryOperator<T> both) {
        var merged = new LinkedHashMap<String, T>();
        all.forEach(one -> merged.merge(key.apply(one), one, both));
        return merged.values();
    }

    private static OpenRoute both(OpenRoute one, OpenRoute other) {
        return new OpenRoute(one.route(), one.files() + other.files(), earlier(one.oldest(), other.oldest()));
    }

    private static Waiting both(Waiting one, Waiting other) {
        return new Waiting(
                one.destination(),
                one.failure(),
                one.waitsAfter(),
                one.files() + other.files(),
                earlier(one.since(), other.since()),
                earlier(one.due(), other.due()),
                one.detail());
    }

    private static Halted both(Halted one, Halted other) {
        return new Halted(one.kind(), one.text(), one.until(), one.files() + other.files());
    }

    private static Failed both(Failed one, Failed other) {
        return new Failed(
                one.status(), one.failure(), one.route(), one.destination(), one.files() + other.files());
    }

    private static String earlier(String one, String other) {
        return Instant.parse(one).isBefore(Instant.parse(other)) ? one : other;
    }
}
