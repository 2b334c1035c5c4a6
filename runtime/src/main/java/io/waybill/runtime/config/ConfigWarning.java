package io.waybill.runtime.config;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Delivery;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Route;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A setting that is allowed but may not be intended.
 *
 * @param key    the full key
 * @param always true if the effect will occur; false if the text says when it occurs
 * @param text   the effect, for people
 */
public record ConfigWarning(String key, boolean always, String text) {
    /** Two keys of one route that get the same path, unless the route provides for that. */
    static Optional<ConfigWarning> ofPaths(Route route) {
        Delivery delivery = route.delivery();
        // With keep-both the second file has a name of its own.
        if (delivery == null || delivery.onConflict() == ConflictPolicy.KEEP_BOTH) {
            return Optional.empty();
        }
        PathTemplate path = delivery.path();
        String below = route.source().prefix();
        String outcome = delivery.onConflict() == ConflictPolicy.REPLACE
                ? "and the second replaces the first"
                : "and the second fails with NAME_CONFLICT";
        String key = "routes." + route.name() + ".deliver.path";
        return switch (path.sharedBy(route.source())) {
            case NOTHING -> Optional.empty();
            case NAMES_IN_DIFFERENT_DIRECTORIES ->
                Optional.of(new ConfigWarning(
                        key,
                        false,
                        "matters only if there are directories below '" + below + "': keys such as '" + below
                                + "x/a.csv' and '" + below + "y/a.csv' get one path by '" + path + "', " + outcome
                                + "; {relative} tells them apart"));
            case STEMS ->
                Optional.of(new ConfigWarning(
                        key,
                        true,
                        "keys that differ only in their extension, such as '" + below + "a.csv' and '" + below
                                + "a.xml', get one path by '" + path + "', " + outcome + "; {name} tells them apart"));
            case EVERYTHING ->
                Optional.of(new ConfigWarning(
                        key,
                        true,
                        "all keys get one path by '" + path + "', " + outcome + "; {name} or {relative} tells them"
                                + " apart"));
        };
    }

    /** Algorithms that no connection should need. */
    static Optional<ConfigWarning> ofAlgorithms(DestinationConfig destination) {
        Set<String> allowed = destination.security().allowed();
        return allowed.isEmpty()
                ? Optional.empty()
                : Optional.of(new ConfigWarning(
                        "destinations." + destination.name() + ".algorithms.allow",
                        true,
                        "weak: " + String.join(", ", new TreeSet<>(allowed))
                                + "; if the server has nothing better, somebody on the line may read or change what is"
                                + " sent; ask the partner for a newer server"));
    }

    /** An endpoint that others reach without a login. */
    static Optional<ConfigWarning> ofHttp(HttpSettings http) {
        if (http.loopback() || http.access().login()) {
            return Optional.empty();
        }
        String where = "http.host " + http.host() + " can be reached by others";
        return Optional.of(
                http.access().auth().isPresent()
                        ? new ConfigWarning("http.auth", true, where + ", and with none everybody may read and change"
                                + " everything")
                        : new ConfigWarning("http.auth", false, "matters only for a process with the API: it does not"
                                + " start, because " + where + "; add auth: tokens, or auth: none if a proxy in front"
                                + " has a login"));
    }

    /** Everything about several routes: those that take the same keys, and those that give different keys one path. */
    static List<ConfigWarning> ofRoutes(Collection<Route> routes) {
        var warnings = new ArrayList<ConfigWarning>();
        List<Route> all = List.copyOf(routes);
        for (int i = 0; i < all.size(); i++) {
            for (Route earlier : all.subList(0, i)) {
                ofOverlap(earlier, all.get(i)).ifPresent(warnings::add);
            }
        }
        Map<List<Object>, List<Route>> byTemplate = all.stream()
                .filter(route -> route.delivery() != null)
                .collect(Collectors.groupingBy(
                        route -> template(Objects.requireNonNull(route.delivery())),
                        LinkedHashMap::new,
                        Collectors.toList()));
        byTemplate.values().forEach(alike -> ofSharedPaths(alike).ifPresent(warnings::add));
        return warnings;
    }

    private static List<Object> template(Delivery delivery) {
        return List.of(delivery.destination(), delivery.path(), delivery.onConflict());
    }

    private static Optional<ConfigWarning> ofOverlap(Route earlier, Route later) {
        Optional<String> common = commonKey(earlier.source(), later.source());
        if (common.isEmpty()) {
            return Optional.empty();
        }
        String key = common.get();
        String both = "route '" + earlier.name() + "' takes keys such as '" + key + "', too";
        Optional<RemotePath> path = path(later, key);
        boolean samePlace = path.isPresent()
                && path.equals(path(earlier, key))
                && Objects.requireNonNull(earlier.delivery())
                        .destination()
                        .equals(Objects.requireNonNull(later.delivery()).destination());
        return Optional.of(new ConfigWarning(
                "routes." + later.name() + ".source",
                samePlace,
                samePlace
                        ? both + ", and both deliver them to '" + path.get() + "': each object becomes two files that"
                                + " want one name"
                        : both + ": each such object becomes two files, one for each route"));
    }

    /** A key that both take. */
    private static Optional<String> commonKey(SourceFilter one, SourceFilter other) {
        boolean common = one.bucket().equals(other.bucket())
                && (one.prefix().startsWith(other.prefix()) || other.prefix().startsWith(one.prefix()))
                && (one.suffix().endsWith(other.suffix()) || other.suffix().endsWith(one.suffix()));
        return common
                ? Optional.of(longer(one.prefix(), other.prefix()) + "a" + longer(one.suffix(), other.suffix()))
                : Optional.empty();
    }

    private static String longer(String one, String other) {
        return one.length() >= other.length() ? one : other;
    }

    private static Optional<RemotePath> path(Route route, String key) {
        var source = new SourceObject(route.source().bucket(), key, null, "etag", 0, Instant.EPOCH);
        return Optional.ofNullable(route.delivery())
                .map(delivery -> delivery.path().expand(route, source))
                .flatMap(expansion -> expansion instanceof PathTemplate.Expansion.Path(var path) ? Optional.of(path)
                        : Optional.empty());
    }

    /** Routes of one destination and one template, which give two files of the same name one path. */
    private static Optional<ConfigWarning> ofSharedPaths(List<Route> alike) {
        Route first = alike.getFirst();
        Delivery delivery = Objects.requireNonNull(first.delivery());
        if (delivery.onConflict() == ConflictPolicy.KEEP_BOTH) {
            return Optional.empty();
        }
        Optional<RemotePath> path = path(first, exampleKey(first));
        List<Route> same = alike.stream()
                .filter(route -> commonKey(first.source(), route.source()).isEmpty() || route.equals(first))
                .filter(route -> path.isPresent() && path.equals(path(route, exampleKey(route))))
                .toList();
        if (same.size() < 2) {
            return Optional.empty();
        }
        String names = same.stream().map(route -> "'" + route.name() + "'").collect(Collectors.joining(", "));
        return Optional.of(new ConfigWarning(
                "routes." + same.getLast().name() + ".deliver.path",
                false,
                "matters only if files of different routes have one name: the routes " + names + " give keys such as '"
                        + exampleKey(first) + "' and '" + exampleKey(same.getLast()) + "' one path at "
                        + delivery.destination() + " by '" + delivery.path() + "'; {route} tells them apart"));
    }

    private static String exampleKey(Route route) {
        return route.source().prefix() + "a" + route.source().suffix();
    }
}
