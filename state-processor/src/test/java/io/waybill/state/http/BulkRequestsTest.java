package io.waybill.state.http;

import static io.waybill.state.http.ApiUnderTest.NOW;
import static io.waybill.state.http.ApiUnderTest.arrival;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.Attempt;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.Stage;
import io.waybill.state.http.ApiCaller.Answer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redrives and cancellations of many files at once. */
final class BulkRequestsTest {
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
    void shouldRedriveEachFileThatMatchesInItsOwnName() throws Exception {
        List<FileId> failed = givenUp(api, 5, FailureKind.FORBIDDEN);
        api.happened(arrival("invoices", "invoices/open"));

        JsonNode outcome = redrive("{\"status\":\"FAILED\",\"route\":\"invoices\"}", "").body();

        assertThat(outcome.path("accepted").asInt()).isEqualTo(5);
        assertThat(outcome.path("cursor").isNull()).isTrue();
        assertThat(api.written)
                .containsExactlyElementsOf(failed.stream()
                        .map(id -> (FileEvent) new RedriveRequested(id, NOW, 1, "ann", "room again"))
                        .toList());
    }

    @Test
    void shouldTakeNoParameterInPlaceOfAField() throws Exception {
        Answer answer = api.post(
                "/v1/redrive?dryRun=true", "{\"filter\":{\"route\":\"invoices\"},\"by\":\"ann\",\"reason\":\"x\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error())
                .isEqualTo("unknown parameter dryRun; there are none here: this request takes the fields of its body");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"filter\":{\"route\":\"a\",\"route\":\"b\"},\"by\":\"ann\",\"reason\":\"x\"}",
            "{\"filter\":{\"route\":\"a\"},\"by\":\"ann\",\"reason\":\"x\"} {}"})
    void shouldNotGuessWhichOfTwoIsMeant(String body) throws Exception {
        // Not held against the document: a schema does not see what the parser of JSON drops.
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(api.base().resolve("/v1/redrive"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body))
                    .build();
            assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void shouldOnlyCountInADryRun() throws Exception {
        List<FileId> failed = givenUp(api, 12, FailureKind.FORBIDDEN);

        JsonNode outcome = redrive("{\"destination\":\"acme\"}", ",\"dryRun\":true").body();

        assertThat(outcome.path("dryRun").asBoolean()).isTrue();
        assertThat(outcome.path("matched").asInt()).isEqualTo(12);
        assertThat(outcome.path("accepted").asInt()).isEqualTo(12);
        assertThat(outcome.path("ids")).extracting(JsonNode::asText)
                .containsExactlyElementsOf(failed.stream().limit(10).map(FileId::value).toList());
        assertThat(api.written).isEmpty();
        assertThat(api.waited()).isZero();
    }

    @Test
    void shouldKeepToTheRate() throws Exception {
        givenUp(api, 21, FailureKind.FORBIDDEN);

        redrive("{\"status\":\"FAILED\"}", ",\"ratePerSecond\":10");

        assertThat(api.waited()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void shouldGoOnFromItsCursorAfterTheLimitAndAfterAWhile() throws Exception {
        givenUp(api, 40, FailureKind.FORBIDDEN);

        JsonNode limited = redrive("{\"status\":\"FAILED\"}", ",\"limit\":7").body();
        JsonNode slow = redrive(
                "{\"status\":\"FAILED\"}",
                ",\"ratePerSecond\":1,\"cursor\":\"" + limited.path("cursor").asText() + "\"")
                .body();
        JsonNode rest = redrive(
                "{\"status\":\"FAILED\"}", ",\"cursor\":\"" + slow.path("cursor").asText() + "\"").body();

        assertThat(limited.path("matched").asInt()).isEqualTo(7);
        assertThat(slow.path("matched").asInt()).isEqualTo(16);
        assertThat(rest.path("matched").asInt()).isEqualTo(17);
        assertThat(rest.path("cursor").isNull()).isTrue();
        assertThat(api.written).extracting(FileEvent::id).doesNotHaveDuplicates().hasSize(40);
    }

    @Test
    void shouldPassOverWhatOnlyForceOrAPersonMayMoveAndSayWhy() throws Exception {
        FileId looping = givenUp(api, 1, FailureKind.FORBIDDEN).getFirst();
        for (int sending = 1; sending < 6; sending++) {
            api.happened(new RedriveRequested(looping, NOW, sending, "ann", "again"));
            api.happened(new Failed(looping, NOW, Stage.DELIVERY, new Attempt(sending + 1, 1),
                    new Failure(FailureKind.FORBIDDEN, "may not write")));
        }
        fail(api, "invoices/in-doubt", FailureKind.IN_DOUBT);

        JsonNode guarded = redrive("{\"status\":\"FAILED\"}", "").body();
        JsonNode forced = redrive("{\"status\":\"FAILED\"}", ",\"force\":true").body();

        assertThat(guarded.path("accepted").asInt()).isZero();
        assertThat(guarded.path("refusals")).extracting(refusal -> refusal.path("error").asText())
                .anyMatch(error -> error.contains("loop"))
                .anyMatch(error -> error.contains("resolve"));
        assertThat(forced.path("accepted").asInt()).isOne();
        assertThat(forced.path("refused").asInt()).isOne();
    }

    @Test
    void shouldLeaveOutWhatNobodyMeansUnlessItIsNamed() throws Exception {
        FileId forbidden = fail(api, "invoices/a", FailureKind.FORBIDDEN);
        fail(api, "invoices/gone", FailureKind.SOURCE_GONE);
        fail(api, "invoices/superseded", FailureKind.SUPERSEDED);
        FileId cancelled = api.happened(arrival("invoices", "invoices/c")).id();
        api.happened(new CancelRequested(cancelled, NOW, 1, "ann", "sent by mistake"));

        JsonNode all = redrive("{\"route\":\"invoices\"}", "").body();
        JsonNode named = redrive("{\"failure\":\"CANCELLED\"}", "").body();

        assertThat(all.path("leftOut").asInt()).isEqualTo(3);
        assertThat(all.path("matched").asInt()).isOne();
        assertThat(named.path("leftOut").asInt()).isZero();
        assertThat(api.written).extracting(FileEvent::id).containsExactly(forbidden, cancelled);
    }

    @Test
    void shouldRedriveOnlyTheFailureThatIsMeant() throws Exception {
        fail(api, "invoices/a", FailureKind.FORBIDDEN);
        FileId missing = fail(api, "invoices/b", FailureKind.PATH_MISSING);

        redrive("{\"failure\":\"PATH_MISSING\",\"since\":\"2026-01-01T00:00:00Z\"}", "");

        assertThat(api.written).extracting(FileEvent::id).containsExactly(missing);
    }

    @Test
    void shouldCancelOpenFilesOnly() throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        FileId open = api.happened(arrival("invoices", "invoices/open")).id();

        Answer answer = api.post("/v1/cancel", body("{\"route\":\"invoices\"}", ""));

        assertThat(answer.body().path("accepted").asInt()).isOne();
        assertThat(api.written).containsExactly(new CancelRequested(open, NOW, 1, "ann", "room again"));
    }

    @Test
    void shouldReachTheFilesOfAllInstances() throws Exception {
        try (var other = new ApiUnderTest()) {
            IntStream.range(0, 6).forEach(i -> fail(i % 2 == 0 ? api : other, "invoices/" + i, FailureKind.FORBIDDEN));
            api.knows(other);

            JsonNode dry = redrive("{\"status\":\"FAILED\"}", ",\"dryRun\":true").body();
            JsonNode outcome = redrive("{\"status\":\"FAILED\"}", "").body();

            assertThat(dry.path("accepted").asInt()).isEqualTo(6);
            assertThat(outcome.path("accepted").asInt()).isEqualTo(6);
            assertThat(api.written).hasSize(3);
            assertThat(other.written).hasSize(3);
        }
    }

    @Test
    void shouldNotPretendThatSomethingWasDone() throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        api.broken();

        assertThat(redrive("{\"status\":\"FAILED\"}", "").status()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "{}",
                    "{\"status\":\"COMPLETED\"}",
                    "{\"status\":\"PENDING,FAILED\"}",
                    "{\"bucket\":\"outbound\"}",
                    "{\"since\":\"yesterday\"}",
                    "\"FAILED\""
            })
    void shouldRefuseAFilterItCannotFollow(String filter) throws Exception {
        givenUp(api, 1, FailureKind.FORBIDDEN);

        Answer answer = redrive(filter, "");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isNotEmpty();
        assertThat(api.written).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    ",\"limit\":0",
                    ",\"limit\":1001",
                    ",\"ratePerSecond\":0",
                    ",\"ratePerSecond\":10001",
                    ",\"dryRun\":\"no\"",
                    ",\"cursor\":\"first\"",
                    ",\"speed\":1"
            })
    void shouldRefuseAnOrderItCannotRead(String fields) throws Exception {
        Answer answer = redrive("{\"status\":\"FAILED\"}", fields);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains(fields.substring(2, fields.indexOf(':') - 1));
    }

