package io.waybill.state.http;

import static io.waybill.state.http.ApiUnderTest.NOW;
import static io.waybill.state.http.ApiUnderTest.arrival;
import static io.waybill.state.http.ApiUnderTest.id;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.Javalin;
import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.state.http.ApiCaller.Answer;
import io.waybill.testkit.CaughtWarnings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked about files. */
final class FileRoutesTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(Javalin.class);

    private ApiUnderTest api;

    @BeforeEach
    void open() {
        api = new ApiUnderTest();
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void shouldShowAFile() throws Exception {
        FileId id = api.arrive("invoices", "invoices/a.csv");
        var receipt = new Receipt(
                new RemotePath("/incoming/a.csv"),
                42,
                "00".repeat(32),
                Proof.SIZE,
                DestinationClass.ATOMIC_DURABLE,
                Duration.ofMillis(7));
        api.happened(new Completed(id, NOW, Stage.DELIVERY, Attempt.FIRST, receipt));

        Answer answer = api.get("/v1/files/" + id);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().toPrettyString())
                .isEqualToNormalizingNewlines(
                        """
                        {
                          "id" : "%s",
                          "route" : "invoices",
                          "status" : "COMPLETED",
                          "stage" : "DELIVERY",
                          "sending" : 1,
                          "attempt" : 1,
                          "version" : 2,
                          "bucket" : "outbound",
                          "key" : "invoices/a.csv",
                          "etag" : "e1",
                          "size" : 42,
                          "lastModified" : "2026-01-01T00:00:00Z",
                          "destination" : "acme",
                          "path" : "/incoming/a.csv",
                          "lane" : 1,
                          "arrivedAt" : "2026-01-01T00:00:00Z",
                          "changedAt" : "2026-01-01T00:00:00Z",
                          "late" : false,
                          "receipt" : {
                            "path" : "/incoming/a.csv",
                            "bytes" : 42,
                            "sha256" : "0000000000000000000000000000000000000000000000000000000000000000",
                            "proof" : "SIZE",
                            "destinationClass" : "A",
                            "durationMillis" : 7
                          }
                        }"""
                                .formatted(id));
    }

    @Test
    void shouldShowWhyAFileFailed() throws Exception {
        FileId id = api.givenUp();

        JsonNode file = api.get("/v1/files/" + id).body();

        assertThat(file.path("failure").asText()).isEqualTo("FORBIDDEN");
        assertThat(file.path("detail").asText()).isEqualTo("may not write");
    }

    @Test
    void shouldTellTheHistoryOfAFile() throws Exception {
        FileId id = api.arrive("invoices", "invoices/a.csv");

        JsonNode history = api.get("/v1/files/" + id + "/history").body();

        assertThat(history.path("history").get(0).path("event").asText()).isEqualTo("Arrived");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/history"})
    void shouldNotKnowAFileThatNeverArrived(String part) throws Exception {
        Answer answer = api.get("/v1/files/" + id("invoices", "nothing") + part);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error()).contains("no file is known");
    }

    @Test
    void shouldTellOfOneFileWhatWentWrongAndOfManyNot() throws Exception {
        FileId id = api.arrive("invoices", "invoices/a.csv");
        var down = new Failure(FailureKind.UNREACHABLE, "no answer");
        for (int minute = 1; minute <= 3; minute++) {
            Instant at = NOW.plusSeconds(60L * minute);
            api.happened(new Deferred(id, at, Stage.DELIVERY, Attempt.FIRST, at.plusSeconds(600), down));
        }

        JsonNode file = api.get("/v1/files/" + id).body();

        assertThat(file.path("waitsAfter").asText()).isEqualTo("DEFERRAL");
        assertThat(file.path("failures").toString())
                .isEqualTo("[{\"kind\":\"DEFERRED\",\"stage\":\"DELIVERY\",\"sending\":1,\"attempt\":1,"
                        + "\"from\":\"2026-01-01T00:01:00Z\",\"until\":\"2026-01-01T00:03:00Z\",\"count\":3,"
                        + "\"failure\":\"UNREACHABLE\",\"detail\":\"no answer\",\"next\":\"2026-01-01T00:13:00Z\"}]");
        assertThat(api.get("/v1/files").body().at("/files/0").has("failures")).isFalse();
    }

    @Test
    void shouldListAllFilesPageByPage() throws Exception {
        List<String> ids = IntStream.range(0, 7)
                .mapToObj(i -> api.arrive("invoices", "invoices/" + i).value())
                .sorted()
                .toList();

        assertThat(listed("/v1/files?limit=3")).containsExactlyElementsOf(ids);
    }

    @Test
    void shouldListOnlyWhatTheFilterSays() throws Exception {
        api.arrive("invoices", "invoices/a");
        FileId failed = api.givenUp();
        FileId drop = api.arrive("drop", "b");

        assertThat(listed("/v1/files?status=FAILED")).containsExactly(failed.value());
        assertThat(listed("/v1/files?route=drop")).containsExactly(drop.value());
        assertThat(listed("/v1/files?destination=acme&status=FAILED")).containsExactly(failed.value());
        assertThat(listed("/v1/files?status=FAILED,TIMED_OUT&failure=FORBIDDEN&since=2026-01-01T00:00:00Z"))
                .containsExactly(failed.value());
        assertThat(listed("/v1/files?failure=STALLED")).isEmpty();
        assertThat(listed("/v1/files?until=2026-01-01T00:00:00Z")).isEmpty();
    }

    private List<String> listed(String first) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        JsonNode page = api.get(first).body();
        page.path("files").forEach(file -> ids.add(file.path("id").asText()));
        while (page.path("cursor").isTextual()) {
            page = api.get(first + "&cursor=" + page.path("cursor").asText()).body();
            page.path("files").forEach(file -> ids.add(file.path("id").asText()));
        }
        return ids;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "limit=0",
                    "limit=1001",
                    "limit=many",
                    "status=failed",
                    "status=FAILED,",
                    "failure=BAD_LUCK",
                    "since=yesterday",
                    "until=12:00",
                    "cursor=first",
                    "order=oldest",
                    "waiting=yes",
                    "route=a%23b",
                    "state=FAILED"
            })
    void shouldRefuseAQuestionItCannotRead(String query) throws Exception {
        Answer answer = api.get("/v1/files?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains(query.substring(0, query.indexOf('=')));
    }

    @Test
    void shouldListTheNewestFirstAndSayHowManyThereAre() throws Exception {
        List<String> ids = new ArrayList<>();
        try (var other = new ApiUnderTest()) {
            for (int i = 0; i < 9; i++) {
                var arrival = arrival("invoices", "invoices/" + i);
                var later = new Arrived(arrival.id(), NOW.plusSeconds(i), arrival.route(), arrival.source());
                (i % 3 == 0 ? api : other).happened(later);
                ids.addFirst(arrival.id().value());
            }
            api.knows(other);

            for (int limit = 1; limit < 11; limit++) {
                assertThat(listed("/v1/files?order=newest&limit=" + limit)).containsExactlyElementsOf(ids);
            }
            assertThat(api.get("/v1/files?order=newest&limit=2&route=invoices").body().path("total").asInt())
                    .isEqualTo(9);
            assertThat(api.get("/v1/files?limit=2&name=7").body().has("total")).isFalse();
        }
    }

    @Test
    void shouldFindAFileByItsKeyNameAndPathWhateverTheyContain() throws Exception {
        String id = api.arrive("invoices", "invoices/a & b=c\u00fc+.csv").value();
        api.arrive("invoices", "invoices/other");
        try (var other = new ApiUnderTest()) {
            other.knows(api);

            for (String query : List.of(
                    "key=invoices%2Fa%20%26%20b%3Dc%C3%BC%2B.csv", "name=b%3Dc%C3%BC%2B", "path=%20%26%20")) {
                assertThat(api.get("/v1/files?" + query).body().at("/files/0/id").asText()).isEqualTo(id);
                assertThat(other.get("/v1/files?" + query).body().at("/files/0/id").asText()).isEqualTo(id);
            }
        }
    }

    /** Of its versions, of each route that takes it, and of all instances; not those of its key in another bucket. */
    @Test
    void shouldShowAllFilesOfOneObject() throws Exception {
        try (var other = new ApiUnderTest()) {
            String first = api.arrive("invoices", "drop/a").value();
            String newer = other.arriveNewer("drop/a", 5).value();
            String ofAnotherRoute = other.arrive("drop", "drop/a").value();
            var elsewhere = new SourceObject("archive", "drop/a", null, "e1", 42, NOW);
            var route = new RouteName("invoices");
            api.happened(new Arrived(
                    FileId.of(route, "archive", "drop/a", elsewhere.version()), NOW, route, elsewhere));
            api.arrive("invoices", "drop/b");
            other.knows(api);

            var page = other.get("/v1/objects?bucket=outbound&key=drop%2Fa&limit=2").body();
            assertThat(page.path("files")).hasSize(2);
            var rest = other.get("/v1/objects?bucket=outbound&key=drop%2Fa&limit=2&cursor="
                    + page.path("cursor").asText()).body();
            assertThat(Stream.concat(
                    page.path("files").findValuesAsText("id").stream(),
                    rest.path("files").findValuesAsText("id").stream()))
                    .containsExactlyInAnyOrder(first, newer, ofAnotherRoute);
            assertThat(rest.path("cursor").isTextual()).isFalse();
            assertThat(other.get("/v1/files?bucket=archive").body().path("files")).hasSize(1);
            assertThat(other.get("/v1/objects?key=a").error())
                    .isEqualTo("bucket: is missing; expected the bucket and the key of an object");
        }
    }

    @Test
    void shouldSayWhoIsDownSinceWhenAndWhatFailed() throws Exception {
        api.givenUp();
        var down = new Failure(FailureKind.UNREACHABLE, "connection refused");
        try (var other = new ApiUnderTest()) {
            for (ApiUnderTest instance : List.of(api, other)) {
                FileId id = instance.arrive("invoices", instance == api ? "invoices/a" : "invoices/b");
                Instant at = NOW.plusSeconds(instance == api ? 60 : 90);
                instance.happened(new Deferred(id, at, Stage.DELIVERY, Attempt.FIRST, at.plusSeconds(600), down));
            }
            api.knows(other);

            JsonNode status = api.get("/v1/status").body();

            assertThat(status.at("/byStatus/PENDING").asInt()).isEqualTo(2);
            assertThat(status.path("open").toString())
                    .isEqualTo("[{\"route\":\"invoices\",\"files\":2,\"oldest\":\"2026-01-01T00:00:00Z\"}]");
            assertThat(status.path("waiting").toString())
                    .isEqualTo("[{\"destination\":\"acme\",\"failure\":\"UNREACHABLE\",\"waitsAfter\":\"DEFERRAL\","
                            + "\"files\":2,\"since\":\"2026-01-01T00:01:00Z\",\"due\":\"2026-01-01T00:11:00Z\","
                            + "\"detail\":\"connection refused\"}]");
            assertThat(status.at("/failed/0/failure").asText()).isEqualTo("FORBIDDEN");
            assertThat(status.at("/lag/transfer-worker").asInt()).isEqualTo(7);
            // They belong to the cluster: the answers of two instances do not count them twice.
            assertThat(status.path("held").toString())
                    .isEqualTo("[{\"partition\":3,\"reason\":\"a mark cannot be read\"}]");
            assertThat(status.at("/letters/records").asInt()).isEqualTo(1);
            assertThat(status.at("/letters/newest/0/origin").asText()).isEqualTo("s3-notifications-1@17");
        }
    }

    @Test
    void shouldSayHowLargeABodyMayBe() throws Exception {
        assertThat(api.post("/v1/redrive", " ".repeat(1_000_001)).body().path("error").asText())
                .isEqualTo("the body is larger than 1,000,000 bytes");
    }

    @Test
    void shouldCountFiles() throws Exception {
        api.arrive("invoices", "invoices/a");
        api.givenUp();
        api.arrive("drop", "b");

        JsonNode summary = api.get("/v1/summary").body();

        assertThat(summary.path("files").asInt()).isEqualTo(3);
        assertThat(summary.at("/byStatus/PENDING").asInt()).isEqualTo(2);
        assertThat(summary.at("/byStatus/COMPLETED").isIntegralNumber()).isTrue();
        assertThat(summary.at("/byRoute/invoices/FAILED").asInt()).isOne();
        assertThat(summary.at("/byDestination/acme/PENDING").asInt()).isOne();
    }

    @Test
    void shouldSayThatItIsNotReady() throws Exception {
        api.notReady();

        for (String path : List.of("/v1/files", "/v1/summary", "/v1/files/" + id("drop", "a"))) {
            Answer answer = api.get(path);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.error()).contains("REBALANCING");
            assertThat(answer.headers()).containsKey("retry-after");
        }
    }

    @Test
    void shouldAnswerForTheFilesOfAllInstances() throws Exception {
        try (var other = new ApiUnderTest()) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                var arrival = arrival("invoices", "invoices/" + i);
                ids.add(arrival.id().value());
                (i % 3 == 0 ? api : other).happened(arrival);
            }
            ids.sort(null);
            api.knows(other);

            for (int limit = 1; limit < 11; limit++) {
                assertThat(listed("/v1/files?limit=" + limit)).containsExactlyElementsOf(ids);
            }
            for (String id : ids) {
                assertThat(api.get("/v1/files/" + id).body().path("id").asText()).isEqualTo(id);
            }
            assertThat(api.get("/v1/summary").body().at("/byRoute/invoices/PENDING").asInt())
                    .isEqualTo(9);
        }
    }

    @Test
    void shouldNotPassAPartOffAsTheWhole() throws Exception {
        api.arrive("invoices", "invoices/a");
        api.knowsOneThatIsDown();

        assertThat(api.get("/v1/files").status()).isEqualTo(503);
        assertThat(api.get("/v1/summary").error()).contains("does not answer");
    }

    /** Zeros would look like an answer. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "route=invoice | route: no route of the name 'invoice' is configured, and no file is of it; known are drop, invoices, pulse",
            "route=invoice&order=newest | route: no route of the name 'invoice' is configured, and no file is of it; known are drop, invoices, pulse",
            "destination=acne | destination: no destination of the name 'acne' is configured, and no file is of it; known are acme"})
    void shouldSayThatAFilterNamesWhatDoesNotExist(String filter, String message) throws Exception {
        Answer answer = api.get("/v1/files?" + filter);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo(message);
        String field = filter.replaceAll("&.*", "").replace("=", "\":\"");
        assertThat(api.post("/v1/cancel", "{\"filter\":{\"" + field + "\"},\"by\":\"ann\",\"reason\":\"x\"}").error())
                .isEqualTo(message);
    }

    @Test
    void shouldStillFindTheFilesOfARouteThatOnlyAnotherInstanceHas() throws Exception {
        try (var there = new ApiUnderTest()) {
            FileState file = there.happened(ApiUnderTest.arrival("invoices", "invoices/a"));
            there.removed(file, "former");
            api.knows(there);

            assertThat(api.get("/v1/files?route=former").body().path("files").findValuesAsText("id"))
                    .containsExactly(file.id().value());
            assertThat(api.get("/v1/files?route=formerly").error()).endsWith("known are drop, former, invoices, pulse");
        }
    }
}
