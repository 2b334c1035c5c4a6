package io.waybill.runtime.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.security.RouteRole;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parameters that a route takes in the query of its address. A route declares them when it is added, beside its
 * {@link io.waybill.runtime.access.Permission}s. One that declares none takes none. The endpoint refuses all others before
 * the handler runs: an unknown parameter is mostly a misspelt one, and without it the answer would be about more than was
 * asked for. Of a parameter that comes twice, nobody knows which one is meant.
 *
 * @param names in the order in which a refusal names them
 * @param any   whether the route takes whatever comes
 */
public record QueryParameters(List<String> names, boolean any) implements RouteRole {
    /** For addresses to which probes, scrapers and issuers add parameters of their own. */
    public static final QueryParameters ANY = new QueryParameters(List.of(), true);

    /** Of a route that declares none. */
    public static final QueryParameters NONE = new QueryParameters(List.of(), false);

    public QueryParameters {
        names = List.copyOf(names);
    }

    public static QueryParameters of(String... names) {
        return new QueryParameters(List.of(names), false);
    }

    /** Why the request cannot be answered; empty if its parameters are those of its route. */
    static Optional<String> fault(Context http) {
        QueryParameters declared = http.routeRoles().stream()
                .filter(QueryParameters.class::isInstance)
                .map(QueryParameters.class::cast)
                .findFirst()
                .orElse(NONE);
        return declared.fault(new TreeMap<>(http.queryParamMap()), HandlerType.GET.equals(http.method()));
    }

    private Optional<String> fault(TreeMap<String, List<String>> given, boolean reads) {
        if (any) {
            return Optional.empty();
        }
        List<String> unknown = given.keySet().stream().filter(name -> !names.contains(name)).toList();
        if (!unknown.isEmpty()) {
            return Optional.of("unknown parameter " + String.join(", ", unknown) + known(reads));
        }
        return given.entrySet().stream()
                .filter(parameter -> parameter.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .findFirst()
                .map(name -> name + ": the parameter is given more than once");
    }

    private String known(boolean reads) {
        if (!names.isEmpty()) {
            return "; known are " + String.join(", ", names);
        }
        return reads ? "; there are none here" : "; there are none here: this request takes the fields of its body";
    }
}
