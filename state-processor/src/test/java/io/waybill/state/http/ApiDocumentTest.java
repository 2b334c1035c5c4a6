package io.waybill.state.http;

import static io.waybill.state.http.ApiUnderTest.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.javalin.Javalin;
import io.waybill.domain.Attempt;
import io.waybill.domain.AttemptFailure;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileId;
import io.waybill.domain.Milestone;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.http.QueryParameters;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.api.ApiContract;
import io.waybill.testkit.api.Exchange;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/openapi.yaml describes this server, all of it, and no other. */
final class ApiDocumentTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(Javalin.class);

    private static final String ANN = "{\"by\":\"ann\",\"reason\":\"the partner made room\"}";
    private static final String DRY = "{\"by\":\"ann\",\"reason\":\"the partner made room\",\"dryRun\":true}";
    private static final String RESEND = "{\"resolution\":\"resend\",\"by\":\"ann\",\"reason\":\"x\"}";
    private static final String CLAIM = "{\"action\":\"claim\",\"by\":\"importer-1\"}";
    private static final String MANY = "{\"filter\":{\"route\":\"drop\"},\"by\":\"ann\",\"reason\":\"x\"}";
    private static final List<String> PAUSABLE = List.of("/v1/destinations/acme", "/v1/routes/invoices");
    private static final Map<String, String> OF_ONE =
            Map.of("redrive", ANN, "resend", ANN, "forget", ANN, "cancel", ANN, "retry", ANN, "resolve", RESEND,
                    "import",
                    CLAIM);
    private static final String MANY_DELIVERED =
            "{\"filter\":{\"since\":\"2026-01-01T00:00:00Z\"},\"by\":\"ann\",\"reason\":\"x\"}";
    /** Answers that are described, and that no test can provoke. */
    private static final Set<String> NOT_SEEN = Set.of();

    private final ApiContract contract = ApiContract.shipped();

    @Test
    void shouldDescribeEveryRouteAndNoOther() {
        try (var api = new ApiUnderTest()) {
            assertThat(api.routes()).containsExactlyInAnyOrderElementsOf(ours(contract.operations()));
        }
    }

    @Test
    void shouldDescribeTheParametersThatEachRouteTakes() {
        var described = new TreeMap<>(contract.queries());
        described.keySet().removeIf(route -> ours(Set.of(route)).isEmpty());
        var taken = new TreeMap<String, Set<String>>();
        try (var api = new ApiUnderTest()) {
            api.queries().forEach((route, query) -> taken.put(route, new TreeSet<>(query.names())));
        }

        assertThat(taken).isEqualTo(described);
    }

    /** Probes and scrapers may add what they like; a pod must not be restarted for it. */
    @Test
    void shouldRefuseWhatARouteDoesNotTakeAndWhatIsGivenTwice() throws Exception {
        try (var api = new ApiUnderTest()) {
            Map<String, QueryParameters> queries = api.queries();
            assertThat(queries.entrySet().stream().filter(route -> route.getValue().any()).map(Map.Entry::getKey))
                    .containsExactlyInAnyOrder("GET /healthz", "GET /readyz", "GET /metrics");
            for (var route : queries.entrySet()) {
                if (!route.getValue().any()) {
                    refused(api, route.getKey(), route.getValue());
                }
            }
        }
    }

    private static void refused(ApiUnderTest api, String route, QueryParameters query) throws Exception {
        String file = api.arrive("invoices", "invoices/a").value();
        int written = api.changed.size();
        ApiCaller.Answer unknown = api.ask(route, file, "nonsense=1");
        assertThat(unknown.status()).as(route).isEqualTo(400);
        assertThat(unknown.error())
                .startsWith("unknown parameter nonsense; ")
                .contains(query.names().isEmpty() ? "there are none here" : "known are " + query.names().getFirst());
        for (String name : query.names()) {
            ApiCaller.Answer twice = api.ask(route, file, name + "=1&" + name + "=2");
            assertThat(twice.status()).as(route).isEqualTo(400);
            assertThat(twice.error()).isEqualTo(name + ": the parameter is given more than once");
        }
        assertThat(api.changed).hasSize(written);
    }

    @Test
    void shouldNameWhereItBeginsEveryAddressThatCanBeOpened() throws Exception {
        try (var api = new ApiUnderTest()) {
            List<String> named = new ArrayList<>();
            api.get("/").body().path("paths").forEach(path -> named.add(path.asText()));

            assertThat(named).containsExactlyInAnyOrderElementsOf(api.routes().stream()
                    .filter(route -> route.startsWith("GET ") && !route.contains("{") && !route.equals("GET /"))
                    .map(route -> route.substring(4))
                    .toList());
        }
    }

    @Test
    void shouldListEveryAddressForPeople() throws Exception {
        String document = Files.readString(Path.of("../docs/http-api.md"));
        String section = document.substring(document.indexOf("\n## All addresses"), document.indexOf("\n## Reading"));

        assertThat(Pattern.compile("`((?:GET|POST) /[^`]*)`").matcher(section).results().map(one -> one.group(1)))
                .containsExactlyInAnyOrderElementsOf(contract.operations());
    }

    @Test
    void shouldServeTheDocument() throws Exception {
        try (var api = new ApiUnderTest()) {
            ApiCaller.Answer answer = api.get("/openapi.yaml");

            assertThat(answer.headers().get("content-type")).containsExactly("application/yaml");
            assertThat(new ApiContract(answer.text()).answers()).isEqualTo(contract.answers());
        }
    }

    @Test
    void shouldGiveOnlyExamplesThatItAllows() {
        assertThat(contract.examples().faults()).isEmpty();
        assertThat(contract.examples().count()).isGreaterThan(20);
    }

    @Test
    void shouldListTheConstantsThereAre() {
        assertThat(contract.constants("Status")).isEqualTo(names(Status.values()));
        assertThat(contract.constants("Stage")).isEqualTo(names(Stage.values()));
        assertThat(contract.constants("FailureKind")).isEqualTo(names(FailureKind.values()));
        assertThat(contract.constants("Step")).isEqualTo(names(Milestone.values()));
        assertThat(contract.constants("AttemptFailureKind")).isEqualTo(names(AttemptFailure.Kind.values()));
        assertThat(contract.constants("Event"))
                .containsExactlyInAnyOrderElementsOf(events(FileEvent.class)
                        .map(Class::getSimpleName)
                        .toList());
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }

    private static Stream<Class<?>> events(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Stream.of(type.getPermittedSubclasses()).flatMap(ApiDocumentTest::events);
    }

    @Test
    void shouldGiveEveryAnswerThatItDescribes() throws Exception {
        try (var api = new ApiUnderTest(contract)) {
            read(api);
            refuse(api);
            accept(api);
            unavailable(api);
        }
        try (var api = new ApiUnderTest(contract)) {
            for (var route : api.queries().entrySet()) {
                if (!route.getValue().any()) {
                    api.ask(route.getKey(), id("invoices", "nothing").value(), "nonsense=1");
                }
            }
        }
        try (var api = ApiUnderTest.withFourEyes(contract, AccessSettings.UNSAID, 1)) {
            ask(api);
        }
        try (var issuer = new Issuer();
                var api = new ApiUnderTest(contract, People.issuer(issuer.address()))) {
            strangers(api, issuer.token("guests", "waybill"));
        }

        var unseen = new HashSet<>(ours(contract.answers()));
        unseen.removeAll(contract.seen());
        assertThat(unseen).isEqualTo(NOT_SEEN);
    }

    /** Without those of the ingest-service, whose own test holds them against the document. */
    private static Set<String> ours(Set<String> names) {
        return names.stream().filter(name -> !name.contains("/v1/unrouted")).collect(Collectors.toSet());
    }

    private static void strangers(ApiUnderTest api, String guest) throws Exception {
        for (String route : api.documented()) {
            String file = api.arrive("drop", "a").value();
            api.as("").ask(route, file);
            api.as(guest).ask(route, file);
        }
    }

    private static void read(ApiUnderTest api) throws Exception {
        FileId file = api.arrive("invoices", "invoices/a");
        for (String path : List.of("/", "/v1/files", "/v1/files?limit=0", "/v1/summary", "/v1/status", "/healthz",
                "/v1/explain", "/v1/explain?key=invoices/a", "/v1/dead-letters", "/v1/dead-letters?type=FOLDER",
                "/v1/audit", "/v1/audit?who=ann",
                "/v1/destinations", "/v1/destinations?name=acme", "/v1/destinations/acme", "/v1/destinations/acne",
                "/v1/destinations/acme?minutes=1", "/v1/flow", "/v1/flow?minutes=0", "/v1/newer",
                "/v1/objects", "/v1/objects?bucket=outbound&key=invoices/a",
                "/v1/newer?bucket=b&key=a&destination=acme&path=/a&modified=2026-01-01T00:00:00Z",
                "/v1/scaling", "/v1/scaling?route=invoices",
                "/readyz", "/metrics", "/openapi.yaml")) {
            api.get(path);
        }
        for (Object one : List.of(file, id("invoices", "nothing"), "no-id")) {
            api.get("/v1/files/" + one);
            api.get("/v1/files/" + one + "/history");
            api.get("/v1/files/" + one + "/why");
        }
    }

    private static void refuse(ApiUnderTest api) throws Exception {
        FileId file = api.arrive("invoices", "invoices/b");
        String large = " ".repeat(1_000_001);
        for (var request : OF_ONE.entrySet()) {
            String path = "/v1/files/" + file + "/" + request.getKey();
            api.post(path, "{}");
            api.post(path, large);
            api.post(path, request.getValue(), "text/plain");
            api.post("/v1/files/" + id("invoices", "nothing") + "/" + request.getKey(), request.getValue());
        }
        for (String subject : PAUSABLE) {
            for (String order : List.of("/pause", "/resume")) {
                api.post(subject + order, "{}");
                api.post(subject + order, large);
                api.post(subject + order, ANN, "text/plain");
                api.post(subject + "-2" + order, ANN);
            }
        }
        api.post("/v1/destinations/acne/retry", ANN);
        api.post("/v1/destinations/acme/retry", ANN, "text/plain");
        for (String path : List.of("/v1/redrive", "/v1/resend", "/v1/cancel", "/v1/destinations/acme/retry")) {
            api.post(path, "{}");
            api.post(path, large);
            api.post(path, MANY, "text/plain");
        }
    }

    private static void accept(ApiUnderTest api) throws Exception {
        String file = "/v1/files/" + api.givenUp();
        for (String action : List.of("redrive", "cancel")) {
            for (String body : List.of(DRY, ANN, ANN)) {
                api.post(file + "/" + action, body);
            }
            api.post("/v1/" + action, MANY);
        }
        String delivered = "/v1/files/" + api.delivered("invoices/delivered");
        for (String action : List.of("resend", "forget")) {
            for (String body : List.of(DRY, ANN, ANN)) {
                api.post(delivered + "/" + action, body);
            }
            api.happened(ApiUnderTest.completed("invoices/delivered", 2));
        }
        api.post(delivered + "/forget", ANN);
        api.later(Duration.ofSeconds(1));
        api.post("/v1/resend", MANY_DELIVERED);
        pause(api);
        api.post("/v1/destinations/acme/retry", ANN);
        FileId waiting = api.arrive("invoices", "invoices/waiting");
        api.happened(new Deferred(waiting, ApiUnderTest.NOW, Stage.DELIVERY, Attempt.FIRST,
                ApiUnderTest.NOW.plusSeconds(60), new Failure(FailureKind.UNREACHABLE, "refused")));
        for (String body : List.of(DRY, ANN, ANN)) {
            api.post("/v1/files/" + waiting + "/retry", body);
        }
        FileId doubtful = api.arrive("invoices", "invoices/in-doubt");
        api.happened(new Failed(doubtful, ApiUnderTest.NOW, Stage.DELIVERY, Attempt.FIRST,
                new Failure(FailureKind.IN_DOUBT, "nobody can tell")));
        api.post("/v1/files/" + doubtful + "/resolve", RESEND);
        api.post("/v1/files/" + doubtful + "/resolve", RESEND);
        String claimed = "/v1/files/" + api.arrive("drop", "a") + "/import";
        api.post(claimed, CLAIM);
        api.post(claimed, CLAIM);
        api.post(claimed, "{\"action\":\"completed\",\"by\":\"importer-1\"}");
    }

    /** Requests about more than one file wait for a second person. */
    private static void ask(ApiUnderTest api) throws Exception {
        var _ = BulkRequestsTest.givenUp(api, 2, FailureKind.FORBIDDEN);
        for (int i = 0; i < 2; i++) {
            api.arrive("invoices", "invoices/open-" + i);
            var _ = api.delivered("invoices/delivered-" + i);
        }
        api.later(Duration.ofSeconds(1));
        for (String action : List.of("redrive", "resend", "cancel")) {
            String many = action.equals("resend") ? MANY_DELIVERED : MANY.replace("drop", "invoices");
            String id = api.post("/v1/" + action, many).body().path("approval").path("id").asText();
            for (String approval : List.of(id, "unknown")) {
                api.post("/v1/" + action, "{\"by\":\"ann\",\"approval\":\"" + approval + "\"}");
            }
            for (String word : List.of("approve", "reject")) {
                String path = "/v1/approvals/" + id + "/" + word;
                api.post(path, "{}");
                api.post(path, " ".repeat(1_000_001));
                api.post(path, ANN, "text/plain");
                api.post("/v1/approvals/unknown/" + word, ANN);
            }
            // The second decision comes too late.
            for (String word : action.equals("redrive") ? List.of("approve", "reject") : List.of("reject", "approve")) {
                api.post("/v1/approvals/" + id + "/" + word, ANN.replace("ann", "bob"));
            }
        }
        api.get("/v1/approvals");
    }

    private static void pause(ApiUnderTest api) throws Exception {
        for (String subject : PAUSABLE) {
            api.post(subject + "/pause", ANN);
            api.post(subject + "/pause", ANN.replace("}", ",\"until\":\"2025-01-01T00:00:00Z\"}"));
        }
        api.get("/v1/pauses");
        api.post("/v1/destinations/acme/retry", ANN);
        for (String subject : PAUSABLE) {
            api.post(subject + "/resume", ANN);
            api.post(subject + "/resume", ANN);
        }
    }

    private static void unavailable(ApiUnderTest api) throws Exception {
        FileId file = api.arrive("invoices", "invoices/c");
        api.notReady();
        for (String path : List.of("/v1/files", "/v1/files/" + file, "/v1/files/" + file + "/history",
                "/v1/files/" + file + "/why", "/v1/summary",
                "/v1/status",
                "/v1/pauses",
                "/v1/destinations",
                "/v1/destinations/acme",
                "/v1/flow",
                "/v1/scaling",
                "/v1/newer?bucket=b&key=a&destination=acme&path=/a&modified=2026-01-01T00:00:00Z",
                "/v1/objects?bucket=outbound&key=invoices/a",
                "/v1/approvals",
                "/readyz")) {
            api.get(path);
        }
        for (String subject : PAUSABLE) {
            api.post(subject + "/pause", ANN);
            api.post(subject + "/resume", ANN);
        }
        for (String word : List.of("approve", "reject")) {
            api.post("/v1/approvals/unknown/" + word, ANN);
        }
        for (var request : OF_ONE.entrySet()) {
            api.post("/v1/files/" + file + "/" + request.getKey(), request.getValue());
        }
        api.post("/v1/redrive", MANY);
        api.post("/v1/resend", MANY_DELIVERED);
        api.post("/v1/cancel", MANY);
        api.broken();
        api.get("/v1/dead-letters");
        api.get("/v1/audit");
        api.post("/v1/destinations/acme/retry", ANN);
        api.down();
        api.get("/healthz");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                    "GET  | /v1/files           | 200 | {\"files\":[],\"cursor\":null,\"more\":1} | more",
                    "GET  | /v1/files           | 200 | {\"files\":[]}                           | cursor",
                    "GET  | /v1/files           | 200 | {\"files\":[{}],\"cursor\":null}         | id",
                    "GET  | /v1/files           | 418 | {\"error\":\"x\"}                        | no such answer",
                    "GET  | /v1/files?limit=5   | 400 | {\"error\":\"x\"}                        | allows it",
                    "GET  | /v1/files?limit=0   | 200 | {\"files\":[],\"cursor\":null}           | minimum",
                    "GET  | /v1/files?since=now | 200 | {\"files\":[],\"cursor\":null}           | date-time",
                    "GET  | /v1/files?state=A   | 200 | {\"files\":[],\"cursor\":null}           | no parameter state",
                    "GET  | /v1/others          | 404 | {\"error\":\"x\"}                        | no such operation",
                    "POST | /v1/files           | 200 | {\"files\":[],\"cursor\":null}           | no such operation",
                    "POST | /v1/cancel          | 400 | {\"error\":\"x\"}                        | allows it",
                    "POST | /v1/cancel          | 415 | {\"error\":\"x\"}                        | allows it",
                    "POST | /v1/redrive         | 200 | {}                                       | dryRun"
            })
    void shouldBeHeldToWhatItSays(String method, String address, int status, String answer, String fault) {
        var exchange = new Exchange(
                method, URI.create(address), "application/json", MANY, status, "application/json", answer);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> contract.check(exchange))
                .withMessageContaining(fault);
    }
}
