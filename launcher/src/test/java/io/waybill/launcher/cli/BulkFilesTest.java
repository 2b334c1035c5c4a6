package io.waybill.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Redrive, resend, cancel and forget against an API that knows 250 failed files, of which it refuses some. What the commands ask, and what
 * this API answers, is held against docs/openapi.yaml.
 */
final class BulkFilesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FILES = 250;
    private static final ApiContract CONTRACT = ApiContract.shipped();
    private static final String ID = "mfrggzdfmztwq2lkmnxw4zlt2y";

    @TempDir
    private Path directory;

    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final List<AssertionError> faults = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private static final String APPROVAL = """
            {"id":"0e2a8f5e","action":"redrive","filter":{"route":"a","until":"2026-01-01T00:00:00Z"},"files":250,
            "by":"ann","reason":"made room","at":"2026-01-01T00:00:00Z","expires":"2026-01-02T00:00:00Z",
            "standing":"%s"%s}""";

    private boolean holds;
    private boolean holdsLater;
    private int refusals;
    private int leftOut;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/", this::answer);
        server.start();
        Files.writeString(directory.resolve("waybill.yaml"), """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                http: { host: 127.0.0.1, port: %d }
                """.formatted(server.getAddress().getPort()));
    }

    @AfterEach
    void close() {
        server.stop(0);
        assertThat(faults).isEmpty();
    }

    /** The id of one of the files. */
    private static String id(int file) {
        return ID.substring(0, 23)
                + (char) ('a' + file / 676)
                + (char) ('a' + file / 26 % 26)
                + (char) ('a' + file % 26);
    }

    private static int file(String id) {
        return (id.charAt(23) - 'a') * 676 + (id.charAt(24) - 'a') * 26 + id.charAt(25) - 'a';
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        JsonNode body = JSON.readTree(request);
        asked.add(body);
        paths.add(exchange.getRequestURI().getPath());
        String answer;
        if (exchange.getRequestURI().getPath().startsWith("/v1/destinations/")) {
            answer = "{\"destination\":\"acme\",\"at\":\"2026-01-01T00:00:00Z\"}";
        } else if (exchange.getRequestURI().getPath().endsWith("/forget")) {
            answer = "{\"id\":\"" + ID + "\",\"accepted\":\"ForgetRequested\",\"at\":\"2026-01-01T00:00:00Z\","
                    + "\"remains\":[{\"topic\":\"waybill.ready-files\",\"holds\":\"path\",\"until\":\"30 days\"}]}";
        } else if (exchange.getRequestURI().getPath().startsWith("/v1/files/")) {
            answer = "{\"id\":\"" + ID + "\",\"accepted\":\"RedriveRequested\",\"at\":\"2026-01-01T00:00:00Z\"}";
        } else if (exchange.getRequestURI().getPath().equals("/v1/approvals")) {
            answer = "{\"approvals\":[" + APPROVAL.formatted("WAITING", ",\"force\":true,\"announce\":true") + "]}";
        } else if (exchange.getRequestURI().getPath().startsWith("/v1/approvals/")) {
            answer = APPROVAL.formatted(
                    "APPROVED",
                    ",\"decidedBy\":\"bob\",\"decidedAt\":\"2026-01-01T00:00:00Z\",\"decidedReason\":\"x\"");
        } else if (held(body)) {
            answer = """
                    {"dryRun":false,"matched":0,"accepted":0,"refused":0,"ids":[],"refusals":[],"cursor":null,"leftOut":0,
                    "approval":%s}""".formatted(APPROVAL.formatted("WAITING", ""));
        } else {
            int from = body.has("cursor") ? file(body.path("cursor").asText()) : 0;
            int to = Math.min(FILES, from + body.path("limit").asInt());
            answer = """
                    {"dryRun":%s,"matched":%d,"accepted":%d,"refused":%d,"ids":["%s"],"refusals":%s,"cursor":%s,
                    "leftOut":%d}"""
                    .formatted(
                            body.path("dryRun").asBoolean(),
                            to - from,
                            to - from - (from == 0 ? refusals : 0),
                            from == 0 ? refusals : 0,
                            id(from),
                            refusals > 0 && from == 0
                                    ? "[{\"id\":\"" + id(0) + "\",\"error\":\"looks like a loop\"}]"
                                    : "[]",
                            to == FILES ? "null" : "\"" + id(to) + "\"",
                            from == 0 ? leftOut : 0);
        }
        int status = held(body) || exchange.getRequestURI().getPath().matches("/v1/(files|destinations|approvals)/.*")
                ? 202
                : 200;
        check(exchange, request, status, answer);
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private boolean held(JsonNode body) {
        return (holds || holdsLater && body.has("cursor")) && body.has("filter") && !body.path("dryRun").asBoolean();
    }

    private void check(HttpExchange exchange, String request, int status, String answer) {
        try {
            CONTRACT.check(new Exchange(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    request,
                    status,
                    "application/json",
                    answer));
        } catch (AssertionError e) {
            // In a thread of the server; told when the test ends.
            faults.add(e);
        }
    }

    @Test
    void shouldRedriveAllThatMatchesASecondsWorthAtATime() {
        var screen = new Screen(directory);

        int exit = screen.run("redrive", "--status", "FAILED", "--failure", "DISK_FULL", "--destination", "acme",
                "--since", "2026-01-31T00:00:00Z", "--rate", "100", "--by", "ann", "--reason", "room again");

        assertThat(exit).isZero();
        assertThat(screen.out()).contains("redrive requested for 250 files, refused for 0");
        assertThat(paths).containsOnly("/v1/redrive");
        assertThat(asked).extracting(body -> body.path("dryRun").asBoolean()).containsExactly(true, false, false,
                false);
        JsonNode last = asked.getLast();
        assertThat(last.path("filter").toString()).isEqualTo("{\"status\":\"FAILED\",\"destination\":\"acme\","
                + "\"failure\":\"DISK_FULL\",\"since\":\"2026-01-31T00:00:00Z\"}");
        assertThat(last.path("limit").asInt()).isEqualTo(100);
        assertThat(last.path("ratePerSecond").asInt()).isEqualTo(100);
        assertThat(last.path("by").asText()).isEqualTo("ann");
        assertThat(last.path("force").asBoolean()).isFalse();
        assertThat(last.path("cursor").asText()).isEqualTo(id(200));
    }

    @Test
    void shouldOnlyTellWhatItWouldDoInADryRun() {
        var screen = new Screen(directory);

        assertThat(screen.run("cancel", "--route", "invoices", "--dry-run")).isZero();

        assertThat(screen.out()).contains(id(0), "cancel would be requested for 250 files", "nothing was changed");
        assertThat(asked).extracting(body -> body.path("dryRun").asBoolean()).containsOnly(true);
        assertThat(paths).containsOnly("/v1/cancel");
        assertThat(asked.getFirst().has("force")).isFalse();
    }

    @Test
    void shouldEndWithOneWhenAFileIsRefusedAndSayWhy() {
        refusals = 1;
        var screen = new Screen(directory);

        assertThat(screen.run("redrive", "--route", "invoices")).isEqualTo(1);

        assertThat(screen.out()).contains(id(0) + " refused: looks like a loop", "for 249 files, refused for 1");
    }

    @Test
    void shouldSayWhichFilesAFilterDoesNotMean() {
        leftOut = 3;
        var screen = new Screen(directory);

        assertThat(screen.run("redrive", "--route", "invoices")).isZero();

        assertThat(screen.out()).contains("3 left out, because they are CANCELLED, SUPERSEDED or SOURCE_GONE",
                "--failure");
    }

    @Test
    void shouldSayThatASecondPersonMustApproveAndThenDoWhatWasApproved() {
        holds = true;
        var held = new Screen(directory);
        assertThat(held.run("redrive", "--route", "a", "--reason", "made room")).isEqualTo(1);
        assertThat(held.out()).contains("250 files: a second person must approve that", "Nothing is done",
                "waybill approvals 0e2a8f5e --approve");

        var list = new Screen(directory);
        assertThat(list.run("approvals")).isZero();
        assertThat(list.out()).contains("WAITING", "250", "ann", "made room", "0e2a8f5e",
                "redrive route=a until=2026-01-01T00:00:00Z --force --announce");

        var second = new Screen(directory);
        assertThat(second.run("approvals", "0e2a8f5e", "--approve", "--by", "bob")).isZero();
        assertThat(second.out()).contains("ann may now send: waybill redrive --approval 0e2a8f5e");
        assertThat(paths.getLast()).isEqualTo("/v1/approvals/0e2a8f5e/approve");

        var first = new Screen(directory);
        assertThat(first.run("redrive", "--approval", "0e2a8f5e")).isZero();
        assertThat(first.out()).contains("redrive requested for 250 files");
        assertThat(asked.getLast().path("approval").asText()).isEqualTo("0e2a8f5e");
        assertThat(asked.getLast().has("filter")).isFalse();
    }

    /** More files began to match after the first part of it was done. */
    @Test
    void shouldSayWhatWasDoneBeforeItHadToWaitForASecondPerson() {
        holdsLater = true;
        refusals = 1;
        var screen = new Screen(directory);

        assertThat(screen.run("redrive", "--route", "a", "--rate", "100", "--reason", "made room")).isEqualTo(1);

        assertThat(screen.out()).contains("250 files", "a second person must approve that",
                "redrive was requested for 99 files before, and refused for 1; the others are untouched",
                id(0) + " refused: looks like a loop").doesNotContain("Nothing is done");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "redrive --approval x --route a", "redrive --approval x " + ID, "approvals --approve", "approvals x",
            "approvals x --approve --reject"})
    void shouldTakeEitherAnApprovalOrWhatItStandsFor(String line) {
        assertThat(new Screen(directory).run(line.split(" "))).isEqualTo(2);
        assertThat(asked).isEmpty();
    }

    @Test
    void shouldTellTheSumAsOneLineOfJson() throws IOException {
        var screen = new Screen(directory);

        assertThat(screen.run("redrive", "--status", "failed,timed_out", "--force", "--json")).isZero();

        JsonNode sum = JSON.readTree(screen.out());
        assertThat(sum.path("matched").asInt()).isEqualTo(FILES);
        assertThat(sum.path("accepted").asInt()).isEqualTo(FILES);
        assertThat(sum.path("dryRun").asBoolean()).isFalse();
        assertThat(asked.getLast().at("/filter/status").asText()).isEqualTo("FAILED,TIMED_OUT");
        assertThat(asked.getLast().path("force").asBoolean()).isTrue();
    }

    @Test
    void shouldRedriveOneFileByItsId() {
        var screen = new Screen(directory);

        assertThat(screen.run("redrive", ID, "--by", "ann")).isZero();

        assertThat(paths).containsExactly("/v1/files/" + ID + "/redrive");
        assertThat(screen.out()).contains("waybill show " + ID);
    }

    @Test
    void shouldResendAllThatMatchAndAnnounceThemIfAskedFor() {
        var screen = new Screen(directory);

        assertThat(
                screen.run("resend", "--route", "invoices", "--since", "2026-01-31T00:00:00Z", "--announce", "--rate",
                        "500", "--by", "ann"))
                .isZero();

        assertThat(paths).containsOnly("/v1/resend");
        assertThat(asked.getLast().at("/filter/since").asText()).isEqualTo("2026-01-31T00:00:00Z");
        assertThat(asked.getLast().path("announce").asBoolean()).isTrue();
        assertThat(screen.out()).contains("resend requested for 250 files, refused for 0");
    }

    /** A file that is delivered for the first time meanwhile was not lost. */
    @Test
    void shouldNotResendWhatIsDeliveredWhileItRuns() {
        Instant now = Instant.parse("2026-01-31T12:00:00Z");
        var screen = new Screen(directory).at(now);
        var bounded = new Screen(directory).at(now);

        assertThat(screen.run("resend", "--route", "invoices", "--since", "2h", "--by", "ann")).isZero();
        assertThat(asked).hasSizeGreaterThan(2).allSatisfy(
                request -> assertThat(request.at("/filter/until").asText()).isEqualTo("2026-01-31T12:00:00Z"));

        assertThat(bounded.run("resend", "--route", "invoices", "--since", "2h", "--until", "1h", "--by", "ann"))
                .isZero();
        assertThat(asked.getLast().at("/filter/until").asText()).isEqualTo("2026-01-31T11:00:00Z");
    }

    @Test
    void shouldResendOneFileByItsIdWithoutAnnouncingIt() {
        var screen = new Screen(directory);

        assertThat(screen.run("resend", ID, "--by", "ann", "--reason", "acme deleted it")).isZero();

        assertThat(paths).containsExactly("/v1/files/" + ID + "/resend");
        assertThat(asked.getFirst().toString()).isEqualTo("{\"by\":\"ann\",\"reason\":\"acme deleted it\"}");
    }

    @Test
    void shouldForgetOneFileAndSayWhatRemains() {
        var screen = new Screen(directory);

        assertThat(screen.run("forget", ID, "--by", "ann")).isZero();

        assertThat(paths).containsExactly("/v1/files/" + ID + "/forget");
        assertThat(screen.out()).contains("requested to forget " + ID, "waybill.ready-files", "30 days");
    }

    @Test
    void shouldTryOneFileNowByItsId() {
        var screen = new Screen(directory);

        assertThat(screen.run("retry", ID, "--by", "ann")).isZero();

        assertThat(paths).containsExactly("/v1/files/" + ID + "/retry");
        assertThat(screen.out()).contains("retry of " + ID + " requested");
    }

    @Test
    void shouldTryAllFilesNowThatWaitForADestination() {
        var screen = new Screen(directory);

        assertThat(screen.run("retry", "--destination", "acme", "--by", "ann", "--reason", "they are back")).isZero();

        assertThat(paths).containsExactly("/v1/destinations/acme/retry");
        assertThat(asked.getFirst().toString()).isEqualTo("{\"by\":\"ann\",\"reason\":\"they are back\"}");
        assertThat(screen.out()).contains("retry of the files that wait for acme requested");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "retry",
                    "retry " + ID + " --destination acme",
                    "retry --destination a/b",
                    "retry not-an-id",
                    "redrive",
                    "cancel",
                    "redrive " + ID + " --status FAILED",
                    "redrive --status OPEN",
                    "redrive --failure BAD_LUCK",
                    "redrive --status FAILED --since tomorrow",
                    "redrive --status FAILED --rate 0",
                    "cancel --route a --force",
                    "resend",
                    "resend --route invoices",
                    "resend --failure DISK_FULL --since 2h",
                    "forget",
                    "forget --route invoices"
            })
    void shouldEndWithTwoWhenItIsNotClearWhichFilesAreMeant(String line) {
        var screen = new Screen(directory);

        assertThat(screen.run(line.split(" ", -1))).isEqualTo(2);
        assertThat(screen.errLines()).isNotEmpty();
        assertThat(asked).isEmpty();
    }
}
