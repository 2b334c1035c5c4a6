package io.waybill.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.waybill.launcher.environment.ProcessEnvironment;
import io.waybill.testkit.api.ApiContract;
import io.waybill.testkit.api.Exchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees of what is under way. */
final class LiveScreensTest {
    private static final ApiContract CONTRACT = ApiContract.shipped();
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final String ID = "mfrggzdfmztwq2lkmnxw4zlt2y";
    private static final String FILES =
            "{\"queued\": 2, \"waiting\": 9, \"started\": 1, \"completed\": 4, \"failed\": 3, \"inDoubt\": 5, \"timedOut\": 0}";
    private static final String CONFIGURED =
            """
            "port": 22, "user": "waybill", "root": "/", "maxConnections": 4, "inFlight": 16,
            "hostKeys": ["SHA256:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo"], "routes": ["invoices"],
            "files": %s""".formatted(FILES);
    private static final String BUSY =
            """
            {"name": "acme", "host": "sftp.acme.example", %s, "halts": [],
             "workers": [{"worker": "worker-1", "at": "2026-01-31T11:59:59Z", "breaker": "CLOSED", "connections": 2,
               "destinationClass": "A", "triedAt": "2026-01-31T11:00:00Z", "hostKey": "SHA256:seen",
               "bytesPerSecond": 5100000, "moreFiles": 7,
               "files": [{"id": "%s", "route": "invoices", "name": "march\\u001b[2J.csv", "sending": 1, "attempt": 1,
                 "step": "CONNECTED", "since": "2026-01-31T11:59:50Z", "done": 51000000, "size": 102000000,
                 "bytesPerSecond": 5100000}]}]}""".formatted(CONFIGURED, ID);
    private static final String DOWN =
            """
            {"name": "beta", "host": "sftp.beta.example", %s, "halts": [],
             "workers": [{"worker": "worker-1", "at": "2026-01-31T11:59:59Z", "breaker": "OPEN", "connections": 0,
               "downSince": "2026-01-31T11:40:00Z", "failure": "UNREACHABLE", "detail": "connection refused",
               "nextTry": "2026-01-31T12:03:00Z", "bytesPerSecond": 0, "moreFiles": 0, "files": []}]}"""
                    .formatted(CONFIGURED);
    private static final String PAUSED =
            """
            {"name": "gamma", "host": "sftp.gamma.example", %s, "workers": [],
             "halts": [{"kind": "PAUSED", "text": "destination gamma is paused by ann until 2026-01-31T18:00:00Z",
               "since": "2026-01-31T10:00:00Z", "until": "2026-01-31T18:00:00Z"}]}""".formatted(CONFIGURED);

    @TempDir
    private Path directory;

    private final Map<String, IntFunction<String>> answers = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final List<AssertionError> faults = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            int times = asked.computeIfAbsent(path, _ -> new AtomicInteger()).getAndIncrement();
            boolean known = answers.containsKey(path);
            String answer = known ? answers.get(path).apply(times) : "{\"error\": \"no destination of the name\"}";
            int status = known ? 200 : 404;
            try {
                CONTRACT.check(new Exchange(
                        "GET", exchange.getRequestURI(), null, "", status, "application/json", answer));
            } catch (AssertionError e) {
                faults.add(e);
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        assertThat(faults).isEmpty();
    }

    private void answers(String path, String answer) {
        answers.put(path, _ -> answer);
    }

