package io.waybill.state.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.waybill.domain.FileId;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.api.SummaryAnswer;
import io.waybill.runtime.http.HttpRoutes;
import io.waybill.state.index.Summary;
import io.waybill.state.query.FileFilter;
import io.waybill.state.query.TableNotReadyException;
import io.waybill.state.table.HistoryEntry;
import io.waybill.state.write.NotWrittenException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The routes below {@code /v1}: they show files and take requests about files. Another route serves the document that
 * describes them.
 */
public final class FileRoutes implements HttpRoutes {
    private static final String FILES = "/v1/files";
    private static final String OBJECTS = "/v1/objects";
    private static final String SUMMARY = "/v1/summary";

    private final VisibleFiles files;
    private final Cluster cluster;
    private final PeerClient peers;
    private final FileRequests requests;
    private final ImportRequests imports;
    private final Pages pages;
    private final BulkRequests bulk;
    private final StatusRoute status;
    private final ExplainRoutes explain;
    private final DeadLetterRoute letters;
    private final AuditRoute audit;
    private final PauseRequests pauses;
    private final ApprovalRequests approvals;

    public FileRoutes(
            VisibleFiles files,
            Pages pages,
            Cluster cluster,
            PeerClient peers,
            FileRequests requests,
            ImportRequests imports,
            BulkRequests bulk,
            StatusRoute status,
            ExplainRoutes explain,
            DeadLetterRoute letters,
            AuditRoute audit,
            PauseRequests pauses,
            ApprovalRequests approvals) {
        this.files = files;
        this.pages = pages;
        this.bulk = bulk;
        this.status = status;
        this.explain = explain;
        this.letters = letters;
        this.audit = audit;
        this.pauses = pauses;
        this.approvals = approvals;
        this.cluster = cluster;
        this.peers = peers;
        this.requests = requests;
        this.imports = imports;
    }

    @Override
    public void addTo(RoutesConfig routes) {
        routes.get(FILES, this::list, Permission.READ, Parameters.LIST);
        routes.get(OBJECTS, this::object, Permission.READ, Parameters.OBJECT);
        routes.get("/v1/files/{id}", byOwner(this::show), Permission.READ);
        routes.get("/v1/files/{id}/history", byOwner(this::history), Permission.READ);
        routes.get("/v1/files/{id}/why", byOwner(explain::why), Permission.READ);
        routes.get(SUMMARY, this::summary, Permission.READ);
        routes.get(StatusRoute.PATH, status::show, Permission.READ);
        routes.get(DeadLetterRoute.PATH, letters::show, Permission.READ, Parameters.LETTERS);
        routes.get(AuditRoute.PATH, audit::show, Permission.ADMINISTER, Parameters.AUDIT);
        routes.get(ExplainRoutes.ROUTES, explain::routes, Permission.READ, Parameters.EXPLAIN);
        routes.post("/v1/files/{id}/redrive", byOwner(requests::redrive), Permission.OPERATE);
        routes.post("/v1/files/{id}/resend", byOwner(requests::resend), Permission.OPERATE);
        routes.post("/v1/files/{id}/forget", byOwner(requests::forget), Permission.ADMINISTER);
        routes.post("/v1/files/{id}/resolve", byOwner(requests::resolve), Permission.OPERATE);
        routes.post("/v1/files/{id}/cancel", byOwner(requests::cancel), Permission.OPERATE);
        routes.post("/v1/files/{id}/retry", byOwner(requests::retry), Permission.OPERATE);
        routes.post("/v1/destinations/{name}/retry", requests::retryDestination, Permission.OPERATE);
        pauses.addTo(routes);
        approvals.addTo(routes);
        routes.post("/v1/files/{id}/import", byOwner(imports::report), Permission.IMPORT);
        routes.post("/v1/redrive", bulk::redrive, Permission.OPERATE);
        routes.post("/v1/resend", bulk::resend, Permission.OPERATE);
        routes.post("/v1/cancel", bulk::cancel, Permission.OPERATE);
        routes.get(ApiDocument.PATH, ApiDocument::show, Permission.READ);
        routes.exception(ApiException.class, (e, http) -> http.status(e.status()).json(e.body()));
        routes.exception(TableNotReadyException.class, (e, http) -> notReady(http, String.valueOf(e.getMessage())));
        routes.exception(NotWrittenException.class,
                (e, http) -> notReady(http, String.valueOf(e.getMessage())));
    }

    @Override
    public List<String> entries() {
        return List.of(
                ApiDocument.PATH,
                StatusRoute.PATH,
                SUMMARY,
                FILES,
                OBJECTS,
                DeadLetterRoute.PATH,
                AuditRoute.PATH,
                ExplainRoutes.ROUTES,
                PauseRequests.PATH,
                ApprovalRequests.PATH);
    }

    private static void notReady(Context http, String why) {
        http.status(503).header("Retry-After", "1").json(ApiException.unavailable(why).body());
    }

    /** Lets the instance that owns the file's partition answer. */
    private Handler byOwner(Handler here) {
        return http -> {
            FileId id = Parameters.id(http);
            Optional<URI> owner = PeerClient.passedOn(http) ? Optional.empty() : cluster.owner(id);
            if (owner.isPresent()) {
                peers.passOn(http, owner.get());
            } else {
                here.handle(http);
            }
        };
    }

    private List<URI> others(Context http) {
        return PeerClient.passedOn(http) ? List.of() : cluster.others();
    }

    private void show(Context http) {
        FileId id = Parameters.id(http);
        http.json(files.whole(files.of(http).find(id).orElseThrow(() -> ApiException.unknownFile(id.value()))));
    }

    private void history(Context http) {
        FileId id = Parameters.id(http);
        List<HistoryEntry> history = files.of(http).history(id);
        if (history.isEmpty() && files.of(http).find(id).isEmpty()) {
            throw ApiException.unknownFile(id.value());
        }
        http.json(FileAnswers.history(id, history));
    }

    private void list(Context http) {
        FileFilter filter = Parameters.filter(http);
        int limit = Parameters.limit(http);
        http.json(Parameters.newest(http)
                ? pages.newest(http, filter, Parameters.position(http), limit, others(http))
                : pages.page(http, filter, Parameters.cursor(http), limit, others(http)));
    }

    /** The files of one object: of its versions, and of each route that takes it. */
    private void object(Context http) {
        http.json(pages.newest(
                http, Parameters.object(http), Parameters.position(http), Parameters.limit(http), others(http)));
    }

    private void summary(Context http) {
        var asked = peers.asked(http, SUMMARY, others(http), SummaryAnswer.class);
        var sum = new Summary(files.of(http).counts());
        asked.answers().forEach(sum::add);
        http.json(sum.answer());
    }
}
