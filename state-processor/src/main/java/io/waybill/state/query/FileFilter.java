package io.waybill.state.query;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.RouteName;
import io.waybill.domain.Status;
import io.waybill.domain.Target;
import io.waybill.runtime.access.Scope;
import io.waybill.state.index.FileGroup;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Selects files. An empty component does not limit the selection.
 *
 * @param statuses any of these
 * @param failure  the kind of failure of files that are FAILED; with the status PENDING also of what files wait for
 * @param since    the earliest time of the file's last change
 * @param until    the file's last change was before this time
 * @param key      the key of the object
 * @param bucket   the bucket of the object
 * @param name     a part of the last part of the key
 * @param path     a part of the path at the destination
 * @param scope    of the caller: no file outside of it matches
 * @param waiting  whether only files that wait after a failure or a deferral match
 */
public record FileFilter(
        Set<Status> statuses,
        Optional<RouteName> route,
        Optional<DestinationName> destination,
        Optional<FailureKind> failure,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<String> key,
        Optional<String> bucket,
        Optional<String> name,
        Optional<String> path,
        Scope scope,
        boolean waiting) {
    /** Every file. */
    public static final FileFilter ALL = new FileFilter(
            Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public FileFilter {
        statuses = Set.copyOf(statuses);
    }

    /** Files of any name, whether they wait or not. */
    public FileFilter(
            Set<Status> statuses,
            Optional<RouteName> route,
            Optional<DestinationName> destination,
            Optional<FailureKind> failure,
            Optional<Instant> since,
            Optional<Instant> until) {
        this(
                statuses,
                route,
                destination,
                failure,
                since,
                until,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** Files of any bucket and scope. */
    public FileFilter(
            Set<Status> statuses,
            Optional<RouteName> route,
            Optional<DestinationName> destination,
            Optional<FailureKind> failure,
            Optional<Instant> since,
            Optional<Instant> until,
            Optional<String> key,
            Optional<String> name,
            Optional<String> path,
            boolean waiting) {
        this(statuses, route, destination, failure, since, until, key, Optional.empty(), name, path, Scope.ALL,
                waiting);
    }

    public boolean matches(FileState file) {
        return matches(FileGroup.of(file))
                && since.map(instant -> !file.changedAt().isBefore(instant)).orElse(true)
                && until.map(instant -> file.changedAt().isBefore(instant)).orElse(true)
                && matchesName(file)
                && (!waiting || file.phase() instanceof Phase.Waiting);
    }

    private boolean matchesName(FileState file) {
        String objectKey = file.source().key();
        Target target = file.target();
        return key.map(objectKey::equals).orElse(true)
                && bucket.map(file.source().bucket()::equals).orElse(true)
                && name.map(objectKey.substring(objectKey.lastIndexOf('/') + 1)::contains).orElse(true)
                && path.map(part -> target != null && target.path().value().contains(part)).orElse(true);
    }

    /** Whether the counts of the groups that match are the number of files that match. */
    public boolean countable() {
        return since.isEmpty() && until.isEmpty() && key.isEmpty() && bucket.isEmpty() && name.isEmpty()
                && path.isEmpty() && !waiting;
    }

    /** Whether files of a group may match. */
    public boolean matches(FileGroup group) {
        return scope.allows(group.route(), group.destination())
                && (!waiting || group.status() == Status.PENDING)
                && (statuses.isEmpty() || statuses.contains(group.status()))
                && route.map(group.route()::equals).orElse(true)
                && destination.map(name -> name.equals(group.destination())).orElse(true)
                && failure.map(kind -> kind == group.failure() && hasFailed(group)).orElse(true);
    }

    /** Files that are held back have a failure, too, but count as failed only for a filter that asks for such files. */
    private boolean hasFailed(FileGroup group) {
        return waiting || group.status() != Status.PENDING || statuses.contains(Status.PENDING);
    }

    /** Whether files of all groups may match. */
    boolean matchesEveryGroup() {
        return scope.all() && !waiting && statuses.isEmpty() && route.isEmpty() && destination.isEmpty()
                && failure.isEmpty();
    }

    /** The same filter for files in other statuses. */
    public FileFilter in(Set<Status> instead) {
        return new FileFilter(instead, route, destination, failure, since, until, key, bucket, name, path, scope,
                waiting);
    }

    /** The same filter for files of a scope only. */
    public FileFilter within(Scope narrower) {
        return new FileFilter(
                statuses, route, destination, failure, since, until, key, bucket, name, path, narrower, waiting);
    }
}
