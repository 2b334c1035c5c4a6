package io.waybill.runtime.http;

import io.javalin.config.RoutesConfig;

/** The HTTP routes of a service. */
public interface HttpRoutes {
    /** Adds handlers; called once, before the server listens. */
    void addTo(RoutesConfig routes);
}
