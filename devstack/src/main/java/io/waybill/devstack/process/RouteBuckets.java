package io.waybill.devstack.process;

import io.waybill.devstack.servers.EmbeddedS3;
import io.waybill.domain.Route;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.text.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The buckets that the embedded store must have for some routes.
 *
 * <p>A bucket that does not exist is made, but not if its name looks like a mistyping. It does if it is near the name of a
 * bucket that exists and from which no route takes files. A bucket made by mistake would stay empty, and nobody would
 * learn why.
 */
final class RouteBuckets {
    private final Collection<Route> routes;
    private final Set<String> existing;
    private final Set<String> intended;

    /**
     * @param existing buckets of the store
     * @param intended names that the user gave twice, so that they are no mistyping
     */
    RouteBuckets(Collection<Route> routes, Set<String> existing, Set<String> intended) {
        this.routes = routes;
        this.existing = existing;
        this.intended = intended;
    }

    /** All names, those of buckets that exist included. */
    Set<String> names() {
        return routes.stream().map(route -> route.source().bucket()).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Finds the names that are no names of buckets, or seem to be mistyped.
     *
     * @param place where the routes are configured, for people
     */
    void requireMeant(String place) {
        var unused = new TreeSet<>(existing);
        unused.removeAll(names());
        List<String> problems = new ArrayList<>();
        for (Route route : routes) {
            fault(route.source().bucket(), unused)
                    .ifPresent(fault -> problems.add(place + ": routes." + route.name() + ".source.bucket: " + fault));
        }
        if (!problems.isEmpty()) {
            throw new BadConfigurationException(problems);
        }
    }

    private Optional<String> fault(String bucket, Set<String> unused) {
        if (!EmbeddedS3.isBucketName(bucket)) {
            return Optional.of("the embedded store cannot have a bucket '" + bucket
                    + "': a name has 3 to 255 letters, digits, '.', '-' and '_', and is no IP address");
        }
        if (existing.contains(bucket) || intended.contains(bucket)) {
            return Optional.empty();
        }
        return Suggestion.near(bucket, unused).map(near -> "there is no bucket '" + bucket
                + "', and no route takes files from the bucket '" + near + "'; did you mean '" + near
                + "'? If not, start with --bucket " + bucket);
    }
}
