package io.waybill.runtime.http;

import io.javalin.config.RoutesConfig;

/** What a service offers over HTTP. */
public interface HttpRoutes {
    /** Adds handlers; called once, before the server listens. */
    void addTo(RoutesConfig routes);
}
