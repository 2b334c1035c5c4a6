package io.waybill.state.http;

import static io.waybill.state.http.ApiUnderTest.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.Heartbeat;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Stage;
import io.waybill.state.http.ApiCaller.Answer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImportRequestsTest {
    private static final String HEARTBEAT =
            "{\"action\":\"heartbeat\",\"by\":\"importer-1\",\"sending\":1,\"attempt\":1}";

    private ApiUnderTest api;
    private String path;
    private FileId id;

    @BeforeEach
    void open() {
        api = new ApiUnderTest();
        id = api.happened(ApiUnderTest.arrival("drop", "a")).id();
        path = "/v1/files/" + id + "/import";
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void shouldGiveTheFileToWhoClaimsItFirst() throws Exception {
        Answer first = api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\"}");
        Answer second = api.post(path, "{\"action\":\"claim\",\"by\":\"importer-2\"}");

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body().path("by").asText()).isEqualTo("importer-1");
        assertThat(first.body().path("status").asText()).isEqualTo("STARTED");
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.body().path("by").asText()).isEqualTo("importer-1");
        assertThat(api.written).hasSize(1);
    }

    @Test
    void shouldRefuseAClaimThatAnotherOvertakesOnItsWay() throws Exception {
        api.overtakenBy(new Started(id, NOW, Stage.IMPORT, Attempt.FIRST, "importer-2"));

        Answer answer = api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\"}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body().path("by").asText()).isEqualTo("importer-2");
    }

    @Test
    void shouldGiveTheFileAgainToTheClaimWhoseAnswerWasLost() throws Exception {
        String claim = "{\"action\":\"claim\",\"by\":\"importer-1\",\"claimId\":\"7f3a\"}";
        Answer first = api.post(path, claim);
        Answer again = api.post(path, claim);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.body().path("claimId").asText()).isEqualTo("7f3a");
        assertThat(api.written).hasSize(1);
    }

    @Test
    void shouldKnowAClaimStillAfterItsHeartbeats() throws Exception {
        String pulse = "/v1/files/" + api.happened(ApiUnderTest.arrival("pulse", "pulse/a")).id() + "/import";
        FileId id = new FileId(pulse.split("/")[3]);
        api.happened(new Started(id, NOW.minusSeconds(200), Stage.IMPORT, Attempt.FIRST, "importer-1", "7f3a"));
        api.post(pulse, HEARTBEAT);

        Answer again = api.post(pulse, "{\"action\":\"claim\",\"by\":\"importer-1\",\"claimId\":\"7f3a\"}");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().path("heartbeatBy").asText()).isEqualTo(NOW.plusSeconds(300).toString());
    }

    @Test
    void shouldRefuseAnotherClaimOfTheSameImporter() throws Exception {
        api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\",\"claimId\":\"7f3a\"}");

        Answer other = api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\",\"claimId\":\"7f3b\"}");
        Answer nameless = api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\"}");
        Answer stranger = api.post(path, "{\"action\":\"claim\",\"by\":\"importer-2\",\"claimId\":\"7f3a\"}");

        assertThat(List.of(other.status(), nameless.status(), stranger.status())).containsOnly(409);
    }

    @Test
    void shouldRefuseAClaimIdOfWhichOnlyTheBeginningWouldBeKept() throws Exception {
        String claimId = "z".repeat(200);

        Answer answer = api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\",\"claimId\":\"" + claimId + "1\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("error").asText())
                .contains("claimId: expected a text of 1 to 200 characters, was one of 201");
    }

    @Test
    void shouldRefuseAClaimAgainThatIsOverAlready() throws Exception {
        String claim = "{\"action\":\"claim\",\"by\":\"importer-1\",\"claimId\":\"7f3a\"}";
        api.post(path, claim);
        api.post(path, "{\"action\":\"completed\",\"by\":\"importer-1\",\"sending\":1,\"attempt\":1}");

        assertThat(api.post(path, claim).status()).isEqualTo(409);
    }

    @Test
    void shouldGiveTheFileToAClaimWhoseFirstRequestWasWrittenWhileItCameAgain() throws Exception {
        api.overtakenBy(new Started(id, NOW.minusSeconds(1), Stage.IMPORT, Attempt.FIRST, "importer-1", "7f3a"));

        Answer answer = api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\",\"claimId\":\"7f3a\"}");

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void shouldGiveTheFileToItsClaimantAlsoWhereAClockThatIsAheadMovedItBefore() throws Exception {
        api.happened(new Started(id, NOW.minusSeconds(60), Stage.IMPORT, Attempt.FIRST, "importer-2"));
        FileState waiting = api.happened(new Failed(
                id, NOW.minusSeconds(30), Stage.IMPORT, Attempt.FIRST,
                new Failure(FailureKind.IMPORT_FAILED, "no room")));
        api.happened(new DeadlineReached(id, NOW.plusMillis(2), DeadlineKind.RETRY_DUE, waiting.version()));

        Answer answer = api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("by").asText()).isEqualTo("importer-1");
    }

    @Test
    void shouldSayThatAClaimIsNotDecidedYet() throws Exception {
        api.stalled();

        assertThat(api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\"}").status())
                .isEqualTo(202);
    }

    @Test
    void shouldTakeTheReportOfWhoClaimedTheFile() throws Exception {
        api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\"}");

        Answer other = api.post(path, "{\"action\":\"completed\",\"by\":\"importer-2\",\"sending\":1,\"attempt\":1}");
        Answer own = api.post(path, "{\"action\":\"completed\",\"by\":\"importer-1\",\"sending\":1,\"attempt\":1}");

        assertThat(other.status()).isEqualTo(409);
        assertThat(own.status()).isEqualTo(202);
        assertThat(api.get("/v1/files/" + id).body().path("status").asText()).isEqualTo("COMPLETED");
    }

    @Test
    void shouldTakeTheReportOfAFailure() throws Exception {
        api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\"}");

        api.post(path, "{\"action\":\"failed\",\"by\":\"importer-1\",\"kind\":\"IMPORT_REJECTED\",\"detail\":\"bad\"}");

        assertThat(api.written.getLast()).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.failure().kind()).isEqualTo(FailureKind.IMPORT_REJECTED);
            assertThat(failed.failure().detail()).isEqualTo("bad");
        });
    }

    @Test
    void shouldTellTheClaimantUntilWhenToBeHeardOf() throws Exception {
        path = "/v1/files/" + api.happened(ApiUnderTest.arrival("pulse", "pulse/a")).id() + "/import";

        Answer claimed = api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\"}");

        assertThat(claimed.body().path("heartbeatBy").asText())
                .isEqualTo(NOW.plusSeconds(300).toString());
    }

    @Test
    void shouldWriteAHeartbeatThatMovesTheDeadline() throws Exception {
        FileId pulse = api.happened(ApiUnderTest.arrival("pulse", "pulse/a")).id();
        api.happened(new Started(pulse, NOW.minusSeconds(200), Stage.IMPORT, Attempt.FIRST, "importer-1"));

        Answer answer = api.post("/v1/files/" + pulse + "/import", HEARTBEAT);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(api.written).containsExactly(new Heartbeat(pulse, NOW, Stage.IMPORT, Attempt.FIRST, "importer-1"));
        assertThat(api.get("/v1/files/" + pulse).body().path("heartbeatBy").asText())
                .isEqualTo(NOW.plusSeconds(300).toString());
    }

    @Test
    void shouldThankForAHeartbeatThatNobodyNeeds() throws Exception {
        api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\"}");

        Answer answer = api.post(path, HEARTBEAT);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(api.written).hasSize(1);
    }

    @Test
    void shouldTellAnImporterByItsHeartbeatThatItHasLostTheFile() throws Exception {
        Answer unclaimed = api.post(path, HEARTBEAT);
        api.post(path, "{\"action\":\"claim\",\"by\":\"importer-2\"}");
        Answer anothers = api.post(path, HEARTBEAT);

        assertThat(unclaimed.status()).isEqualTo(409);
        assertThat(anothers.status()).isEqualTo(409);
        assertThat(anothers.body().path("by").asText()).isEqualTo("importer-2");
    }

    @Test
    void shouldRefuseAReportOfAnotherAttempt() throws Exception {
        api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\"}");

        Answer answer = api.post(path, "{\"action\":\"completed\",\"by\":\"importer-1\",\"sending\":1,\"attempt\":7}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.error()).contains("1.7");
    }

    @Test
    void shouldRefuseAClaimBeforeTheFileIsDelivered() throws Exception {
        FileId delivering = api.happened(ApiUnderTest.arrival("invoices", "invoices/a")).id();

        Answer answer = api.post("/v1/files/" + delivering + "/import", "{\"action\":\"claim\",\"by\":\"importer-1\"}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.error()).contains("DELIVERY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "{\"action\":\"take\",\"by\":\"x\"}",
                    "{\"action\":\"claim\"}",
                    "{\"action\":\"claim\",\"by\":\"x\",\"attempt\":0}",
                    "{\"action\":\"claim\",\"by\":\"x\",\"attempt\":1.5}",
                    "{\"action\":\"failed\",\"by\":\"x\",\"kind\":\"FORBIDDEN\"}"
            })
    void shouldRefuseARequestItCannotRead(String body) throws Exception {
        assertThat(api.post(path, body).status()).isEqualTo(400);
        assertThat(api.written).isEmpty();
    }
}
