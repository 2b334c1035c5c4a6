package io.waybill.state.http;

import io.javalin.config.RoutesConfig;
import io.javalin.security.Roles;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waybill.domain.Attempt;
import io.waybill.domain.Control;
import io.waybill.domain.ControlRecord;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.Decision;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.Release;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.domain.Suspension;
import io.waybill.domain.Target;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.audit.ChainHead;
import io.waybill.runtime.api.StatusAnswer.HeldPartition;
import io.waybill.runtime.api.StatusAnswer.RecordLetter;
import io.waybill.runtime.api.StatusAnswer.RecordLetters;
import io.waybill.runtime.api.forget.ForgetAnswer.Remaining;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.http.HttpEndpoint;
import io.waybill.runtime.http.QueryParameters;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.status.LiveWorkers;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.state.approval.ApprovalSettings;
import io.waybill.state.approval.Approvals;
import io.waybill.state.audit.AuditTrail;
import io.waybill.state.index.FileCounts;
import io.waybill.state.index.FileGroup;
import io.waybill.state.index.FlowCounts;
import io.waybill.state.index.GroupKey;
import io.waybill.state.index.LaneWork;
import io.waybill.state.index.TaskFileCounts;
import io.waybill.state.live.DestinationRoutes;
import io.waybill.state.live.FlowRoute;
import io.waybill.state.live.LiveAnswers;
import io.waybill.state.live.ScalingRoute;
import io.waybill.state.live.WantedLanes;
import io.waybill.state.newer.NewerVersions;
import io.waybill.state.query.FileFilter;
import io.waybill.state.query.FileQueries;
import io.waybill.state.query.TableNotReadyException;
import io.waybill.state.table.HistoryEntry;
import io.waybill.state.table.Rules;
import io.waybill.state.table.StateChangeListeners;
import io.waybill.state.write.Change;
import io.waybill.state.write.NotWrittenException;
import io.waybill.testkit.api.ApiContract;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * The routes over HTTP, on a table in memory to which the rules apply what is written. Every request of a test goes
 * through {@link #answer}, which holds it and its answer against docs/openapi.yaml.
 */
final class ApiUnderTest extends ApiCaller<ApiUnderTest> implements FileQueries, Cluster {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String CONFIGURATION =
            """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            destinations:
              acme:
                host: sftp.acme.example
                user: waybill
                password: env:ACME_PASSWORD
                hostKeys: ["SHA256:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo"]
            routes:
              invoices:
                source: { bucket: outbound, prefix: invoices/ }
                deliver: { destination: acme, path: "/incoming/{name}" }
              drop:
                source: { bucket: inbound }
                import: { required: true }
              pulse:
                source: { bucket: inbound, prefix: pulse/ }
                import: { required: true, heartbeat: 5m }
            """;

    /** Of all tests: compiling its schemas takes longer than any of them. */
    private static final ApiContract CONTRACT = ApiContract.shipped();

    final List<FileEvent> written = new CopyOnWriteArrayList<>();
    /** Each as it was written: all of it or nothing. */
    final List<Change> changed = new CopyOnWriteArrayList<>();
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final List<Release> released = new CopyOnWriteArrayList<>();
    final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    final List<Suspension> suspended = new CopyOnWriteArrayList<>();
    final Approvals approvals = new Approvals();
    final Map<FileId, HistoryEntry> moves = new HashMap<>();
    final LiveWorkers workers = new LiveWorkers(ProcessClock.of(() -> NOW, () -> 0));
    private final FileCounts flows = new FileCounts();
    private final TaskFileCounts counted = new TaskFileCounts();
    private final TreeMap<FileId, FileState> files = new TreeMap<>();
    private final Map<FileId, URI> elsewhere = new HashMap<>();
    private final List<URI> others = new ArrayList<>();
    private final StateChangeListeners changes = new StateChangeListeners();
    private final WaybillConfig config = WaybillConfig.parse(
            "test", CONFIGURATION, new Overrides(Map.of(), Map.of("ACME_PASSWORD", "secret")), List.of());
    private final Rules rules = new Rules(config);
    private final PeerClient peers;
    private final HttpEndpoint endpoint;
    private final URI base;
    private final Map<String, Health> health = new ConcurrentHashMap<>(Map.of("state-processor", Health.UP));
    private Duration waited = Duration.ZERO;
    private boolean ready = true;
    private boolean applying = true;
    private boolean broken;
    boolean configStale;
    private @Nullable RoutesConfig served;
    private @Nullable FileEvent rival;

    ApiUnderTest() {
        this(CONTRACT);
    }

    /** With a login, or without. */
    ApiUnderTest(AccessSettings access) {
        this(CONTRACT, access);
    }

    /**
     * With a contract of its own.
     *
     * @param contract what all requests and answers are held against
     */
    ApiUnderTest(ApiContract contract) {
        this(contract, AccessSettings.UNSAID);
    }

    ApiUnderTest(ApiContract contract, AccessSettings access) {
        this(contract, access, 0);
    }

    /** One that lets requests about more files wait for a second person. */
    static ApiUnderTest withFourEyes(AccessSettings access, int bulk) {
        return withFourEyes(CONTRACT, access, bulk);
    }

    static ApiUnderTest withFourEyes(ApiContract contract, AccessSettings access, int bulk) {
        return new ApiUnderTest(contract, access, bulk);
    }

    private ApiUnderTest(ApiContract contract, AccessSettings access, int bulk) {
        super(contract);
        peers = PeerClient.of(
                new HttpSettings("127.0.0.1", 0, Optional.empty(), List.of(), access), InstantSource.system());
        flows.opened(new TaskId(0, 0), counted);
        var halts = Halts.of(config);
        var visible = new VisibleFiles(
                this, halts, file -> LiveAnswers.progress(workers, file), () -> NOW.plus(waited));
        var trail = new AuditTrail(this::write, meters, () -> NOW);
        var newer = new NewerVersions(visible, this, peers);
        var requests = new FileRequests(
                visible,
                rules,
                this::write,
                List.of(new Remaining("waybill.ready-files", "its path", "30 days after it was written")),
                newer,
                () -> NOW);
        var pages = new Pages(visible, peers, rules);
        var asked = new ApprovalRequests(
                approvals, new ApprovalSettings(bulk, Duration.ofHours(24)), halts, () -> ready, this::write,
                () -> NOW.plus(waited));
        var routes = new FileRoutes(
                visible,
                pages,
                this,
                peers,
                requests,
                new ImportRequests(requests, changes, Duration.ofMillis(200)),
                new BulkRequests(pages, this, peers, requests, asked, trail,
                        ProcessClock.of(() -> NOW.plus(waited), () -> waited.toNanos()), this::letPass),
                new StatusRoute(
                        visible,
                        this,
                        peers,
                        () -> Optional.of(Map.of("transfer-worker", 7L)),
                        new Troubles(),
                        () -> configStale),
                new ExplainRoutes(visible, config, newer),
                new DeadLetterRoute(this::readLetters, "s3-notifications", () -> NOW),
                new AuditRoute(this::readAudit, () -> NOW),
                new PauseRequests(visible, () -> ready, rules, this::write, () -> NOW),
                asked);
        endpoint = new HttpEndpoint(
                new HttpSettings("127.0.0.1", 0, Optional.empty(), List.of(), access),
                () -> health,
                meters,
                // The second one sees what the first has added, and what the endpoint itself has.
                List.of(
                        trail,
                        routes,
                        newer,
                        new DestinationRoutes(config, visible, this, peers, workers),
                        new FlowRoute(visible, this, peers, () -> NOW.plus(waited)),
                        new ScalingRoute(
                                visible, this, peers, new WantedLanes(halts, workers, () -> NOW.plus(waited))),
                        all -> served = all),
                // Tokens that others issue are good by the clock of the machine.
                ProcessClock.system());
        peers.start();
        base = URI.create("http://127.0.0.1:" + endpoint.start());
    }

    @Override
    URI base() {
        return base;
    }

    @Override
    ApiUnderTest self() {
        return this;
    }

    private static final class Troubles implements StatusRoute.Troubles {
        @Override
        public Optional<List<HeldPartition>> held() {
            return Optional.of(List.of(new HeldPartition(3, "a mark cannot be read")));
        }

        @Override
        public Optional<RecordLetters> letters() {
            var newest = new RecordLetter(NOW.toString(), "s3-notifications-1@17", "not JSON");
            return Optional.of(new RecordLetters(1, NOW.toString(), List.of(newest), true));
        }
    }

    /** Every route of the server, such as "GET /v1/files". */
    List<String> routes() {
        return Objects.requireNonNull(served).getCfg$javalin().internalRouter.allHttpHandlers().stream()
                .filter(parsed -> parsed.endpoint.method.isHttpMethod())
                .map(parsed -> parsed.endpoint.method.name() + " " + parsed.endpoint.path)
                .toList();
    }

    /** The parameters that each route of the server takes in its query. */
    Map<String, QueryParameters> queries() {
        var queries = new TreeMap<String, QueryParameters>();
        Objects.requireNonNull(served).getCfg$javalin().internalRouter.allHttpHandlers().stream()
                .map(parsed -> parsed.endpoint)
                .filter(route -> route.method.isHttpMethod())
                .forEach(route -> queries.put(
                        route.method.name() + " " + route.path,
                        Objects.requireNonNull(route.metadata(Roles.class)).getRoles().stream()
                                .filter(QueryParameters.class::isInstance)
                                .map(QueryParameters.class::cast)
                                .findFirst()
                                .orElse(QueryParameters.NONE)));
        return queries;
    }

    /** The routes without the pages of the login, which the document does not have. */
    List<String> documented() {
        return routes().stream().filter(route -> !route.contains(" /log")).toList();
    }

    static FileId id(String route, String key) {
        return arrival(route, key).id();
    }

    static Arrived arrival(String route, String key) {
        var source = new SourceObject("outbound", key, null, "e1", 42, NOW);
        var name = new RouteName(route);
        return new Arrived(FileId.of(name, source.bucket(), key, source.version()), NOW, name, source);
    }

    /** A version of an object of the route invoices that was written some minutes after the first one. */
    FileId arriveNewer(String key, int minutes) {
        var source = new SourceObject(
                "outbound", key, "v" + minutes, "e" + minutes, 42, NOW.plus(Duration.ofMinutes(minutes)));
        var name = new RouteName("invoices");
        var arrived = new Arrived(FileId.of(name, source.bucket(), key, source.version()), NOW, name, source);
        return happened(arrived).id();
    }

    /** The same, delivered. */
    FileId deliveredNewer(String key, int minutes) {
        FileId id = arriveNewer(key, minutes);
        var receipt = completed(key, 1).receipt();
        return happened(new Completed(id, NOW, Stage.DELIVERY, Attempt.FIRST, receipt)).id();
    }

    FileId arrive(String route, String key) {
        return happened(arrival(route, key)).id();
    }

    /** A file whose first attempt failed for good. */
    FileId givenUp() {
        FileId id = arrive("invoices", "invoices/given-up");
        happened(new Failed(
                id, NOW, Stage.DELIVERY, Attempt.FIRST, new Failure(FailureKind.FORBIDDEN, "may not write")));
        return id;
    }

    /** The worker's report that a sending delivered a file of the route invoices. */
    static Completed completed(String key, int sending) {
        var receipt = new Receipt(
                new RemotePath("/incoming/" + key), 42, "0".repeat(64), Proof.SIZE, DestinationClass.ATOMIC_DURABLE,
                Duration.ofMillis(250));
        return new Completed(id("invoices", key), NOW, Stage.DELIVERY, new Attempt(sending, 1), receipt);
    }

    /** A file of the route invoices that was delivered. */
    FileId delivered(String key) {
        arrive("invoices", key);
        return happened(completed(key, 1)).id();
    }

    /** Makes an event happen, as the state-processor would. */
    FileState happened(FileEvent event) {
        FileState before = files.get(event.id());
        // What is written is applied a little later.
        if (rules.decide(before, event, event.at().plusMillis(3)) instanceof Decision.Moved(var after, _)) {
            files.put(event.id(), after);
            counted.moved(before, after);
            moves.put(event.id(), new HistoryEntry(
                    event.at().toString(), event.getClass().getSimpleName(), after.status(), 1, 1, 1, "for a test",
                    List.of()));
            if (after.forgotten()) {
                moves.remove(event.id());
            }
            changes.changed(event, after);
        }
        return files.get(event.id());
    }

    /** The route of a file has another name in the configuration by now. */
    void removed(FileState file, String route) {
        files.put(file.id(), new FileState(
                file.id(), new RouteName(route), file.source(), file.target(), file.lane(), file.phase(),
                file.receipt(), file.version(), file.arrivedAt(), file.changedAt()));
    }

    void notReady() {
        ready = false;
        health.put("state-processor", Health.starting("REBALANCING"));
    }

    /** Beyond recovery. */
    void down() {
        health.put("state-processor", Health.down("has stopped"));
    }

    /** From now on, what is written is not read by anybody. */
    void stalled() {
        applying = false;
    }

    /** Another's event that gets into the topic just before the next one that is written here. */
    void overtakenBy(FileEvent event) {
        rival = event;
    }

    void knows(ApiUnderTest other) {
        others.add(other.base);
        other.files.keySet().forEach(id -> elsewhere.put(id, other.base));
    }

    void knowsOneThatIsDown() {
        others.add(URI.create("http://127.0.0.1:1"));
    }

    /** How long requests about many files have waited for their turn. */
    Duration waited() {
        return waited;
    }

    /** It is so much later. */
    void later(Duration time) {
        letPass(time);
    }

    private void letPass(Duration time) {
        waited = waited.plus(time);
    }

    /** Nothing can be written any more. */
    void broken() {
        broken = true;
    }

    private void write(Change change) {
        requireBroker();
        changed.add(change);
        change.controls().forEach(this::write);
        change.events().forEach(this::write);
    }

    /** The entries of the audit. */
    List<AuditEntry> audited() {
        return changed.stream().flatMap(change -> change.entries().stream()).toList();
    }

    private void write(ControlRecord record) {
        switch (record) {
            case Release release -> released.add(release);
            case Suspension suspension -> suspended.add(suspension);
            case ControlRecord.Approval _ -> {
                // Whoever wrote it has heard it.
            }
            case Control _ -> throw new AssertionError("only the rules give work up");
        }
    }

    private Optional<Boolean> readLetters(Instant since, int most, Consumer<DeadLetter> taker) {
        letters.forEach(taker);
        return broken ? Optional.empty() : Optional.of(true);
    }

    private Optional<Boolean> readAudit(Instant since, int most, Consumer<AuditRecord> taker) {
        audited().forEach(entry -> taker.accept(ChainHead.NONE.append(0, entry)));
        return broken ? Optional.empty() : Optional.of(true);
    }

    private void requireBroker() {
        if (broken) {
            throw new NotWrittenException("no broker", new IllegalStateException("no broker"));
        }
    }

    private void write(FileEvent event) {
        if (rival != null) {
            happened(rival);
        }
        written.add(event);
        if (applying) {
            happened(event);
        }
    }

    private void checkReady() {
        if (!ready) {
            throw new TableNotReadyException("the state-processor is REBALANCING");
        }
    }

    @Override
    public Optional<FileState> find(FileId id) {
        checkReady();
        return Optional.ofNullable(files.get(id));
    }

    @Override
    public List<HistoryEntry> history(FileId id) {
        checkReady();
        return moves.containsKey(id) ? List.of(moves.get(id)) : List.of();
    }

    @Override
    public Page page(FileFilter filter, Optional<FileId> after, int limit) {
        checkReady();
        List<FileState> rest = files.values().stream()
                .filter(file -> after.isEmpty() || file.id().compareTo(after.get()) > 0)
                .filter(filter::matches)
                .toList();
        List<FileState> page = rest.subList(0, Math.min(limit, rest.size()));
        return new Page(page, page.size() < rest.size() ? Optional.of(page.getLast().id()) : Optional.empty());
    }

    @Override
    public Newest newest(FileFilter filter, Optional<String> after, int limit) {
        checkReady();
        List<FileState> rest = files.values().stream()
                .filter(file -> after.isEmpty() || position(file).compareTo(after.get()) > 0)
                .filter(filter::matches)
                .sorted(Comparator.comparing(ApiUnderTest::position))
                .toList();
        List<FileState> page = rest.subList(0, Math.min(limit, rest.size()));
        return new Newest(page, page.size() < rest.size() ? Optional.of(position(page.getLast())) : Optional.empty());
    }

    @Override
    public Optional<FileState> newer(SourceObject than, Target at) {
        checkReady();
        return files.values().stream()
                .filter(file -> at.equals(file.target())
                        && file.source().key().equals(than.key())
                        && file.source().lastModified().isAfter(than.lastModified())
                        && (file.receipt() != null || !file.status().terminal()))
                .max(Comparator.comparing(file -> file.source().lastModified()));
    }

    private static String position(FileState file) {
        return GroupKey.position(file.arrivedAt(), file.id());
    }

    @Override
    public Map<RouteName, Instant> oldestOpen() {
        checkReady();
        var oldest = new HashMap<RouteName, Instant>();
        files.values().stream().filter(file -> !file.status().terminal()).forEach(file -> oldest.merge(
                file.route(), file.arrivedAt(), (one, other) -> one.isBefore(other) ? one : other));
        return oldest;
    }

    @Override
    public Map<FileGroup, Long> counts() {
        checkReady();
        var counts = new HashMap<FileGroup, Long>();
        files.values().forEach(file -> counts.merge(FileGroup.of(file), 1L, Long::sum));
        return counts;
    }

    @Override
    public Map<Long, Map<FlowCounts.Group, FlowCounts>> flow(long from) {
        checkReady();
        return flows.flow(from);
    }

    @Override
    public Map<LaneWork, Long> lanes() {
        checkReady();
        return flows.lanes();
    }

    @Override
    public Optional<URI> owner(FileId id) {
        return Optional.ofNullable(elsewhere.get(id));
    }

    @Override
    public List<URI> others() {
        return others;
    }

    @Override
    public void close() {
        super.close();
        endpoint.close();
        peers.close();
    }
}
