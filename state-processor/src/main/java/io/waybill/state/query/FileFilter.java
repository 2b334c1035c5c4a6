package io.waybill.state.query;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.domain.Status;
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
 */
public record FileFilter(
        Set<Status> statuses,
        Optional<RouteName> route,
        Optional<DestinationName> destination,
        Optional<FailureKind> failure,
        Optional<Instant> since,
        Optional<Instant> until) {
    /** Every file. */
    public static final FileFilter ALL = new FileFilter(
            Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public FileFilter {
        statuses = Set.copyOf(statuses);
    }

    public boolean matches(FileState file) {
        return matches(FileGroup.of(file))
                && since.map(instant -> !file.changedAt().isBefore(instant)).orElse(true)
                && until.map(instant -> file.changedAt().isBefore(instant)).orElse(true);
    }

    /** Whether files of a group may match. */
    boolean matches(FileGroup group) {
        return (statuses.isEmpty() || statuses.contains(group.status()))
                && route.map(group.route()::equals).orElse(true)
                && destination.map(name -> name.equals(group.destination())).orElse(true)
                && failure.map(kind -> kind == group.failure() && hasFailed(group)).orElse(true);
    }

    /** Files that are held back have a failure, too, but count as failed only for a filter that asks for such files. */
    private boolean hasFailed(FileGroup group) {
        return group.status() != Status.PENDING || statuses.contains(Status.PENDING);
    }

    /** Whether files of all groups may match. */
    boolean matchesEveryGroup() {
        return statuses.isEmpty() && route.isEmpty() && destination.isEmpty() && failure.isEmpty();
    }

    /** The same filter for files in other statuses. */
    public FileFilter in(Set<Status> instead) {
        return new FileFilter(instead, route, destination, failure, since, until);
    }
}
