package io.waybill.state.http;

import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.domain.Status;
import io.waybill.state.table.FileFilter;
import java.util.List;
import java.util.Set;

/** The filter in a request about many files. */
final class FilterBody {
    private static final List<String> FIELDS =
            List.of("status", "route", "destination", "failure", "since", "until");

    private FilterBody() {}

    static FileFilter of(Body request, Action action) {
        Body body = request.object("filter", FIELDS);
        Set<Status> statuses = body.optional("status", Parameters::statuses).orElse(Set.of());
        var filter = new FileFilter(
                statuses,
                body.optional("route", RouteName::new),
                body.optional("destination", DestinationName::new),
                body.optional("failure", Parameters::failure),
                body.optional("since", Parameters::instant),
                body.optional("until", Parameters::instant));
        if (filter.equals(FileFilter.ALL)) {
            // So that a filter that was lost on the way does not mean every file.
            throw ApiException.badRequest("filter: expected at least one of " + String.join(", ", FIELDS));
        }
        if (!action.statuses().containsAll(statuses)) {
            throw ApiException.badRequest(
                    "filter.status: a " + action.word() + " is for files that are " + action.statuses() + ", was "
                            + statuses);
        }
        return statuses.isEmpty() ? filter.in(action.statuses()) : filter;
    }
}
