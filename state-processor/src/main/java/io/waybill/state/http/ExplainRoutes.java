package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Status;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.explain.FileExplainer;
import io.waybill.runtime.explain.RouteExplainer;
import io.waybill.runtime.http.Gate;
import io.waybill.state.query.TableNotReadyException;
import java.util.Optional;
import java.util.function.BiFunction;

/** Answers what Waybill does, and why. */
public final class ExplainRoutes {
    static final String ROUTES = "/v1/explain";

    private final VisibleFiles files;
    private final RouteExplainer routes;
    private final FileExplainer why;
    private final BiFunction<Context, FileState, Optional<FileAnswer>> newer;

    /**
     * @param newer finds a newer version of the file's object at its target that the caller sees
     */
    public ExplainRoutes(
            VisibleFiles files, WaybillConfig config, BiFunction<Context, FileState, Optional<FileAnswer>> newer) {
        this.files = files;
        this.newer = newer;
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
        http.json(why.why(file, files.halt(file), newer(http, file)));
    }

    /** What is known of this file is worth an answer, also while another instance does not answer. */
    private Optional<FileId> newer(Context http, FileState file) {
        if (file.status() != Status.COMPLETED || file.onConflict() != ConflictPolicy.REPLACE) {
            return Optional.empty();
        }
        try {
            return newer.apply(http, file).map(other -> new FileId(other.id()));
        } catch (ApiException | TableNotReadyException e) {
            return Optional.empty();
        }
    }
}
