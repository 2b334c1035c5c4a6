package io.waybill.state.http;

import static io.waybill.state.http.ApiUnderTest.NOW;
import static io.waybill.state.http.ApiUnderTest.arrival;
import static io.waybill.state.http.ApiUnderTest.id;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.Attempt;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileEvent.ResolveRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.Resolution;
import io.waybill.domain.Stage;
import io.waybill.state.http.ApiCaller.Answer;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked to be done about one file. */
final class FileRequestsTest {
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
    void shouldAcceptARedriveOfAFileThatWasGivenUp() throws Exception {
        FileId id = api.givenUp();

        Answer answer = api.post("/v1/files/" + id + "/redrive", ANN);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(api.written).containsExactly(new RedriveRequested(id, NOW, 1, "ann", "the partner made room"));
    }

    @Test
    void shouldRefuseARedriveOfAnEarlierSending() throws Exception {
        FileId id = api.givenUp();
        api.post("/v1/files/" + id + "/redrive", ANN);
        api.post("/v1/files/" + id + "/cancel", ANN);

        Answer repeated = api.post("/v1/files/" + id + "/redrive", "{\"by\":\"ann\",\"reason\":\"x\",\"sending\":1}");

        assertThat(repeated.status()).isEqualTo(409);
        assertThat(api.written).hasSize(2);
    }

    private FileId waiting(FailureKind why) {
        FileId id = api.arrive("invoices", "invoices/waiting");
        api.happened(new Deferred(
                id, NOW, Stage.DELIVERY, Attempt.FIRST, NOW.plusSeconds(600), new Failure(why, "not now")));
        return id;
    }

    @Test
    void shouldTryAFileNowThatWaitsForItsDestination() throws Exception {
        FileId id = waiting(FailureKind.UNREACHABLE);

        Answer answer = api.post("/v1/files/" + id + "/retry", ANN);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(api.released).containsExactly(new Release(
                new Place.Destination(new DestinationName("acme")), NOW, Release.Cause.ASKED, "ann",
                "the partner made room"));
        assertThat(api.written).singleElement().isInstanceOfSatisfying(DeadlineReached.class, reached -> {
            assertThat(reached.kind()).isEqualTo(DeadlineKind.RETRY_DUE);
            assertThat(reached.asked()).isEqualTo(new DeadlineReached.Asked("ann", "the partner made room"));
        });
        assertThat(api.get("/v1/files/" + id).body().has("due")).isFalse();
    }

    @Test
    void shouldRefuseToTryAFileNowThatDoesNotWait() throws Exception {
        FileId queued = api.arrive("invoices", "invoices/queued");

        Answer answer = api.post("/v1/files/" + queued + "/retry", ANN);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.error()).contains("handed out already");
        assertThat(api.post("/v1/files/" + api.givenUp() + "/retry", ANN).error()).contains("FAILED");
        assertThat(api.written).isEmpty();
        assertThat(api.released).isEmpty();
    }

    @Test
    void shouldTryAllFilesNowThatWaitForADestination() throws Exception {
        Answer answer = api.post("/v1/destinations/acme/retry", ANN);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("destination").asText()).isEqualTo("acme");
        assertThat(api.released).hasSize(1);
        assertThat(api.post("/v1/destinations/acne/retry", ANN).error()).contains("'acne'");
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
        FileId id = api.givenUp();

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
        FileId id = api.arrive("invoices", "invoices/a");

        Answer answer = api.post("/v1/files/" + id + "/redrive", ANN);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.error()).contains("only FAILED and TIMED_OUT");
        assertThat(answer.body().path("status").asText()).isEqualTo("PENDING");
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldRefuseToRedriveAFileOverAndOverUnlessForced() throws Exception {
        FileId id = api.givenUp();
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
        FileId id = api.givenUp();
        FileId open = api.arrive("invoices", "invoices/a");
        String dry = "{\"by\":\"ann\",\"reason\":\"x\",\"dryRun\":true}";

        assertThat(api.post("/v1/files/" + id + "/redrive", dry).body().path("status").asText()).isEqualTo("FAILED");
        assertThat(api.post("/v1/files/" + open + "/redrive", dry).status()).isEqualTo(409);
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldAcceptACancellationOfAnOpenFileOnce() throws Exception {
        FileId id = api.arrive("invoices", "invoices/a");

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
        FileId id = api.givenUp();

        Answer answer = api.post("/v1/files/" + id + "/redrive", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isNotEmpty();
        assertThat(api.written).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"201, 1, by", "1, 4001, reason"})
    void shouldRefuseATextThatWouldBeCut(int by, int reason, String field) throws Exception {
        FileId id = api.givenUp();

        Answer answer = api.post("/v1/files/" + id + "/redrive", body(by, reason));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).startsWith(field + ": expected a text of 1 to " + (Math.max(by, reason) - 1));
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldTakeTheLongestReason() throws Exception {
        FileId id = api.givenUp();

        assertThat(api.post("/v1/files/" + id + "/redrive", body(200, 4000)).status()).isEqualTo(202);
    }

    private static String body(int by, int reason) {
        return "{\"by\":\"%s\",\"reason\":\"%s\"}".formatted("x".repeat(by), "y".repeat(reason));
    }

    @Test
    void shouldRefuseWhatAFormOfAnotherSiteCanSend() throws Exception {
        FileId id = api.givenUp();

        assertThat(api.post("/v1/files/" + id + "/redrive", ANN, "text/plain").status())
                .isEqualTo(415);
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

    private FileId inDoubt() {
        FileId id = api.arrive("invoices", "invoices/in-doubt");
        api.happened(new Failed(
                id, NOW, Stage.DELIVERY, Attempt.FIRST, new Failure(FailureKind.IN_DOUBT, "nobody can tell")));
        return id;
    }
}