    private Answer redrive(String filter, String fields) throws IOException, InterruptedException {
        return api.post("/v1/redrive", body(filter, fields));
    }

    private static String body(String filter, String fields) {
        return "{\"filter\":" + filter + ",\"by\":\"ann\",\"reason\":\"room again\"" + fields + "}";
    }

    /** Files that failed, in the order of their ids. */
    static List<FileId> givenUp(ApiUnderTest api, int count, FailureKind kind) {
        List<FileId> ids = new ArrayList<>();
        IntStream.range(0, count).forEach(i -> ids.add(fail(api, "invoices/" + i, kind)));
        ids.sort(null);
        return ids;
    }

    private static FileId fail(ApiUnderTest api, String key, FailureKind kind) {
        FileId id = api.happened(arrival("invoices", key)).id();
        api.happened(new Failed(id, NOW, Stage.DELIVERY, Attempt.FIRST, new Failure(kind, "may not write")));
        return id;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                    "{\"by\":\"ann\",\"reason\":\"x\"}                    | filter is missing; expected a JSON object",
                    "{\"filter\":null,\"by\":\"ann\",\"reason\":\"x\"} | filter: expected a JSON object, was null",
                    "{\"filter\":[],\"by\":\"ann\",\"reason\":\"x\"}   | filter: expected a JSON object, was []"
            })
    void shouldSayWhatItGotInPlaceOfAFilter(String body, String fault) throws Exception {
        Answer answer = api.post("/v1/cancel", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo(fault);
    }
}
