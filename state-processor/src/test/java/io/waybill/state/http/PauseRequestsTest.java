package io.waybill.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileId;
import io.waybill.domain.Stage;
import io.waybill.domain.Suspension.Subject;
import io.waybill.runtime.halt.Halt;
import io.waybill.state.http.ApiCaller.Answer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator pauses, and what files then say. */
final class PauseRequestsTest {
    private static final String ANN = "{\"by\":\"ann\",\"reason\":\"maintenance\"}";

    private final ApiUnderTest api = new ApiUnderTest();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void shouldPauseADestinationAndSaySoInItsFilesUntilItIsResumed() throws Exception {
        FileId file = api.arrive("invoices", "invoices/a");

        Answer paused = api.post("/v1/destinations/acme/pause", ANN);

        assertThat(paused.status()).isEqualTo(202);
        assertThat(paused.body().path("paused").asBoolean()).isTrue();
        assertThat(api.suspended).singleElement().satisfies(suspension -> {
            assertThat(suspension.subject()).isEqualTo(new Subject.Destination(new DestinationName("acme")));
            assertThat(suspension.halted(ApiUnderTest.NOW)).isTrue();
        });
        assertThat(api.get("/v1/files/" + file).body().path("halt").path("text").asText())
                .isEqualTo("destination acme is paused by ann, until somebody resumes it: maintenance");
        assertThat(api.get("/v1/files").body().path("files").path(0).path("halt").path("kind").asText())
                .isEqualTo("PAUSED");
        assertThat(api.get("/v1/pauses").body().path("pauses").path(0).path("destination").asText())
                .isEqualTo("acme");

        assertThat(api.post("/v1/destinations/acme/resume", ANN).status()).isEqualTo(202);

        assertThat(api.suspended.getLast().halted(ApiUnderTest.NOW)).isFalse();
        assertThat(api.get("/v1/files/" + file).body().has("halt")).isFalse();
        assertThat(api.get("/v1/pauses").body().path("pauses")).isEmpty();
        assertThat(api.post("/v1/destinations/acme/resume", ANN).error())
                .isEqualTo("destination acme is not paused");
    }

    @Test
    void shouldPauseARouteForAWhileAndNotCountThatTimeAgainstItsFiles() throws Exception {
        FileId file = api.arrive("invoices", "invoices/a");
        String before = api.get("/v1/files/" + file).body().path("claimBy").asText();

        api.post("/v1/routes/invoices/pause",
                "{\"by\":\"ann\",\"reason\":\"maintenance\",\"until\":\"2026-01-01T08:00:00Z\"}");

        var shown = api.get("/v1/files/" + file).body();
        assertThat(shown.path("halt").path("until").asText()).isEqualTo("2026-01-01T08:00:00Z");
        assertThat(shown.path("claimBy").asText()).isEqualTo(before.replace("T00:", "T08:"));
    }

    @Test
    void shouldNotTryAFileNowThatIsPaused() throws Exception {
        FileId file = api.arrive("invoices", "invoices/a");
        api.happened(new Deferred(
                file, ApiUnderTest.NOW, Stage.DELIVERY, Attempt.FIRST, ApiUnderTest.NOW.plusSeconds(600),
                new Failure(FailureKind.UNREACHABLE, "not now")));
        api.post("/v1/destinations/acme/pause", ANN);

        assertThat(api.post("/v1/files/" + file + "/retry", ANN).error()).contains("acme is paused by ann");
        assertThat(api.post("/v1/destinations/acme/retry", ANN).error()).contains("acme is paused by ann");
        assertThat(api.released).isEmpty();
    }

    /** Nothing failed. What happened before the pause is in the list of failures. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldShowNoFailureOfAFileThatIsPaused(boolean byTheWorker) throws Exception {
        FileId file = api.arrive("invoices", "invoices/a");
        api.post("/v1/destinations/acme/pause", ANN);
        var halt = new Halt(Halt.Kind.PAUSED, new Subject.Destination(new DestinationName("acme")), Optional.empty(),
                Optional.empty(), "ann", "maintenance");
        api.happened(new Deferred(
                file, ApiUnderTest.NOW, Stage.DELIVERY, Attempt.FIRST, ApiUnderTest.NOW.plusSeconds(600),
                byTheWorker ? halt.putOff() : new Failure(FailureKind.UNREACHABLE, "connection refused")));

        for (boolean paused : List.of(true, false)) {
            JsonNode shown = api.get("/v1/files/" + file).body();
            assertThat(shown.has("failure")).isEqualTo(!paused && !byTheWorker);
            assertThat(shown.path("waitsAfter").asText()).isEqualTo("DEFERRAL");
            assertThat(shown.path("due").asText()).isNotEmpty();
            assertThat(shown.path("halt").path("kind").asText()).isEqualTo(paused ? "PAUSED" : "");
            assertThat(shown.path("failures").get(0).has("failure")).isEqualTo(!byTheWorker);
            api.post("/v1/destinations/acme/resume", ANN);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "/v1/destinations/acne/pause | {\"by\":\"ann\",\"reason\":\"x\"} | 404 | acne",
            "/v1/routes/drop/pause | {\"by\":\"ann\",\"reason\":\"x\"} | 404 | no route of the name",
            "/v1/destinations/acme/pause | {\"by\":\"ann\"} | 400 | reason is missing",
            "/v1/destinations/acme/pause | {\"by\":\"ann\",\"reason\":\"x\",\"until\":\"2025-12-31T00:00:00Z\"} | 409 | until: expected a time that is ahead",
            "/v1/destinations/acme/pause | {\"by\":\"ann\",\"reason\":\"x\",\"until\":\"9999-12-31T00:00:00Z\"} | 409 | by at most 366 days",
            "/v1/destinations/acme/pause | {\"by\":\"ann\",\"reason\":\"x\",\"till\":\"06:00\"} | 400 | unknown field till"})
    void shouldRefuseAndSayWhatItExpects(String path, String body, int status, String message) throws Exception {
        Answer answer = api.post(path, body);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.error()).contains(message);
        assertThat(api.suspended).isEmpty();
    }
}
