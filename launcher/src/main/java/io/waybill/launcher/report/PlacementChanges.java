package io.waybill.launcher.report;

import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.explain.RouteExplainer;
import io.waybill.runtime.explain.RouteExplainer.Placement;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which known files would go elsewhere under another configuration, in counts. For one thread. */
public final class PlacementChanges {
    private final RouteExplainer former;
    private final RouteExplainer now;
    private final Map<Group, Count> groups = new LinkedHashMap<>();
    private long looked;
    private boolean complete = true;

    public PlacementChanges(RouteExplainer former, RouteExplainer now) {
        this.former = former;
        this.now = now;
    }

    /** How a file would fare. The names are JSON values: add, never rename. */
    enum Change {
        NOT_TAKEN("not taken any more"),
        TAKEN("taken now"),
        DESTINATION("another destination"),
        PATH("another path"),
        LANE("another lane");

        private final String words;

        Change(String words) {
            this.words = words;
        }
    }

    private record Group(RouteName route, Change change, String from, String to) {}

    private static final class Count {
        private final String example;
        private long files;

        Count(String example) {
            this.example = example;
        }
    }

    /**
     * A part of the answer under {@code --json}.
     *
     * @param change  NOT_TAKEN, TAKEN, DESTINATION, PATH or LANE
     * @param from    the destination under the configuration of {@code --against}; empty for importers alone, or if the
     *                route does not take the files
     * @param to      the same under the other configuration
     * @param example one of the files: its object, and both places
     */
    public record Move(String route, String change, String from, String to, long files, String example) {}

    /**
     * The answer under {@code --json}.
     *
     * @param looked   how many files were compared
     * @param complete whether there were no more
     */
    public record Answer(long looked, boolean complete, List<Move> moves) {}

    /** There are more files than are compared. */
    public void leavesOut() {
        complete = false;
    }

    /** Compares a known file, which is an object on one route. */
    public void add(RouteName route, SourceObject object) {
        looked++;
        Map<RouteName, Placement> before = former.placements(object);
        Map<RouteName, Placement> after = now.placements(object);
        compare(route, object, before.get(route), after.get(route));
        // The object is a known file once for each route that took it. One of these files stands for all.
        boolean first = before.isEmpty() || before.keySet().iterator().next().equals(route);
        if (first) {
            after.forEach((other, place) -> {
                if (!other.equals(route) && !before.containsKey(other)) {
                    compare(other, object, null, place);
                }
            });
        }
    }

    private void compare(
            RouteName route, SourceObject object, @Nullable Placement before, @Nullable Placement after) {
        if (Objects.equals(before, after)) {
            return;
        }
        var group = new Group(route, change(before, after), destination(before), destination(after));
        groups.computeIfAbsent(
                group, _ -> new Count(
                        Terminal.exact(object.bucket() + "/" + object.key()) + ": " + said(before) + " -> "
                                + said(after))).files++;
    }

    private static Change change(@Nullable Placement before, @Nullable Placement after) {
        if (after == null) {
            return Change.NOT_TAKEN;
        }
        if (before == null) {
            return Change.TAKEN;
        }
        if (differ(before, after, Placement::destination)) {
            return Change.DESTINATION;
        }
        return differ(before, after, Placement::path) ? Change.PATH : Change.LANE;
    }

    private static boolean differ(Placement one, Placement other, Function<Placement, @Nullable String> part) {
        return !Objects.equals(part.apply(one), part.apply(other));
    }

    private static String destination(@Nullable Placement place) {
        return place == null || place.destination() == null ? "" : place.destination();
    }

    private static String said(@Nullable Placement place) {
        if (place == null) {
            return "not taken";
        }
        if (place.destination() == null) {
            return "importers";
        }
        return place.destination()
                + (place.path() == null ? ", BAD_NAME"
                        : ":" + Terminal.exact(place.path()) + " (lane " + place.lane() + ")");
    }

    /** The answer, the largest numbers first. */
    public Answer answer() {
        return new Answer(
                looked,
                complete,
                groups.entrySet().stream()
                        .map(one -> new Move(
                                one.getKey().route().value(),
                                one.getKey().change().name(),
                                one.getKey().from(),
                                one.getKey().to(),
                                one.getValue().files,
                                one.getValue().example))
                        .sorted(Comparator.comparingLong(Move::files).reversed())
                        .toList());
    }

    public void print(Terminal terminal) {
        Answer answer = answer();
        String of = "of " + looked + (looked == 1 ? " file" : " files") + (complete ? "" : ", and there are more,");
        terminal.result("");
        if (answer.moves().isEmpty()) {
            terminal.result(of + " none would go elsewhere");
            return;
        }
        terminal.result(of + " these would go elsewhere, from the configuration of --against to the other one:");
        var table = new Table("~ROUTE", ">FILES", "CHANGE", "~EXAMPLE");
        answer.moves().forEach(move -> table.row(
                move.route(), String.valueOf(move.files()), Change.valueOf(move.change()).words, move.example()));
        terminal.result(table);
    }
}
