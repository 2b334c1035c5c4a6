package io.waybill.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waybill.runtime.api.StatusAnswer.HeldPartition;
import io.waybill.runtime.api.StatusAnswer.RecordLetters;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.http.HttpEndpoint;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.state.approval.ApprovalSettings;
import io.waybill.state.approval.Approvals;
import io.waybill.state.audit.AuditTrail;
import io.waybill.state.http.ApprovalRequests;
import io.waybill.state.http.AuditRoute;
import io.waybill.state.http.BulkRequests;
import io.waybill.state.http.Cluster;
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
import io.waybill.state.newer.NewerVersions;
import io.waybill.state.query.StoreQueries;
import io.waybill.state.table.Rules;
import io.waybill.state.table.StateChangeListeners;
import io.waybill.state.write.ChangeWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The HTTP API over the stores of a stream, and how long it needs for pages of 50 files. */
final class FileListing implements AutoCloseable {
    private static final ProcessClock CLOCK = ProcessClock.system();
    private static final int WARM_UPS = 500;
    private static final int REQUESTS = 3_000;
    private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([a-z2-7]+)\"");
    private static final List<String> FILTERS = List.of(
            "status=FAILED",
            "status=TIMED_OUT",
            "status=PENDING",
            "status=STARTED",
            "status=FAILED&route=route-3",
            "status=COMPLETED",
            "status=COMPLETED&destination=partner-5",
            "status=FAILED&failure=FORBIDDEN&destination=partner-7");

    private final HttpEndpoint endpoint;
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI base;
    private final SplittableRandom random = new SplittableRandom(5);

    private FileListing(HttpEndpoint endpoint) {
        this.endpoint = endpoint;
        base = URI.create("http://127.0.0.1:" + endpoint.start());
    }

    /** The benchmark asks for pages of files, and not for the status. */
    private static final class NoTroubles implements StatusRoute.Troubles {
        @Override
        public Optional<List<HeldPartition>> held() {
            return Optional.empty();
        }

        @Override
        public Optional<RecordLetters> letters() {
            return Optional.empty();
        }
    }

    static FileListing over(StreamUnderLoad stream, WaybillConfig config) {
        var files = new VisibleFiles(new StoreQueries(
                () -> Optional.of(stream.streams()), stream.counts(), config.topics().filePartitions()),
                Halts.of(config), CLOCK);
        ChangeWriter nobody = change -> {
            throw new IllegalStateException("nothing is asked for, but " + change);
        };
        var rules = new Rules(config);
        var peers = PeerClient.of(new HttpSettings("127.0.0.1", 0), ProcessClock.system());
        var newer = new NewerVersions(files, Cluster.alone(), peers);
        var requests = new FileRequests(files, rules, nobody, List.of(), newer, CLOCK);
        var pages = new Pages(files, peers, rules);
        var asked = new ApprovalRequests(
                new Approvals(), new ApprovalSettings(0, Duration.ofHours(24)), Halts.of(config), () -> true, nobody,
                CLOCK);
        var routes = new FileRoutes(
                files,
                pages,
                Cluster.alone(),
                peers,
                requests,
                new ImportRequests(requests, new StateChangeListeners(), Duration.ofSeconds(1)),
                new BulkRequests(
                        pages,
                        Cluster.alone(),
                        peers,
                        requests,
                        asked,
                        new AuditTrail(nobody, new SimpleMeterRegistry(), CLOCK),
                        CLOCK,
                        _ -> {}),
                new StatusRoute(files, Cluster.alone(), peers, Optional::empty, new NoTroubles(), () -> false),
                new ExplainRoutes(files, config, newer),
                new DeadLetterRoute((_, _, _) -> Optional.empty(), "s3-notifications", CLOCK),
                new AuditRoute((_, _, _) -> Optional.empty(), CLOCK),
                new PauseRequests(files, () -> true, rules, nobody, CLOCK),
                asked);
        return new FileListing(new HttpEndpoint(
                new HttpSettings("127.0.0.1", 0),
                Map::of,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                List.of(routes),
                CLOCK));
    }

    /** How long 99 of 100 pages take at most, in milliseconds: first pages and later ones of each filter in turn. */
    double p99Millis() throws IOException, InterruptedException {
        List<Double> times = new ArrayList<>();
        Map<String, String> cursors = new HashMap<>();
        for (int i = -WARM_UPS; i < REQUESTS; i++) {
            String filter = FILTERS.get(random.nextInt(FILTERS.size()));
            URI page = base.resolve("/v1/files?limit=50&" + filter + cursors.getOrDefault(filter, ""));
            Instant begin = CLOCK.instant();
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
            if (i >= 0) {
                times.add(Duration.between(begin, CLOCK.instant()).toNanos() / 1e6);
            }
            if (answer.statusCode() != 200) {
                throw new IOException(page + " is answered " + answer.statusCode() + ": " + answer.body());
            }
            Matcher next = CURSOR.matcher(answer.body());
            cursors.put(filter, next.find() ? "&cursor=" + next.group(1) : "");
        }
        Collections.sort(times);
        return times.get(times.size() * 99 / 100);
    }

    @Override
    public void close() {
        endpoint.close();
        client.shutdownNow();
    }
}
