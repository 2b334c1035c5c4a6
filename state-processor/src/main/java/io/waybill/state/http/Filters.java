package io.waybill.state.http;

import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.domain.Status;
import io.waybill.runtime.api.FilterRequest;
import io.waybill.state.query.FileFilter;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Translates the filter in a request about many files into a filter of the table. */
final class Filters {
    private Filters() {}

    static FileFilter of(FilterRequest request, Action action) {
        Set<Status> statuses =
                optional("status", request.status(), Parameters::statuses).orElse(Set.of());
        var filter = new FileFilter(
                statuses,
                optional("route", request.route(), RouteName::new),
                optional("destination", request.destination(), DestinationName::new),
                optional("failure", request.failure(), Parameters::failure),
                optional("since", request.since(), Parameters::instant),
                optional("until", request.until(), Parameters::instant));
        if (filter.equals(FileFilter.ALL)) {
            // An empty filter is refused, so that a filter that was lost on the way does not mean every file.
            throw ApiException.badRequest(
                    "filter: expected at least one of " + String.join(", ", Body.fields(FilterRequest.class)));
        }
        if (action == Action.RESEND && filter.since().isEmpty()) {
            // Otherwise a forgotten filter would send again everything that was ever delivered.
            throw ApiException.badRequest("filter.since: a resend of many files needs the time since which they were"
                    + " delivered");
        }
        if (!action.statuses().containsAll(statuses)) {
            throw ApiException.badRequest(
                    "filter.status: a " + action.word() + " is for files that are " + action.statuses() + ", was "
                            + statuses);
        }
        return statuses.isEmpty() ? filter.in(action.statuses()) : filter;
    }

    private static <T> Optional<T> optional(String field, @Nullable String text, Function<String, T> parser) {
        return Optional.ofNullable(text).map(given -> Parameters.parsed(field, given, parser));
    }
}
