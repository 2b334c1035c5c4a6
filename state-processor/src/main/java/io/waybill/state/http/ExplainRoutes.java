package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.runtime.explain.RouteExplainer;
import io.waybill.runtime.http.Gate;

/** Answers what Waybill does, and why. */
public final class ExplainRoutes {
    static final String ROUTES = "/v1/explain";

    private final RouteExplainer routes;

    public ExplainRoutes(RouteExplainer routes) {
        this.routes = routes;
    }

    /** Every instance answers for itself: from its own configuration. */
    void routes(Context http) {
        http.json(routes.explain(Parameters.question(http), Gate.principal(http).scope()));
    }
}
