package io.waybill.state;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.domain.Control;
import io.waybill.domain.ControlRecord.Approval;
import io.waybill.domain.Release;
import io.waybill.domain.Suspension;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.config.files.ConfigFiles;
import io.waybill.runtime.halt.ControlsFollower;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.http.HttpRoutes;
import io.waybill.runtime.http.HttpService;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.status.WorkerStatusFollower;
import io.waybill.runtime.streams.StreamsService;
import io.waybill.runtime.text.Reasons;
import io.waybill.runtime.time.Pause;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.state.approval.ApprovalSettings;
import io.waybill.state.approval.Approvals;
import io.waybill.state.audit.AuditTrail;
import io.waybill.state.http.ApprovalRequests;
import io.waybill.state.http.AuditRoute;
import io.waybill.state.http.BulkRequests;
import io.waybill.state.http.DeadLetterRoute;
import io.waybill.state.http.ExplainRoutes;
import io.waybill.state.http.FileRequests;
import io.waybill.state.http.FileRoutes;
import io.waybill.state.http.ImportRequests;
import io.waybill.state.http.Pages;
import io.waybill.state.http.PauseRequests;
import io.waybill.state.http.PeerClient;
import io.waybill.state.http.StatusRoute;
import io.waybill.state.http.VisibleFiles;
import io.waybill.state.index.FileCounts;
import io.waybill.state.index.OpenFilesMetrics;
import io.waybill.state.live.DestinationRoutes;
import io.waybill.state.live.FlowRoute;
import io.waybill.state.live.LiveAnswers;
import io.waybill.state.live.ScalingRoute;
import io.waybill.state.live.WantedLanes;
import io.waybill.state.newer.NewerVersions;
import io.waybill.state.query.CurrentTimeoutQueries;
import io.waybill.state.query.StoreQueries;
import io.waybill.state.table.Releases;
import io.waybill.state.table.Rules;
import io.waybill.state.table.StateChangeListeners;
import io.waybill.state.table.StateTopology;
import io.waybill.state.write.Change;
import io.waybill.state.write.NotWrittenException;
import io.waybill.state.write.TransactionalWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the state of every file, and answers for it over HTTP. */
public final class StateProcessor implements Service, HttpService {
    public static final String NAME = "state-processor";

    private static final Logger LOG = LoggerFactory.getLogger(StateProcessor.class);
    private static final Duration CLAIM_PATIENCE = Duration.ofSeconds(5);
    /** Less than commands wait. */
    private static final Duration LETTERS_PATIENCE = Duration.ofSeconds(15);

    private final StreamsService streams;
    private final TransactionalWriter writer;
    private final ControlsFollower controls;
    private final HaltWatch haltWatch;
    private final WorkerStatusFollower status;
    private final PeerClient peers;
    private final List<HttpRoutes> routes;

