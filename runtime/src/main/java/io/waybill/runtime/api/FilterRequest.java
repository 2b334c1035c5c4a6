package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Selects the files that match every given value.
 *
 * @param status      one, or several with commas between
 * @param route       its name
 * @param destination its name
 * @param failure     the kind; of files that are FAILED
 * @param since       ISO 8601 in UTC; changed then or later
 * @param until       ISO 8601 in UTC; changed before
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FilterRequest(
        @Nullable String status,
        @Nullable String route,
        @Nullable String destination,
        @Nullable String failure,
        @Nullable String since,
        @Nullable String until) {
    /** Every file. */
    public static final FilterRequest ALL = new FilterRequest(null, null, null, null, null, null);

    /** The same files, if they were last changed before an instant. */
    public FilterRequest before(String instant) {
        return new FilterRequest(status, route, destination, failure, since, instant);
    }
}
