package io.waybill.e2e;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.devstack.servers.EmbeddedS3;
import io.waybill.domain.Attempt;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Heartbeat;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Stage;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.FreePort;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.PythonKafka;
import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.testkit.RequiresPythonKafka;
import io.waybill.testkit.SftpDestination;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stops a file, it ends where somebody sees it, and goes on when somebody asks. One stack for all tests. */
@RequiresOpenSsh
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LifecycleIT {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.named(
            "io.waybill.worker.connections.Breaker",
            "io.waybill.state.HaltWatch",
            "io.waybill.runtime.streams.PoisonHandler");

    private static final Path SAMPLES = Path.of("..", "docs", "importers");
    private static final int RESENT = 1_000;
    private static final String CLAIM = "{'action':'claim','by':'importer-1'}";

    @TempDir
    private static Path scratch;

    private static OpenSshServer partner;
    private static LiveStack stack;

    @BeforeAll
    static void start() throws Exception {
        partner = OpenSshServer.start(scratch.resolve("ssh"));
        stack = new LiveStack(
                scratch,
                """
                monitor: { tick: 200ms }
                destinations:
                %sroutes:
                  night:
                    source: { bucket: files, prefix: night/ }
                    deliver: { destination: night, path: "/{name}" }
                  slow:
                    source: { bucket: files, prefix: slow/ }
                    deliver: { destination: slow, path: "/{name}" }
                  dead:
                    source: { bucket: files, prefix: dead/ }
                    deliver: { destination: dead, path: "/{name}" }
                  paused:
                    source: { bucket: files, prefix: paused/ }
                    deliver: { destination: partner, path: "/paused-{name}" }
                  resent:
                    source: { bucket: files, prefix: resent/ }
                    deliver: { destination: partner, path: "/resent/{name}", createDirectories: true }
                  unclaimed:
                    source: { bucket: files, prefix: unclaimed/ }
                    timeouts: { unclaimed: 5s }
                  unfinished:
                    source: { bucket: files, prefix: unfinished/ }
                    timeouts: { unfinished: 5s }
                  heartbeat:
                    source: { bucket: files, prefix: heartbeat/ }
                    import: { required: true, heartbeat: 5s }
                """
                        .formatted(destinations())
                        + sampleRoute("java")
                        + sampleRoute("python")
                        + hostedDrop("java-drop")
                        + hostedDrop("python-drop"));
    }

    /** One server under three names: as it is, at a low rate, and at a port where nobody listens. */
    private static String destinations() {
        SftpDestination server = partner.destination();
        return server.yaml("night")
                + server.yaml("slow") + "    maxBytesPerSecond: 65536\n"
                + server.through(FreePort.find()).yaml("dead");
    }

    private static String hostedDrop(String name) {
        return """
                  %1$s:
                    source: { bucket: files, prefix: %1$s/ }
                    retry: { backoff: 1s, maxBackoff: 2s, maxAttempts: 100 }
                """
                .formatted(name);
    }

    private static String sampleRoute(String name) {
        return """
                  %1$s:
                    source: { bucket: files, prefix: %1$s/ }
                    deliver: { destination: partner, path: "/{key}", createDirectories: true }
                    retry: { backoff: 1s, maxBackoff: 2s, maxAttempts: 100 }
                    import: { required: true, heartbeat: 10s }
                """
                .formatted(name);
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (stack != null) {
                stack.close();
            }
        } finally {
            if (partner != null) {
                partner.close();
            }
        }
    }

    @Test
    void shouldStartNoFileOfAPausedRouteAndDeliverAllOnceItIsResumed() throws Exception {
        String ann = "{'by':'ann','reason':'maintenance'}";
        assertThat(stack.post("/v1/routes/paused/pause", ann).status()).isEqualTo(202);
        var ids = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            ids.add(stack.arrived("paused/" + i, "content " + i));
        }
        for (String id : ids) {
            JsonNode waits = stack.awaitState(id, file -> file.path("waitsAfter").asText().equals("DEFERRAL"));
            assertThat(waits.path("halt").path("text").asText()).contains("route paused is paused by ann");
        }
        assertThat(stack.fileStates(new FileId(ids.getFirst())))
                .filteredOn(state -> state.phase() instanceof Phase.Waiting)
                .as("states at the pause")
                .hasSize(1);

        assertThat(stack.post("/v1/routes/paused/resume", ann).status()).isEqualTo(202);

        for (String id : ids) {
            assertThat(stack.awaitStatus(id, "COMPLETED").path("attempt").asInt()).isEqualTo(1);
        }
    }

    @Test
    void shouldShowAnUploadGrowAndWhichPartnerIsDown() throws Exception {
        String id = stack.arrived("slow/large", "x".repeat(1_500_000));
        long done = done(stack.awaitState(id, file -> done(file) > 0));
        JsonNode grown = stack.awaitState(id, file -> done(file) > done);
        assertThat(grown.path("progress").path("size").asLong()).isEqualTo(1_500_000);
        assertThat(grown.path("progress").path("worker").asText()).isEqualTo("worker-1");
        JsonNode worker = stack.get("/v1/destinations/slow").path("workers").path(0);
        assertThat(worker.path("breaker").asText()).isEqualTo("CLOSED");
        assertThat(worker.path("hostKey").asText()).isEqualTo(partner.destination().hostKey());
        assertThat(texts(worker.path("files"), "id")).containsExactly(id);
        assertThat(command("watch", "--once").out()).contains(id, "large", "slow", "CONNECTED", "of 1.5 MB");

        String waits = stack.arrived("dead/a", "a");
        await("what the worker says").until(() -> stack.get("/v1/destinations/dead").path("workers").path(0)
                .path("breaker").asText().equals("OPEN"));
        JsonNode dead = stack.get("/v1/destinations/dead");
        assertThat(dead.path("workers").path(0).path("failure").asText()).isEqualTo("UNREACHABLE");
        await("the deferral")
                .until(() -> stack.get("/v1/destinations/dead").path("files").path("waiting").asInt() == 1);
        assertThat(command("destinations").out()).containsPattern("dead +down for .*UNREACHABLE");

        CommandRun followed = command("show", id, "--follow");
        assertThat(followed.out()).contains("COMPLETED");
        assertThat(followed.err()).isEmpty();
        assertThat(followed.exitCode()).isZero();
        assertThat(stack.file(id).has("progress")).isFalse();
        assertThat(texts(stack.get("/v1/flow?minutes=5").path("minutes"), "at")).hasSize(5);
        assertThat(stack.post("/v1/files/" + waits + "/cancel", "{'by':'ann','reason':'nobody is there'}").status())
                .isEqualTo(202);
        assertThat(command("show", waits, "--follow").exitCode()).isEqualTo(1);
    }

    private static long done(JsonNode file) {
        return file.path("progress").path("done").asLong();
    }

    private static CommandRun command(String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--api", stack.api()));
        return CommandRun.of(line);
    }

    @Test
    void shouldTimeOutAFileThatNobodyClaims() throws Exception {
        String id = stack.arrived("unclaimed/a", "a");

        assertThat(stack.awaitStatus(id, "TIMED_OUT").path("deadline").asText()).isEqualTo("UNCLAIMED");

        redrivenToItsEnd(id);
    }

    @Test
    void shouldTimeOutAnImportThatNeverEnds() throws Exception {
        String id = stack.arrived("unfinished/a", "a");
        claim(id);

        assertThat(stack.awaitStatus(id, "TIMED_OUT").path("deadline").asText()).isEqualTo("UNFINISHED");

        redrivenToItsEnd(id);
    }

    @Test
    void shouldTimeOutACrashedImporterByItsHeartbeats() throws Exception {
        String id = stack.arrived("heartbeat/a", "a");
        long claimed = claim(id).path("version").asLong();
        stack.awaitState(id, file -> {
            stack.post("/v1/files/" + id + "/import", "{'action':'heartbeat','by':'importer-1'}");
            return file.path("version").asLong() >= claimed + 3;
        });

        // Here it crashes: nothing more is heard of it, a day before the import as a whole would be overdue.
        assertThat(stack.awaitStatus(id, "TIMED_OUT").path("deadline").asText()).isEqualTo("UNFINISHED");

        assertThat(events(id)).containsExactly("Arrived", "Started", "Heartbeat", "DeadlineReached");
        redrivenToItsEnd(id);
    }

    @Test
    void shouldKeepAPoisonRecordAndLetTheFileBeRedriven() throws Exception {
        String id = stack.arrived("unfinished/poisoned", "a");
        claim(id);
        byte[] poison = "{\"type\":\"COMPLETED\"}".getBytes(StandardCharsets.UTF_8);
        stack.write(stack.topics().fileEvents().name(), id.getBytes(StandardCharsets.UTF_8), poison);

        stack.awaitStatus(id, "TIMED_OUT");

        redrivenToItsEnd(id);
        assertThat(stack.letters()).filteredOn(DeadLetter.Poison.class::isInstance).singleElement()
                .satisfies(letter -> {
                    assertThat(((DeadLetter.Poison) letter).value()).isEqualTo(poison);
                    assertThat(((DeadLetter.Poison) letter).key()).isEqualTo(id.getBytes(StandardCharsets.UTF_8));
                });
        JsonNode listed = stack.get("/v1/dead-letters?type=RECORD").path("letters");
        assertThat(listed).hasSize(1);
        assertThat(listed.path(0).path("origin").asText()).startsWith(stack.topics().fileEvents().name() + "-");
        assertThat(listed.path(0).path("valueBytes").asInt()).isEqualTo(poison.length);
    }

    @Test
    void shouldBurnNothingWhileAPartnerIsDownAllNight() throws Exception {
        partner.close();
        var ids = new ArrayList<String>();
        for (String name : List.of("night/a", "night/b", "night/c")) {
            ids.add(stack.arrived(name, "content of " + name));
        }
        for (String id : ids) {
            await("a deferral").until(() -> count(events(id), "Deferred") >= 1);
        }
        // One of them tries for all.
        await("another deferral").until(() -> {
            long deferrals = 0;
            for (String id : ids) {
                deferrals += count(events(id), "Deferred");
            }
            return deferrals > ids.size();
        });
        // A file that is just tried again is queued for a moment.
        await("the reason of the wait").until(() -> stack.get("/v1/files/" + ids.getFirst() + "/why")
                .path("waitsFor").asText().startsWith("destination night: UNREACHABLE: "));
        assertThat(texts(stack.get("/v1/explain?bucket=files&key=night/a").path("routes"), "path"))
                .contains(stack.file(ids.getFirst()).path("path").asText());
        partner.restart();

        for (String id : ids) {
            JsonNode file = stack.awaitStatus(id, "COMPLETED");
            assertThat(file.path("attempt").asInt()).isEqualTo(1);
            assertThat(file.path("sending").asInt()).isEqualTo(1);
            assertThat(stack.lettersOf(id)).isEmpty();
            JsonNode history = stack.get("/v1/files/" + id + "/history").path("history");
            assertThat(texts(history.path(history.size() - 1).path("steps"), "step"))
                    .containsExactly("RECEIVED", "CONNECTED", "SENT", "VERIFIED", "PREPARED", "PUBLISHED");
        }
        assertThat(new DeliveredFiles(partner.files()).differing(Map.of("a", content("night/a"), "b",
                content("night/b"), "c", content("night/c")))).isEmpty();
    }

    @Test
    void shouldResendAThousandDeliveredFilesOnceMoreEachAndTellImportersNothing() throws Exception {
        for (int i = 0; i < RESENT; i++) {
            stack.put("resent/" + i, "content of " + i);
        }
        await("all files delivered").until(() -> completed(1) == RESENT);
        assertThat(stack.readyFiles("resent")).hasSize(RESENT);
        String ask = "{'filter':{'route':'resent','since':'2020-01-01T00:00:00Z'},'by':'ann','reason':'acme lost it',"
                + "'ratePerSecond':1000";
        JsonNode dry = stack.post("/v1/resend", ask + ",'dryRun':true}").body();
        assertThat(dry.path("accepted").asInt()).isEqualTo(RESENT);

        try (var appearing = AppearingFiles.in(stack.delivered().resolve("resent"))) {
            int accepted = 0;
            for (String cursor = ""; !cursor.isEmpty() || accepted == 0;) {
                JsonNode outcome = stack.post("/v1/resend", ask + cursor + "}").body();
                accepted += outcome.path("accepted").asInt();
                cursor = outcome.path("cursor").isNull() ? "" : ",'cursor':'" + outcome.path("cursor").asText() + "'";
            }
            assertThat(accepted).isEqualTo(RESENT);
            await("all files delivered once more").until(() -> completed(2) == RESENT);

            await("all names seen").until(() -> appearing.times().size() == RESENT);
            assertThat(appearing.times().values()).containsOnly(1);
        }
        assertThat(stack.readyFiles("resent")).hasSize(RESENT);
        var sent = new HashMap<String, byte[]>();
        for (int i = 0; i < RESENT; i++) {
            sent.put(String.valueOf(i), content(String.valueOf(i)));
        }
        var delivered = new DeliveredFiles(stack.delivered().resolve("resent"));
        assertThat(delivered.names()).hasSize(RESENT);
        assertThat(delivered.differing(sent)).isEmpty();
    }

    /** How many files of the route are COMPLETED at a sending. */
    private static long completed(int sending) {
        JsonNode files = stack.get("/v1/files?limit=1000&route=resent&status=COMPLETED").path("files");
        return StreamSupport.stream(files.spliterator(), false)
                .filter(file -> file.path("sending").asInt() == sending)
                .count();
    }

    @Test
    void shouldForgetWhatAFileWasAndNotDeliverItAgain() throws Exception {
        String id = stack.arrived("paused/private", "content");
        stack.awaitStatus(id, "COMPLETED");
        FileState delivered = stack.fileStates(new FileId(id)).getLast();

        LiveStack.Answer answer = stack.post("/v1/files/" + id + "/forget", "{'by':'ann','reason':'request 4711'}");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(texts(answer.body().path("remains"), "topic")).contains(stack.topics().readyFiles().name());

        JsonNode forgotten = stack.awaitState(id, file -> file.path("forgotten").asBoolean());
        assertThat(forgotten.toString()).doesNotContain("private", "files\"", "partner");
        assertThat(stack.get("/v1/files/" + id + "/history").path("history")).isEmpty();
        stack.tell(new Arrived(new FileId(id), now(), delivered.route(), delivered.source()));
        String other = stack.arrived("paused/other", "content");
        stack.awaitStatus(other, "COMPLETED");
        assertThat(stack.file(id).path("version").asLong()).isEqualTo(forgotten.path("version").asLong());
    }

    private static byte[] content(String name) {
        return ("content of " + name).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldTellAnImporterOnKafkaAloneWhoHasTheFile() throws Exception {
        String id = stack.arrived("heartbeat/kafka", "a");
        var file = new FileId(id);
        stack.tell(new Started(file, now(), Stage.IMPORT, Attempt.FIRST, "kafka-1"));
        stack.tell(new Started(file, now(), Stage.IMPORT, Attempt.FIRST, "kafka-2"));

        JsonNode claimed = stack.awaitStatus(id, "STARTED");
        stack.awaitState(id, state -> {
            beat(file);
            return state.path("version").asLong() > claimed.path("version").asLong();
        });
        stack.tell(new Completed(file, now(), Stage.IMPORT, Attempt.FIRST, null));

        assertThat(claimed.path("by").asText()).isEqualTo("kafka-1");
        stack.awaitStatus(id, "COMPLETED");
        // The API is a little ahead of the topic.
        await("the last state in the topic").until(() -> told(file).contains("COMPLETED 1.1"));
        assertThat(told(file)).startsWith("PENDING 1.1", "STARTED 1.1").endsWith("COMPLETED 1.1");
    }

    private static List<String> told(FileId file) {
        return stack.fileStates(file).stream()
                .map(state -> state.status() + " " + state.phase().attempt())
                .toList();
    }

    private static void beat(FileId file) {
        try {
            stack.tell(new Heartbeat(file, now(), Stage.IMPORT, Attempt.FIRST, "kafka-1"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted before a heartbeat was written", e);
        } catch (ExecutionException e) {
            throw new AssertionError("a heartbeat was not written", e);
        }
    }

    @Test
    void shouldImportByTheSampleInJava() throws Exception {
        imports("java", java());
    }

    @Test
    void shouldImportAHostedDropByTheSampleInJava() throws Exception {
        importsFromS3("java-drop", java());
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                // Not the tests' own, which may log to standard output.
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                SAMPLES.resolve("CountLines.java").toString());
    }

    /** After all others: their events are what is counted. */
    @Test
    @Order(Integer.MAX_VALUE)
    void shouldCountAsTheMetricsDocumentSays() throws Exception {
        stack.metrics().areAsDocumented();
        await("all events are counted").until(() -> {
            int events = stack.events();
            ShownMetrics metrics = stack.metrics();
            return metrics.sum("waybill_files_moved_total")
                    + metrics.sum("waybill_events_ignored_total")
                    + metrics.sum("waybill_events_rejected_total")
                    + metrics.sum("waybill_records_unreadable_total", "service=state-processor")
                    == events;
        });
        for (String status : List.of("FAILED", "TIMED_OUT")) {
            await("all letters are counted").until(() -> {
                ShownMetrics metrics = stack.metrics();
                return metrics.sum("waybill_dead_letters_total", "status=" + status)
                        == metrics.sum("waybill_files_moved_total", "to=" + status);
            });
        }
        assertThat(stack.metrics().sum("waybill_ingest_events_total"))
                .isEqualTo(stack.metrics().sum("waybill_files_moved_total", "from=none"))
                .isEqualTo(stack.metrics().sum("waybill_ingest_notices_total", "outcome=matched"));
    }

    @Test
    @RequiresPythonKafka
    void shouldImportByTheSampleInPython() throws Exception {
        imports("python", python());
    }

    @Test
    @RequiresPythonKafka
    void shouldImportAHostedDropByTheSampleInPython() throws Exception {
        importsFromS3("python-drop", python());
    }

    private static List<String> python() {
        return List.of(PythonKafka.interpreter().orElseThrow(), SAMPLES.resolve("count_lines.py").toString());
    }

    /** A good file, one that an earlier run had claimed, and one without a line, which stay in S3. */
    private static void importsFromS3(String route, List<String> program) throws Exception {
        stack.put(route + "/two.csv", "1\n2\n");
        stack.put(route + "/none.csv", "");
        String held = stack.arrived(route + "/held.csv", "1\n");
        // As an earlier run of the importer that died with the file, long after it had read the record.
        await("a claim").until(() -> stack.post(
                "/v1/files/" + held + "/import",
                "{'action':'claim','by':'" + route + "-1','claimId':'of an earlier run'}")
                .status() == 200);
        Path output = scratch.resolve(route + ".out");
        Process importer = importer(route, program, output);
        try {
            stack.awaitStatus(held, "COMPLETED");
            stack.awaitFile(route + "/two.csv", file -> file.path("status").asText().equals("COMPLETED"));
            JsonNode none = stack.awaitFile(route + "/none.csv", file -> file.path("status").asText().equals("FAILED"));
            assertThat(none.path("failure").asText()).isEqualTo("IMPORT_REJECTED");
        } finally {
            importer.destroyForcibly().waitFor();
        }

        assertThat(Files.readAllLines(output))
                .containsExactlyInAnyOrder(route + "/held.csv 1", route + "/two.csv 2");
    }

    /** Good files, one without a line, and one that is away when it is to be imported. */
    private static void imports(String route, List<String> program) throws Exception {
        stack.put(route + "/one.csv", "1\n");
        stack.put(route + "/three.csv", "1\n2\n3\n");
        stack.put(route + "/none.csv", "");
        stack.put(route + "/away.csv", "1\n2\n");
        String away = stack.awaitFile(route + "/away.csv", file -> file.path("stage").asText().equals("IMPORT"))
                .path("id")
                .asText();
        Path delivered = stack.delivered().resolve(route).resolve("away.csv");
        Path elsewhere = Files.move(delivered, scratch.resolve(route + "-away"));
        Path output = scratch.resolve(route + ".out");
        Process importer = importer(route, program, output);
        try {
            for (String name : List.of("one", "three")) {
                stack.awaitFile(route + "/" + name + ".csv", file -> file.path("status").asText().equals("COMPLETED"));
            }
            JsonNode none = stack.awaitFile(route + "/none.csv", file -> file.path("status").asText().equals("FAILED"));
            assertThat(none.path("failure").asText()).isEqualTo("IMPORT_REJECTED");
            stack.awaitState(away, file -> file.path("attempt").asInt() > 1);
            Files.move(elsewhere, delivered);
            stack.awaitStatus(away, "COMPLETED");
        } finally {
            importer.destroyForcibly().waitFor();
        }

        assertThat(Files.readAllLines(output))
                .containsExactlyInAnyOrder(route + "/one.csv 1", route + "/three.csv 3", route + "/away.csv 2");
    }

    private static Process importer(String route, List<String> program, Path output) throws Exception {
        var command = new ArrayList<String>(program);
        command.addAll(List.of(
                stack.config().kafka().get("bootstrap.servers"),
                stack.registry(),
                stack.api(),
                route,
                route + "-1",
                stack.delivered().toString()));
        var start = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(scratch.resolve(route + ".err").toFile());
        start.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID", EmbeddedS3.ACCESS_KEY,
                        "AWS_SECRET_ACCESS_KEY", EmbeddedS3.SECRET_KEY,
                        "AWS_ENDPOINT_URL", stack.config().s3().endpoint().orElseThrow().toString()));
        return start.start();
    }

    /** A file that was given up: one letter says so, and after a redrive it is imported after all. */
    private static void redrivenToItsEnd(String id) throws InterruptedException {
        await("a dead letter").until(() -> !stack.lettersOf(id).isEmpty());
        JsonNode letters = stack.get("/v1/dead-letters?file=" + id);
        assertThat(letters.path("complete").asBoolean()).isTrue();
        assertThat(texts(letters.path("letters"), "status")).containsExactly("TIMED_OUT");
        stack.redrive(id);
        JsonNode claimed = claim(id);
        assertThat(claimed.path("sending").asInt()).isEqualTo(2);
        assertThat(stack.post("/v1/files/" + id + "/import", "{'action':'completed','by':'importer-1'}").status())
                .isEqualTo(202);
        stack.awaitStatus(id, "COMPLETED");
        assertThat(stack.lettersOf(id)).hasSize(1);
    }

    /** Claims a file as soon as it may be. */
    private static JsonNode claim(String id) throws InterruptedException {
        await("a claim").until(() -> {
            LiveStack.Answer answer = stack.post("/v1/files/" + id + "/import", CLAIM);
            // The first answer may have been that it is not decided yet.
            return answer.status() == 200 || answer.body().path("by").asText().equals("importer-1");
        });
        return stack.file(id);
    }

    private static List<String> events(String id) {
        return texts(stack.get("/v1/files/" + id + "/history").path("history"), "event");
    }

    private static List<String> texts(JsonNode objects, String field) {
        return StreamSupport.stream(objects.spliterator(), false)
                .map(object -> object.path(field).asText())
                .toList();
    }

    private static long count(List<String> events, String event) {
        return events.stream().filter(event::equals).count();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS); // allow clock: this stands for an importer
    }
}