    public StateProcessor(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
        peers = PeerClient.of(config.http(), clock);
        var counts = new FileCounts();
        new OpenFilesMetrics(counts, clock).show(meters, config.routes().keySet());
        var changes = new StateChangeListeners();
        var halts = Halts.of(config);
        haltWatch = new HaltWatch(halts, meters, clock);
        var releases = new Releases(clock, halts);
        var settings = new ClientSettings(config.kafka());
        var topology = new StateTopology(config, topics, meters, counts, changes, releases, clock);
        var approvals = new Approvals();
        ApprovalSettings waiting = ApprovalSettings.of(config);
        Gauge.builder("waybill.approvals.waiting", () -> approvals.waiting(clock.instant()))
                .description("Requests about many files that wait for a second person")
                .register(meters);
        controls = new ControlsFollower(NAME, settings, topics, (key, record) -> {
            switch (record) {
                case Release release -> releases.heard(release);
                case Suspension suspension -> halts.heard(suspension);
                case Approval approval -> approvals.heard(approval).ifPresent(this::sayAgain);
                case Control _ -> {
                    // For workers.
                }
                case null -> approvals.forgotten(key);
            }
        });
        // The two objects need each other: the cluster finds the members through the streams, and the streams tell the
        // members where this instance is.
        var cluster = new StreamsCluster(
                () -> streams().streams(), topics.fileEvents().key().serializer(), config.http());
        streams = new StreamsService(NAME, config, topics.deadLetters(), topology, cluster::join, meters, clock);
        writer = TransactionalWriter.of(
                settings, topics, config.topics().prefix(), config.streams().instanceId());
        var rules = new Rules(config);
        status = new WorkerStatusFollower(NAME, settings, topics.workerStatus(), meters, clock);
        int partitions = topics.fileEvents().layout().partitions();
        var files = new VisibleFiles(
                new CurrentTimeoutQueries(new StoreQueries(streams::streams, counts, partitions), rules),
                halts,
                file -> LiveAnswers.progress(status.workers(), file),
                clock);
        var trail = new AuditTrail(writer, meters, clock);
        var newer = new NewerVersions(files, cluster, peers);
        var requests = new FileRequests(
                files, rules, writer, Remains.of(topics, config.topics().prefix() + NAME), newer, clock);
        var pages = new Pages(files, peers, rules);
        var asked = new ApprovalRequests(approvals, waiting, halts, controls::caughtUp, writer, clock);
        var ofFiles = new FileRoutes(
                files,
                pages,
                cluster,
                peers,
                requests,
                new ImportRequests(requests, changes, CLAIM_PATIENCE),
                new BulkRequests(pages, cluster, peers, requests, asked, trail, clock, Pause.full()),
                new StatusRoute(
                        files,
                        cluster,
                        peers,
                        new GroupLag(config),
                        new KafkaTroubles(config, topics, clock),
                        () -> config.origin().filter(ConfigFiles.Origin::changed).isPresent()),
                new ExplainRoutes(files, config, newer),
                new DeadLetterRoute(
                        new TopicTail<>(
                                topics.deadLetters(), clock, LETTERS_PATIENCE,
                                () -> KafkaTroubles.consumer(settings))::read,
                        topics.s3Notifications().name(),
                        clock),
                new AuditRoute(
                        new TopicTail<>(
                                topics.audit(), clock, LETTERS_PATIENCE, () -> KafkaTroubles.consumer(settings))::read,
                        clock),
                new PauseRequests(files, controls::caughtUp, rules, writer, clock),
                asked);
        var wanted = new WantedLanes(halts, status.workers(), clock);
        Gauge.builder("waybill.lanes.wanted", () -> wanted.of(counts.lanes()).size())
                .description("Lanes of files of this process that want a worker")
                .register(meters);
        routes = List.of(
                trail,
                ofFiles,
                new ScalingRoute(files, cluster, peers, wanted),
                newer,
                new DestinationRoutes(config, files, cluster, peers, status.workers()),
                new FlowRoute(files, cluster, peers, clock));
    }

    /** On a thread of its own: the reader of controls does not wait for Kafka to take something. */
    private void sayAgain(Approval no) {
        Thread.ofVirtual().name(NAME + "-approvals").start(() -> {
            try {
                writer.write(Change.of(no));
            } catch (NotWrittenException e) {
                LOG.atWarn()
                        .addKeyValue("approval", no.id())
                        .addKeyValue("failure", e.getMessage())
                        .log("A refusal could not be written again; an instance that starts may read the approval only");
            }
        });
    }

    private StreamsService streams() {
        return streams;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<HttpRoutes> routes() {
        return routes;
    }

    @Override
    public void run() throws InterruptedException {
        try (writer;
                peers;
                controls;
                status;
                haltWatch) {
            writer.start(streams::close);
            peers.start();
            controls.start();
            status.start();
            haltWatch.start();
            streams.run();
        }
        Optional<Throwable> failure = writer.failure();
        if (failure.isPresent()) {
            throw new IllegalStateException("requests could not be written any more", failure.get());
        }
    }

    @Override
    public Health check() {
        Optional<String> writes =
                writer.failure().map(failure -> "writes no requests any more: " + Reasons.of(failure));
        return Stream.of(writes, controls.fault(), status.fault(), haltWatch.fault())
                .flatMap(Optional::stream)
                .findFirst()
                .map(Health::down)
                .orElseGet(streams::check);
    }

    @Override
    public void close() {
        streams.close();
    }
}
