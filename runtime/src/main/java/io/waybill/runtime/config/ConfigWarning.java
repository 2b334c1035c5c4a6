package io.waybill.runtime.config;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Delivery;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.Route;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
}
