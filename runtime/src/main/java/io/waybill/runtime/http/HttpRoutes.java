package io.waybill.runtime.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;

/** HTTP routes that belong together. A service gives all of its own as an {@link HttpService}. */
public interface HttpRoutes {
    /**
     * Adds handlers, each with the {@link io.waybill.runtime.access.Permission}s of which its caller needs one, and with
     * its {@link QueryParameters} if it takes any. Nobody can use a route without a permission. Called once, before the
     * server listens.
     */
    void addTo(RoutesConfig routes);

    /** The addresses from which a person who opens the server finds the others, such as "/v1/files". */
    default List<String> entries() {
        return List.of();
    }

    /** The gate refused a request, to whichever route. The answer is made, and not sent yet. No handler sees the request. */
    default void refused(Context http) {
        // Most routes need not know.
    }
}
