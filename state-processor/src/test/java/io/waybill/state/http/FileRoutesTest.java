package io.waybill.state.http;

import static io.waybill.state.http.ApiUnderTest.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileEvent.ResolveRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Resolution;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.state.http.ApiUnderTest.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FileRoutesTest {
    private static final String ANN = "{\"by\":\"ann\",\"reason\":\"the partner made room\"}";

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
        FileId id = arrive("invoices", "invoices/a.csv");
        var receipt = new Receipt(
                new RemotePath("/incoming/a.csv"),
                42,
                "00".repeat(32),
                Proof.SIZE,
                DestinationClass.A,
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
        FileId id = givenUp();

        JsonNode file = api.get("/v1/files/" + id).body();

        assertThat(file.path("failure").asText()).isEqualTo("FORBIDDEN");
        assertThat(file.path("detail").asText()).isEqualTo("may not write");
    }

    @Test
    void shouldTellTheHistoryOfAFile() throws Exception {
        FileId id = arrive("invoices", "invoices/a.csv");

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
    void shouldListAllFilesPageByPage() throws Exception {
        List<String> ids = IntStream.range(0, 7)
                .mapToObj(i -> arrive("invoices", "invoices/" + i).value())
                .sorted()
                .toList();

        assertThat(listed("/v1/files?limit=3")).containsExactlyElementsOf(ids);
    }

    @Test
    void shouldListOnlyWhatTheFilterSays() throws Exception {
        arrive("invoices", "invoices/a");
        FileId failed = givenUp();
        FileId drop = arrive("drop", "b");

        assertThat(listed("/v1/files?status=FAILED")).containsExactly(failed.value());
        assertThat(listed("/v1/files?route=drop")).containsExactly(drop.value());
        assertThat(listed("/v1/files?destination=acme&status=FAILED")).containsExactly(failed.value());
        assertThat(listed("/v1/files?destination=other")).isEmpty();
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
                    "route=a%23b",
                    "state=FAILED"
            })
    void shouldRefuseAQuestionItCannotRead(String query) throws Exception {
        Answer answer = api.get("/v1/files?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains(query.substring(0, query.indexOf('=')));
    }

    @Test
    void shouldCountFiles() throws Exception {
        arrive("invoices", "invoices/a");
        givenUp();
        arrive("drop", "b");

        JsonNode summary = api.get("/v1/summary").body();

        assertThat(summary.path("files").asInt()).isEqualTo(3);
        assertThat(summary.at("/byStatus/PENDING").asInt()).isEqualTo(2);
        assertThat(summary.at("/byStatus/COMPLETED").isIntegralNumber()).isTrue();
        assertThat(summary.at("/byRoute/invoices/FAILED").asInt()).isOne();
        assertThat(summary.at("/byDestination/acme/PENDING").asInt()).isOne();
    }

    @Test
    void shouldAcceptARedriveOfAFileThatWasGivenUp() throws Exception {
        FileId id = givenUp();

        Answer answer = api.post("/v1/files/" + id + "/redrive", ANN);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(api.written).containsExactly(new RedriveRequested(id, NOW, 1, "ann", "the partner made room"));
    }

    @Test
    void shouldRefuseARedriveOfAnEarlierSending() throws Exception {
        FileId id = givenUp();
        api.post("/v1/files/" + id + "/redrive", ANN);
        api.post("/v1/files/" + id + "/cancel", ANN);

        Answer repeated = api.post("/v1/files/" + id + "/redrive", "{\"by\":\"ann\",\"reason\":\"x\",\"sending\":1}");

        assertThat(repeated.status()).isEqualTo(409);
        assertThat(api.written).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Resolution.class)
    void shouldAcceptAResolutionOfAFileInDoubtOnce(Resolution resolution) throws Exception {
        FileId id = inDoubt();
        String body = "{\"resolution\":\"%s\",\"by\":\"ann\",\"reason\":\"they looked\",\"sending\":1}"
                .formatted(resolution.name().toLowerCase(Locale.ROOT));

        Answer answer = api.post("/v1/files/" + id + "/resolve", body);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(api.written)
                .containsExactly(new ResolveRequested(id, NOW, 1, "ann", "they looked", resolution));
        assertThat(api.post("/v1/files/" + id + "/resolve", body).status()).isEqualTo(409);
    }

    @Test
    void shouldTellAFileThatIsDeliveredByWordAlone() throws Exception {
        FileId id = inDoubt();
        api.post(
                "/v1/files/" + id + "/resolve",
                "{\"resolution\":\"delivered\",\"by\":\"ann\",\"reason\":\"they looked\"}");

        JsonNode file = api.get("/v1/files/" + id).body();

        assertThat(file.path("status").asText()).isEqualTo("COMPLETED");
        assertThat(file.path("late").asBoolean()).isTrue();
        assertThat(file.at("/receipt/proof").asText()).isEqualTo("NONE");
        assertThat(file.path("receipt").has("sha256")).isFalse();
    }

    @Test
    void shouldRefuseAResolutionOfAFileThatIsNotInDoubt() throws Exception {
        FileId id = givenUp();

        Answer answer = api.post(
                "/v1/files/" + id + "/resolve", "{\"resolution\":\"resend\",\"by\":\"ann\",\"reason\":\"x\"}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.error()).contains("IN_DOUBT", "FAILED as FORBIDDEN");
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldRefuseAnUnheardOfResolution() throws Exception {
        FileId id = inDoubt();

        Answer answer = api.post(
                "/v1/files/" + id + "/resolve", "{\"resolution\":\"maybe\",\"by\":\"ann\",\"reason\":\"x\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("expected delivered", "'maybe'");
    }

    @Test
    void shouldRefuseARedriveOfAFileInDoubtAndSayWhatToDo() throws Exception {
        FileId id = inDoubt();

        Answer answer = api.post("/v1/files/" + id + "/redrive", ANN);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.error()).contains("ask the partner", "resolve");
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldRefuseARedriveOfAFileThatIsStillOpen() throws Exception {
        FileId id = arrive("invoices", "invoices/a");

        Answer answer = api.post("/v1/files/" + id + "/redrive", ANN);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.error()).contains("only FAILED and TIMED_OUT");
        assertThat(answer.body().path("status").asText()).isEqualTo("PENDING");
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldRefuseToRedriveAFileOverAndOverUnlessForced() throws Exception {
        FileId id = givenUp();
        for (int redrive = 0; redrive < 5; redrive++) {
            assertThat(api.post("/v1/files/" + id + "/redrive", ANN).status()).isEqualTo(202);
            assertThat(api.post("/v1/files/" + id + "/cancel", ANN).status()).isEqualTo(202);
        }

        Answer refused = api.post("/v1/files/" + id + "/redrive", ANN);
        Answer forced = api.post("/v1/files/" + id + "/redrive", "{\"by\":\"ann\",\"reason\":\"x\",\"force\":true}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.error()).contains("5 times", "loop", "force");
        assertThat(forced.status()).isEqualTo(202);
    }

    @Test
    void shouldOnlyTellWhetherAFileCouldBeRedriven() throws Exception {
        FileId id = givenUp();
        FileId open = arrive("invoices", "invoices/a");
        String dry = "{\"by\":\"ann\",\"reason\":\"x\",\"dryRun\":true}";

        assertThat(api.post("/v1/files/" + id + "/redrive", dry).body().path("status").asText()).isEqualTo("FAILED");
        assertThat(api.post("/v1/files/" + open + "/redrive", dry).status()).isEqualTo(409);
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldAcceptACancellationOfAnOpenFileOnce() throws Exception {
        FileId id = arrive("invoices", "invoices/a");

        assertThat(api.post("/v1/files/" + id + "/cancel", ANN).status()).isEqualTo(202);
        assertThat(api.post("/v1/files/" + id + "/cancel", ANN).status()).isEqualTo(409);
        assertThat(api.written).containsExactly(new CancelRequested(id, NOW, 1, "ann", "the partner made room"));
    }

    @Test
    void shouldNotCancelAFileThatNeverArrived() throws Exception {
        assertThat(api.post("/v1/files/" + id("invoices", "nothing") + "/cancel", ANN).status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "",
                    "[]",
                    "{",
                    "{\"by\":\"ann\"}",
                    "{\"by\":\" \",\"reason\":\"x\"}",
                    "{\"by\":7,\"reason\":\"x\"}",
                    "{\"by\":\"ann\",\"reason\":\"x\",\"forced\":true}",
                    "{\"by\":\"ann\",\"reason\":\"x\",\"force\":1}"
            })
    void shouldRefuseARequestItCannotRead(String body) throws Exception {
        FileId id = givenUp();

        Answer answer = api.post("/v1/files/" + id + "/redrive", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isNotEmpty();
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldRefuseWhatAFormOfAnotherSiteCanSend() throws Exception {
        FileId id = givenUp();

        assertThat(api.post("/v1/files/" + id + "/redrive", ANN, "text/plain").status())
                .isEqualTo(415);
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
    void shouldPassARequestOnToTheFilesOwner() throws Exception {
        try (var other = new ApiUnderTest()) {
            var arrival = arrival("invoices", "invoices/a");
            other.happened(arrival);
            api.knows(other);

            Answer accepted = api.post("/v1/files/" + arrival.id() + "/cancel", ANN);
            Answer refused = api.post("/v1/files/" + arrival.id() + "/cancel", ANN);

            assertThat(accepted.status()).isEqualTo(202);
            assertThat(refused.status()).isEqualTo(409);
            assertThat(other.written).hasSize(1);
            assertThat(api.written).isEmpty();
        }
    }

    @Test
    void shouldNotPassAPartOffAsTheWhole() throws Exception {
        arrive("invoices", "invoices/a");
        api.knowsOneThatIsDown();

        assertThat(api.get("/v1/files").status()).isEqualTo(503);
        assertThat(api.get("/v1/summary").error()).contains("does not answer");
    }

    private FileId inDoubt() {
        FileId id = arrive("invoices", "invoices/in-doubt");
        api.happened(new Failed(
                id, NOW, Stage.DELIVERY, Attempt.FIRST, new Failure(FailureKind.IN_DOUBT, "nobody can tell")));
        return id;
    }

    private FileId givenUp() {
        FileId id = arrive("invoices", "invoices/given-up");
        api.happened(new Failed(
                id, NOW, Stage.DELIVERY, Attempt.FIRST, new Failure(FailureKind.FORBIDDEN, "may not write")));
        return id;
    }

    private FileId arrive(String route, String key) {
        return api.happened(arrival(route, key)).id();
    }

    static FileId id(String route, String key) {
        return arrival(route, key).id();
    }

    static Arrived arrival(String route, String key) {
        var source = new SourceObject("outbound", key, null, "e1", 42, NOW);
        var name = new RouteName(route);
        return new Arrived(FileId.of(name, source.bucket(), key, source.version()), NOW, name, source);
    }
}
