package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.explain.FileExplainer;
import io.waybill.runtime.explain.RouteExplainer;
import io.waybill.runtime.http.Gate;

/** Answers what Waybill does, and why. */
public final class ExplainRoutes {
    static final String ROUTES = "/v1/explain";

    private final VisibleFiles files;
    private final RouteExplainer routes;
    private final FileExplainer why;

    public ExplainRoutes(VisibleFiles files, WaybillConfig config) {
        this.files = files;
        routes = new RouteExplainer(config);
        why = new FileExplainer(config);
    }

    /** Every instance answers for itself: from its own configuration. */
    void routes(Context http) {
        http.json(routes.explain(Parameters.question(http), Gate.principal(http).scope()));
    }

    /** The instance that has the file answers. */
    void why(Context http) {
        FileId id = Parameters.id(http);
        FileState file = files.of(http).find(id).orElseThrow(() -> ApiException.unknownFile(id.value()));
        http.json(why.why(file, files.halt(file)));
    }
}
