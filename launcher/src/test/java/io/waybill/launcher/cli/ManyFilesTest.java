package io.waybill.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redrive and cancel against an API that knows 250 failed files, of which it refuses some. */
final class ManyFilesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FILES = 250;
    private static final String ID = "mfrggzdfmztwq2lkmnxw4zlt2y";

    @TempDir
    private Path directory;

    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int refusals;

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
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        asked.add(body);
        paths.add(exchange.getRequestURI().getPath());
        String answer;
        if (exchange.getRequestURI().getPath().startsWith("/v1/files/")) {
            answer = "{\"id\":\"" + ID + "\",\"accepted\":\"RedriveRequested\",\"status\":\"FAILED\"}";
        } else {
            int from = body.path("cursor").asInt();
            int to = Math.min(FILES, from + body.path("limit").asInt());
            answer = """
                    {"dryRun":%s,"matched":%d,"accepted":%d,"refused":%d,"ids":["file-%d"],"refusals":%s,"cursor":%s}"""
                    .formatted(
                            body.path("dryRun").asBoolean(),
                            to - from,
                            to - from - (from == 0 ? refusals : 0),
                            from == 0 ? refusals : 0,
                            from,
                            refusals > 0 && from == 0 ? "[{\"id\":\"file-0\",\"error\":\"looks like a loop\"}]" : "[]",
                            to == FILES ? "null" : "\"" + to + "\"");
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
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
        assertThat(last.path("cursor").asText()).isEqualTo("200");
    }

    @Test
    void shouldOnlyTellWhatItWouldDoInADryRun() {
        var screen = new Screen(directory);

        assertThat(screen.run("cancel", "--route", "invoices", "--dry-run")).isZero();

        assertThat(screen.out()).contains("file-0", "cancel would be requested for 250 files", "nothing was changed");
        assertThat(asked).extracting(body -> body.path("dryRun").asBoolean()).containsOnly(true);
        assertThat(paths).containsOnly("/v1/cancel");
        assertThat(asked.getFirst().has("force")).isFalse();
    }

    @Test
    void shouldEndWithOneWhenAFileIsRefusedAndSayWhy() {
        refusals = 1;
        var screen = new Screen(directory);

        assertThat(screen.run("redrive", "--route", "invoices")).isEqualTo(1);

        assertThat(screen.out()).contains("file-0 refused: looks like a loop", "for 249 files, refused for 1");
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "redrive",
                    "cancel",
                    "redrive " + ID + " --status FAILED",
                    "redrive --status OPEN",
                    "redrive --failure BAD_LUCK",
                    "redrive --status FAILED --since yesterday",
                    "redrive --status FAILED --rate 0",
                    "cancel --route a --force"
            })
    void shouldEndWithTwoWhenItIsNotClearWhichFilesAreMeant(String line) {
        var screen = new Screen(directory);

        assertThat(screen.run(line.split(" ", -1))).isEqualTo(2);
        assertThat(screen.errLines()).isNotEmpty();
        assertThat(asked).isEmpty();
    }
}