    private Screen screen() {
        return new Screen(directory)
                .at(NOW)
                .with("WAYBILL_API", "http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static String all(String... destinations) {
        return "{\"workers\": 1, \"destinations\": [" + String.join(", ", destinations) + "]}";
    }

    @Test
    void shouldShowHowManyWorkersThereIsWorkFor() {
        answers("/v1/scaling", "{\"open\":12,\"sending\":3,\"lanesWanted\":4,\"workers\":1}");
        var screen = screen();

        assertThat(screen.run("scaling")).isZero();
        assertThat(screen.out().strip()).isEqualTo("4 lanes wanted, 1 worker; 12 open, 3 being sent");

        var json = screen();
        assertThat(json.run("scaling", "--json")).isZero();
        assertThat(json.out().strip().replaceAll("\\s", ""))
                .isEqualTo("{\"open\":12,\"sending\":3,\"lanesWanted\":4,\"workers\":1}");
    }

    @Test
    void shouldShowTheMinutesInWhichSomethingHappened() {
        String nothing = "{\"arrived\":0,\"completed\":0,\"failed\":0,\"bytes\":0}";
        String some = "{\"arrived\":7,\"completed\":5,\"failed\":1,\"bytes\":5000}";
        answers("/v1/flow", "{\"minutes\":["
                + "{\"at\":\"2026-01-01T00:00:00Z\",\"total\":" + nothing + ",\"byDestination\":{}},"
                + "{\"at\":\"2026-01-01T00:01:00Z\",\"total\":" + some + ",\"byDestination\":{\"acme\":" + some
                + "}}]}");
        var screen = screen();

        assertThat(screen.run("flow", "--minutes", "2")).isZero();
        assertThat(screen.out()).contains("00:01:00", "7", "5.0 kB", "sum").doesNotContain("00:00:00");

        var other = screen();
        assertThat(other.run("flow", "--destination", "beta")).isZero();
        assertThat(other.out()).contains("nothing happened in the last 60 minutes");
    }

    @Test
    void shouldSayHowManyMinutesItKnows() {
        var screen = screen();

        assertThat(screen.run("flow", "--minutes", "181")).isEqualTo(2);
        assertThat(screen.err()).contains("--minutes must be 1 to 180, was 181");
    }

    @Test
    void shouldListDestinationsWithWhatKeepsThemFromTheirFiles() {
        answers("/v1/destinations", all(BUSY, DOWN, PAUSED));
        Screen screen = screen();

        assertThat(screen.run("destinations")).isZero();

        assertThat(screen.out().lines().map(line -> line.replaceAll(" +", " "))).containsExactly(
                "DESTINATION STATE CONNECTIONS CLASS IN FLIGHT RATE QUEUED WAITING FAILED IN DOUBT",
                "acme up 2 of 4 A 8 5.1 MB/s 2 9 3 5",
                "beta down for 20m 0s: UNREACHABLE 0 of 4 0 2 9 3 5",
                "gamma destination gamma is paused by ann until 2026-01-31T18:00:00Z 0 of 4 0 2 9 3 5");
    }

    @Test
    void shouldShowAllAboutOneDestination() {
        answers("/v1/destinations/acme", BUSY);
        Screen screen = screen();

        assertThat(screen.run("destinations", "acme")).isZero();

        assertThat(screen.out()).contains(
                "destination acme", "address     waybill@sftp.acme.example:22/", "connections 2 of 4",
                "2 queued, 9 waiting, 1 started, 4 completed, 3 failed, 0 timed out, 5 in doubt",
                "worker-1", "SHA256:seen", ID, "50% of 102 MB", "10s");
        assertThat(screen.out()).as("names are of strangers").doesNotContain("\u001b");
    }

    @Test
    void shouldSayWhyADestinationIsDown() {
        answers("/v1/destinations/beta", DOWN);
        Screen screen = screen();

        assertThat(screen.run("destinations", "beta")).isZero();

        assertThat(screen.out()).contains("down for 20m 0s: UNREACHABLE", "OPEN", "2026-01-31T12:03:00Z",
                "UNREACHABLE: connection refused");
    }

    @Test
    void shouldGiveProgramsTheAnswerOfTheApi() throws Exception {
        answers("/v1/destinations", all(BUSY));
        answers("/v1/destinations/acme", BUSY);
        Screen list = screen();
        Screen one = screen();

        assertThat(list.run("destinations", "--json")).isZero();
        assertThat(one.run("destinations", "acme", "--json")).isZero();

        assertThat(json(list.out())).isEqualTo(json(all(BUSY)));
        assertThat(json(one.out())).isEqualTo(json(BUSY));
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void shouldSayThatThereIsNoSuchDestination() {
        answers("/v1/destinations", all(BUSY));
        Screen one = screen();
        Screen watch = screen();

        assertThat(one.run("destinations", "acne")).isEqualTo(1);
        assertThat(one.err()).contains("there is no destination 'acne'; 'waybill destinations' lists them");
        assertThat(watch.run("watch", "--once", "--destination", "acne")).isEqualTo(1);
        assertThat(watch.err()).contains("there is no destination 'acne'");
    }

    @Test
    void shouldPrintWhatIsUnderWayAsLinesWhereNobodyReadsAlong() {
        answers("/v1/destinations", all(BUSY, DOWN, PAUSED));
        Screen screen = screen();

        assertThat(screen.run("watch", "--once")).isZero();

        assertThat(screen.out().lines()).containsExactly(
                "2026-01-31T12:00:00Z  8 files under way, 5.1 MB/s, 1 worker",
                "  " + ID + "  march\\u001b[2J.csv  acme  CONNECTED  51.0 MB of 102 MB (50%)  5.1 MB/s",
                "  beta  down for 20m 0s: UNREACHABLE",
                "  gamma  destination gamma is paused by ann until 2026-01-31T18:00:00Z");
    }

    /** A file's name is told from every other, also from one that has the escape itself. */
    @Test
    void shouldShowABackslashOfANameTwice() {
        answers("/v1/destinations", all(BUSY.replace("march\\u001b[2J.csv", "march\\\\u001b[2J\\u200b.csv")));
        Screen screen = screen();

        assertThat(screen.run("watch", "--once")).isZero();

        assertThat(screen.out()).contains("  march\\\\u001b[2J\\u200b.csv  acme");
    }

    @Test
    void shouldShowItsCountsOnANarrowScreen() {
        answers("/v1/destinations", all(BUSY));
        Screen screen = screen().withColumns(20);

        assertThat(screen.run("watch", "--once")).isZero();

        assertThat(screen.out().lines().map(line -> line.replaceAll("\u001b\\[[?0-9]*[A-Za-z]", "")))
                .startsWith("2026-01-31T12:00:0\u2026", "8 files under way", "5.1 MB/s", "1 worker");
    }

    @Test
    void shouldDrawTheScreenAgainUntilItIsInterrupted() throws Exception {
        var interrupted = new AtomicInteger();
        Screen screen = screen().withColumns(80);
        ProcessEnvironment environment = screen.environment();
        answers.put("/v1/destinations", times -> {
            if (times == 1) {
                environment.interruption().request();
                interrupted.incrementAndGet();
            }
            return all(BUSY, DOWN);
        });

        assertThat(new CommandLineInterface(environment).run("watch")).isZero();

        assertThat(interrupted).hasValue(1);
        assertThat(screen.out()).contains("(and 7 more)", "beta  down for 20m 0s: UNREACHABLE");
        assertThat(screen.out()).as("the second screen replaces the five lines of the first")
                .contains("\u001b[5A\r\u001b[J");
        assertThat(screen.out().lines()).allMatch(line -> line.replaceAll("\u001b\\[[0-9]*[AJ]|\r", "").length() < 80);
    }

    @Test
    void shouldPrintALineOfJsonForEachLook() throws Exception {
        Screen screen = screen();
        ProcessEnvironment environment = screen.environment();
        answers.put("/v1/destinations", times -> {
            if (times == 1) {
                environment.interruption().request();
            }
            return all(BUSY);
        });

        assertThat(new CommandLineInterface(environment).run("watch", "--json")).isZero();

        List<String> lines = screen.out().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(json(lines.getLast())).isEqualTo(json(all(BUSY)));
    }

    /** As {@code waybill watch | head -1}. */
    @ParameterizedTest
    @ValueSource(strings = {"watch", "watch --json"})
    @Timeout(30)
    void shouldEndWhenNobodyReadsItsOutputAnyMore(String line) {
        answers("/v1/destinations", all(BUSY));
        Screen screen = screen().readFor(1);

        assertThat(screen.run(line.split(" "))).isZero();

        assertThat(asked.get("/v1/destinations")).hasValueLessThan(4);
    }

    @Test
    void shouldFollowAFileToItsEndAndSayByItsExitCodeHowItEnded() {
        answers("/v1/files/" + ID + "/history", HISTORY);
        answers.put("/v1/files/" + ID,
                times -> times == 0 ? file("STARTED", STARTED) : file("COMPLETED", "\"late\": false"));
        Screen good = screen();
        assertThat(good.run("show", ID, "--follow")).isZero();
        assertThat(good.out()).contains("COMPLETED");
        assertThat(asked.get("/v1/files/" + ID)).hasValue(2);

        answers("/v1/files/" + ID, file("FAILED", "\"failure\": \"FORBIDDEN\", \"detail\": \"may not write\""));
        Screen bad = screen();
        assertThat(bad.run("show", ID, "--follow")).isEqualTo(1);
        assertThat(bad.out()).contains("FORBIDDEN: may not write");
        Screen looked = screen();
        assertThat(looked.run("show", ID)).as("whoever only looks gets what they asked for").isZero();
    }

    @Test
    void shouldShowTheProgressOfAFile() {
        answers("/v1/files/" + ID + "/history", HISTORY);
        answers("/v1/files/" + ID, file("STARTED", STARTED));
        Screen screen = screen();

        assertThat(screen.run("show", ID)).isZero();

        assertThat(screen.out()).contains("51.0 MB of 102 MB (50%), 5.1 MB/s, 10s left  (worker-1)");
    }

    private static final String HISTORY =
            """
            {"id": "%s", "history": [{"at": "2026-01-31T11:00:00Z", "event": "Arrived", "status": "PENDING", "sending": 1,
             "attempt": 1, "version": 1, "detail": ""}]}""".formatted(ID);

    private static final String STARTED =
            """
            "by": "worker-1", "finishBy": "2026-02-07T11:00:00Z", "progress": {"worker": "worker-1",
             "at": "2026-01-31T11:59:59Z", "step": "CONNECTED", "since": "2026-01-31T11:59:50Z", "done": 51000000,
             "size": 102000000, "bytesPerSecond": 5100000}""";

    private static String file(String status, String more) {
        return """
                {"id": "%s", "route": "invoices", "status": "%s", "stage": "DELIVERY", "sending": 1, "attempt": 1,
                 "version": 4, "bucket": "outbound", "key": "invoices/a.csv", "etag": "e", "size": 102000000,
                 "lastModified": "2026-01-31T11:00:00Z", "destination": "acme", "path": "/incoming/a.csv", "lane": 0,
                 "arrivedAt": "2026-01-31T11:00:00Z", "changedAt": "2026-01-31T11:59:00Z", %s}"""
                .formatted(ID, status, more);
    }
}
