package io.waybill.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.waybill.testkit.api.ApiContract;
import io.waybill.testkit.api.Exchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees who is called at night, and has the address of the API and no configuration. */
final class OperatorScreensTest {
    private static final ApiContract CONTRACT = ApiContract.shipped();
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final String ID = "mfrggzdfmztwq2lkmnxw4zlt2y";
    private static final String FILE =
            """
            {"id": "%s", "route": "invoices", "status": "PENDING", "stage": "DELIVERY", "sending": 1, "attempt": 2,
             "version": 4, "bucket": "outbound", "key": "invoices/2026/january/customer-4711/invoice-000001.csv",
             "etag": "e", "size": 42, "lastModified": "2026-01-31T11:00:00Z", "destination": "acme",
             "path": "/incoming/invoice-000001.csv", "arrivedAt": "2026-01-31T11:00:00Z",
             "changedAt": "2026-01-31T11:59:00Z", "failure": "UNREACHABLE",
             "detail": "connection refused by sftp.acme.example:22, which answered an hour ago", "waitsAfter": "DEFERRAL",
             "due": "2026-01-31T12:05:00Z", "claimBy": "2026-02-07T11:00:00Z"}"""
                    .formatted(ID);

    @TempDir
    private Path directory;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<AssertionError> faults = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String answer = "";

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/", exchange -> {
            asked.add(String.valueOf(exchange.getRequestURI().getQuery()));
            try {
                CONTRACT.check(new Exchange(
                        "GET", exchange.getRequestURI(), null, "", 200, "application/json", answer));
            } catch (AssertionError e) {
                faults.add(e);
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
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

    private Screen screen() {
        return new Screen(directory)
                .at(NOW)
                .with("WAYBILL_API", "http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Test
    void shouldSayHowManyFilesThereAreBesidesTheNewest() {
        answer = "{\"files\": [" + FILE + "], \"cursor\": \"09999999999999-" + ID + "\", \"total\": 1234}";
        Screen screen = screen();

        assertThat(screen.run("files", "--limit", "1", "--waiting", "--since", "2h", "--name", "4711", "--bucket",
                "outbound"))
                .isZero();

        assertThat(screen.out()).contains("due 2026-01-31T12:05:00Z after UNREACHABLE: connection refused",
                "1 of 1234");
        assertThat(asked).singleElement().asString()
                .contains("order=newest", "waiting=true", "since=2026-01-31T10:00:00Z", "name=4711", "bucket=outbound");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redrive", "cancel"})
    void shouldTakeTheSameTimesInEveryCommand(String command) {
        Screen screen = screen();

        assertThat(screen.run(command, "--since=soon", "--dry-run")).isEqualTo(2);
        assertThat(screen.err()).contains("--since: expected", "2h", "yesterday", "'soon'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tomorrow", "2", "-1h"})
    void shouldRefuseATimeThatIsNone(String since) {
        Screen screen = screen();

        assertThat(screen.run("files", "--since=" + since)).isEqualTo(2);
        assertThat(screen.err()).contains("--since: expected", "'" + since + "'");
    }

    @Test
    void shouldSayWhichRoutesTakeAKeyAndWhyOthersDoNot() {
        answer = """
                {"key": "invoices/a.csv", "routes": [
                  {"route": "invoices", "takes": true, "bucket": "outbound", "destination": "acme",
                   "path": "/incoming/a.csv", "lane": 3, "conditions": ["if the object has 10 bytes or more"]},
                  {"route": "orders", "takes": false, "rule": "PREFIX", "bucket": "outbound", "conditions": [],
                   "reason": "the key must begin with 'orders/'"}]}""";
        Screen screen = screen();

        assertThat(screen.run("route", "invoices/a.csv")).isZero();

        assertThat(screen.out()).containsSubsequence(
                "invoices", "yes", "acme:/incoming/a.csv  (lane 3)", "if the object has 10 bytes or more",
                "orders", "no", "the key must begin with 'orders/'");
        assertThat(asked).containsExactly("key=invoices/a.csv");
    }

    @Test
    void shouldSayWhyAFileWaitsAndWhichCommandChangesThat() {
        answer = """
                {"id": "%s", "status": "PENDING", "waitsFor": "destination acme: UNREACHABLE: refused",
                 "since": "2026-01-31T09:00:00Z", "next": "it is tried again", "at": "2026-01-31T12:05:00Z",
                 "otherwise": "it ends TIMED_OUT as UNCLAIMED", "otherwiseAt": "2026-02-07T11:00:00Z",
                 "advice": "Check the network and the partner's server",
                 "commands": [{"command": "./waybill retry --destination acme", "effect": "tries all its files now"}]}"""
                .formatted(ID);
        Screen screen = screen();

        assertThat(screen.run("why", ID)).isZero();

        assertThat(screen.out()).containsSubsequence(
                "destination acme: UNREACHABLE: refused", "2026-01-31T09:00:00Z (3h", "ago)",
                "2026-01-31T12:05:00Z (in 5m", "): it is tried again", "it ends TIMED_OUT",
                "./waybill retry --destination acme", "tries all its files now");
    }

    @Test
    void shouldListWhatWasGivenUpWithTheNextStep() {
        answer = """
                {"since": "2026-01-30T12:00:00Z", "matched": 7, "complete": true, "letters": [
                  {"type": "FILE", "at": "2026-01-31T11:00:00.284Z", "reason": "FORBIDDEN: may not write", "fileId": "%s",
                   "route": "invoices", "bucket": "outbound", "key": "a.csv", "destination": "acme", "path": "/in/a.csv",
                   "status": "FAILED", "failure": "FORBIDDEN", "sending": 1, "attempt": 1, "version": 3,
                   "command": "./waybill why %s"},
                  {"type": "RECORD", "at": "2026-01-31T10:00:00Z", "reason": "no JSON", "valueBytes": 7,
                   "origin": "s3-notifications-3@17", "command": "./waybill retry --record 3@17"}]}"""
                .formatted(ID, ID);
        Screen screen = screen();

        assertThat(screen.run("dead-letters", "--destination", "acme")).isZero();

        assertThat(screen.out()).containsSubsequence(
                "2026-01-31T11:00:00Z", "invoices: outbound/a.csv", "FORBIDDEN: may not write", "./waybill why " + ID,
                "s3-notifications-3@17", "no JSON", "./waybill retry --record 3@17", "2 of 7");
        assertThat(asked).singleElement().asString().contains("since=2026-01-30T12:00:00Z", "destination=acme");
    }

    @Test
    void shouldEndWithOneIfNoRouteTakesAKey() {
        answer = """
                {"key": "a", "routes": [{"route": "orders", "takes": false, "rule": "PREFIX", "bucket": "outbound",
                 "conditions": [], "reason": "the key must begin with 'orders/'"}]}""";

        assertThat(screen().run("route", "a", "--json")).isEqualTo(1);
    }

    @Test
    void shouldCountTheKnownFilesThatAnotherConfigurationMoves() throws IOException {
        for (String folder : List.of("incoming", "archive")) {
            Files.writeString(directory.resolve(folder + ".yaml"), """
                    kafka: { bootstrap.servers: "127.0.0.1:1" }
                    schema.registry.url: http://127.0.0.1:1
                    destinations:
                      acme: { host: h, user: u, password: env:P, hostKeys: ["SHA256:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo"] }
                    routes:
                      invoices: { source: { bucket: outbound }, deliver: { destination: acme, path: "/%s/{name}" } }
                    """.formatted(folder));
        }
        answer = "{\"files\": [" + FILE + "], \"cursor\": null}";
        Screen screen = screen().with("P", "secret");
        Screen json = screen().with("P", "secret");

        String[] check = {"check", "--config", "archive.yaml", "--against", "incoming.yaml", "--days", "7"};
        assertThat(screen.run(check)).isZero();
        assertThat(json.run(Stream.concat(Stream.of("--json"), Stream.of(check)).toArray(String[]::new))).isZero();

        assertThat(screen.out())
                .contains("of 1 file these would go elsewhere", "another path", "/incoming/invoice-000001.csv (lane ")
                .doesNotContain("secret");
        assertThat(asked).first().asString().contains("since=2026-01-24T12:00:00Z", "order=newest");
        assertThat(new ObjectMapper().readTree(json.out()).path("files").path("moves").path(0).path("change").asText())
                .isEqualTo("PATH");
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 100, 120})
    void shouldFitTheScreen(int columns) {
        answer = "{\"files\": [" + FILE + "], \"cursor\": null, \"total\": 1}";
        Screen screen = screen().withColumns(columns);

        assertThat(screen.run("files")).isZero();

        assertThat(screen.out().lines()).allMatch(line -> line.length() <= columns);
        assertThat(screen.out()).contains(ID, "PENDING");
    }

    @Test
    void shouldCutNothingWhereAProgramReads() {
        answer = "{\"files\": [" + FILE + "], \"cursor\": null, \"total\": 1}";
        Screen screen = screen();

        screen.run("files");

        assertThat(screen.out().lines()).hasSize(2);
        assertThat(screen.out()).contains("customer-4711/invoice-000001.csv", "an hour ago");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                    "0 |                                                                 |             |",
                    "0 | UNREACHABLE, DEFERRAL, 2026-01-31T11:50:00Z                      |             | down",
                    "1 | UNREACHABLE, DEFERRAL, 2026-01-31T11:40:00Z                      |             | down",
                    "0 | STALLED, FAILURE, 2026-01-31T09:00:00Z                           |             | up",
                    "0 | DISK_FULL, FAILURE, 2026-01-31T11:50:00Z                         |             | up",
                    "1 | DISK_FULL, FAILURE, 2026-01-31T11:40:00Z                         |             | DISK_FULL",
                    "1 | AUTHENTICATION, DEFERRAL, 2026-01-31T11:59:00Z                   |             | down",
                    "1 |                                                                 | FORBIDDEN   | FORBIDDEN",
                    "0 |                                                                 | CANCELLED   |",
                    "1 |                                                                 | IN_DOUBT    | IN_DOUBT"
            })
    void shouldSayOnOneScreenWhetherSomethingNeedsAPerson(int code, String waiting, String failed, String shown) {
        String[] wait = waiting == null ? new String[0] : waiting.split(", ");
        answer = """
                {"byStatus": {"PENDING": 3, "COMPLETED": 7, "FAILED": 1},
                 "open": [{"route": "invoices", "files": 3, "oldest": "2026-01-31T11:00:00Z"}],
                 "waiting": [%s], "failed": [%s], "lag": {"transfer-worker": 5}, "complete": true}"""
                .formatted(
                        wait.length == 0
                                ? ""
                                : """
                                {"destination": "acme", "failure": "%s", "waitsAfter": "%s", "files": 3, "since": "%s",
                                 "due": "2026-01-31T12:10:00Z", "detail": "no"}""".formatted((Object[]) wait),
                        failed == null
                                ? ""
                                : """
                                {"status": "FAILED", "failure": "%s", "route": "invoices", "destination": "acme",
                                 "files": 1}""".formatted(failed));
        Screen screen = screen().withColumns(60);

        assertThat(screen.run("status")).isEqualTo(code);

        assertThat(screen.out())
                .contains("3 PENDING", "invoices", "1h", "transfer-worker 5", shown == null ? "" : shown)
                .contains(code == 1 ? "needs a person" : "nothing needs a person");
        assertThat(screen.out().lines()).allMatch(line -> line.length() <= 60).hasSizeLessThan(25);
    }

    @Test
    void shouldSayThatTheConfigurationWaitsForARestart() {
        answer = """
                {"byStatus": {"PENDING": 3}, "open": [], "waiting": [], "failed": [], "complete": true, "configStale": %s}""";
        String template = answer;
        answer = template.formatted("false");
        Screen before = screen();
        assertThat(before.run("status")).isZero();
        assertThat(before.out()).doesNotContain("restart the services");

        answer = template.formatted("true");
        Screen after = screen();
        assertThat(after.run("status")).isZero();
        assertThat(after.out()).contains("the files have changed", "restart the services");
    }

    @Test
    void shouldSayThatPartitionsAreOnHoldAndRecordsBecameDeadLetters() {
        answer = """
                {"byStatus": {"PENDING": 1}, "open": [], "waiting": [], "failed": [], "complete": true,
                 "held": [{"partition": 5, "reason": "the mark 'x' at offset 8 cannot be read"}]}""";
        Screen held = screen().withColumns(60);

        assertThat(held.run("status")).isEqualTo(1);

        assertThat(held.out()).contains("on hold", "offset 8", "needs a person: see 'waybill ledger'");

        answer = """
                {"byStatus": {}, "open": [], "waiting": [], "failed": [], "complete": true, "held": [],
                 "letters": {"records": 2100, "since": "2026-01-30T12:00:00Z", "complete": false, "newest":
                   [{"at": "2026-01-31T11:59:00Z", "origin": "s3-notifications-1@17", "reason": "not \\u001b[31mJSON"}]}}""";
        Screen letters = screen().withColumns(60);

        assertThat(letters.run("status")).isEqualTo(1);

        assertThat(letters.out())
                .contains("hours: 2100", "s3-notifications-1@17",
                        "needs a person: see 'waybill dead-letters --type RECORD'")
                .doesNotContain("\u001b");
        assertThat(letters.out().lines()).allMatch(line -> line.length() <= 60);
    }

    @Test
    void shouldTellOfWhichObjectsNoFileCameAndSinceWhenItKnows() {
        answer = """
                {"objects": [{"at": "2026-01-31T11:59:00.123456789Z", "cause": "NO_ROUTE", "bucket": "outbound",
                              "key": "a.csv", "reason": "no route takes it"}]}""";
        Screen one = screen();
        assertThat(one.run("unrouted")).isZero();
        assertThat(one.out()).contains("2026-01-31T11:59:00Z", "no route", "outbound/a.csv");

        answer = """
                {"objects": []}""";
        Screen none = screen();
        assertThat(none.run("unrouted")).isZero();
        assertThat(none.out()).contains("since the start of that ingest-service");
    }

    @Test
    void shouldTellTheStatusAsJson() throws IOException {
        answer = """
                {"byStatus": {}, "open": [], "waiting": [], "failed": [], "complete": true, "configStale": false}""";
        Screen screen = screen();

        assertThat(screen.run("status", "--json")).isZero();

        assertThat(new ObjectMapper().readTree(screen.out())).isEqualTo(new ObjectMapper().readTree(answer));
    }

    @Test
    void shouldNameTheCauseOfAnObjectWithoutAFileAsTheOptionTakesIt() {
        answer = """
                {"objects": [{"at": "2026-01-31T11:00:00.284Z", "cause": "NO_ROUTE", "bucket": "outbound",
                              "key": "other/a.csv", "reason": "no route takes it"}]}""";
        Screen screen = screen();

        assertThat(screen.run("unrouted", "--cause", "NO_ROUTE")).isZero();

        assertThat(screen.out()).contains("NO_ROUTE", "outbound/other/a.csv", "2026-01-31T11:00:00Z");
        assertThat(asked).singleElement().asString().contains("cause=NO_ROUTE");
    }
}
