package io.waybill.state.http;

import static io.waybill.state.http.ApiUnderTest.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.Attempt;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.ForgetRequested;
import io.waybill.domain.FileEvent.ResendRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.Stage;
import io.waybill.state.http.ApiCaller.Answer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests to deliver files once more, and to forget them. */
final class ResendRequestsTest {
    private static final String LOST = "{\"by\":\"ann\",\"reason\":\"the partner lost it\"}";

    private ApiUnderTest api;

    @BeforeEach
    void open() {
        api = new ApiUnderTest();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private Answer post(FileId file, String action, String body) throws Exception {
        return api.post("/v1/files/" + file + "/" + action, body);
    }

    private JsonNode shown(FileId file) throws Exception {
        return api.get("/v1/files/" + file).body();
    }

    @Test
    void shouldResendADeliveredFileAndKeepItsReceipt() throws Exception {
        FileId file = api.delivered("invoices/a");

        assertThat(post(file, "resend", LOST).status()).isEqualTo(202);

        assertThat(api.written).containsExactly(
                new ResendRequested(file, NOW, 1, "ann", "the partner lost it", false));
        assertThat(shown(file).path("status").asText()).isEqualTo("PENDING");
        assertThat(shown(file).path("sending").asInt()).isEqualTo(2);
        assertThat(shown(file).path("resent").asBoolean()).isTrue();
        assertThat(shown(file).path("receipt").path("path").asText()).isEqualTo("/incoming/invoices/a");
        assertThat(api.get("/v1/files/" + file + "/why").body().path("waitsFor").asText())
                .contains("it was delivered before, as /incoming/invoices/a");
    }

    @Test
    void shouldAnnounceOnlyAResend() throws Exception {
        FileId file = api.delivered("invoices/a");

        assertThat(post(file, "cancel", LOST.replace("}", ",\"announce\":true}")).error())
                .isEqualTo("announce: only a resend is announced, this is a cancel");
        post(file, "resend", LOST.replace("}", ",\"announce\":true}"));

        assertThat(api.written).containsExactly(
                new ResendRequested(file, NOW, 1, "ann", "the partner lost it", true));
    }

    @Test
    void shouldSayWhyAFileIsNotResent() throws Exception {
        FileId open = api.arrive("invoices", "invoices/open");
        FileId imported = api.arrive("drop", "a");
        api.happened(new FileEvent.Completed(imported, NOW, Stage.IMPORT, Attempt.FIRST, null));

        Answer refused = post(open, "resend", LOST);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.error()).isEqualTo("only COMPLETED files are resent, this one is PENDING");
        assertThat(post(imported, "resend", LOST).error()).isEqualTo("the file was never delivered to a destination");
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldTakeWhatWasSentFiveTimesForALoop() throws Exception {
        FileId file = api.delivered("invoices/a");
        for (int sending = 1; sending < 5; sending++) {
            assertThat(post(file, "resend", LOST).status()).isEqualTo(202);
            api.happened(ApiUnderTest.completed("invoices/a", sending + 1));
        }

        assertThat(post(file, "resend", LOST).error()).contains("sent 5 times", "loop", "force");
        assertThat(post(file, "resend", LOST.replace("}", ",\"force\":true}")).status()).isEqualTo(202);
    }

    @Test
    void shouldShowAFailedResendAmongTheFailedFilesAndRedriveIt() throws Exception {
        FileId file = api.delivered("invoices/a");
        post(file, "resend", LOST);
        api.happened(new FileEvent.Failed(file, NOW, Stage.DELIVERY, new Attempt(2, 1),
                new Failure(FailureKind.SUPERSEDED, "a newer version of this object, file b, was delivered")));

        assertThat(api.get("/v1/files?status=FAILED").body().path("files").get(0).path("resent").asBoolean()).isTrue();
        assertThat(shown(file).path("detail").asText()).contains("file b");
        assertThat(shown(file).path("receipt").isObject()).isTrue();
        assertThat(post(file, "redrive", LOST).status()).isEqualTo(202);
    }

    @Test
    void shouldResendManyAndLeaveTheOthersAlone() throws Exception {
        List<FileId> delivered =
                IntStream.range(0, 30).mapToObj(file -> api.delivered("invoices/" + file)).sorted().toList();
        api.givenUp();
        String many = "{\"filter\":{\"route\":\"invoices\",\"since\":\"2025-12-31T00:00:00Z\"},\"reason\":\"lost\","
                + "\"by\":\"ann\",\"ratePerSecond\":10,\"announce\":true";

        JsonNode counted = api.post("/v1/resend", many + ",\"dryRun\":true}").body();
        JsonNode outcome = api.post("/v1/resend", many + "}").body();

        assertThat(counted.path("accepted").asInt()).isEqualTo(30);
        assertThat(outcome.path("accepted").asInt()).isEqualTo(30);
        assertThat(outcome.path("cursor").isNull()).isTrue();
        assertThat(api.written).containsExactlyElementsOf(delivered.stream()
                .map(file -> (FileEvent) new ResendRequested(file, NOW, 1, "ann", "lost", true))
                .toList());
        assertThat(api.waited()).isPositive();
    }

    @Test
    void shouldNotResendManyWithoutATimeSinceWhenTheyWereDelivered() throws Exception {
        Answer answer = api.post("/v1/resend", "{\"filter\":{\"route\":\"invoices\"},\"reason\":\"x\",\"by\":\"ann\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).startsWith("filter.since:");
    }

    @Test
    void shouldForgetADeliveredFileAndSayWhatRemains() throws Exception {
        FileId file = api.delivered("invoices/a");

        Answer answer = post(file, "forget", LOST);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("remains").get(0).path("topic").asText()).isEqualTo("waybill.ready-files");
        assertThat(api.written).containsExactly(new ForgetRequested(file, NOW, 1, "ann", "the partner lost it"));
        assertThat(shown(file).toString()).doesNotContain("invoices/a", "outbound", "acme", "incoming");
        assertThat(shown(file).path("status").asText()).isEqualTo("COMPLETED");
        assertThat(shown(file).path("forgotten").asBoolean()).isTrue();
        assertThat(api.get("/v1/files/" + file + "/history").body().path("history")).isEmpty();
        assertThat(api.get("/v1/files/" + file + "/why").body().path("waitsFor").asText()).contains("it is forgotten");
        assertThat(post(file, "resend", LOST).error()).contains("forgotten");
        assertThat(post(file, "forget", LOST).status()).isEqualTo(409);
    }

    @Test
    void shouldForgetNothingThatIsOpenOrInDoubtOrOnlyAskedAbout() throws Exception {
        FileId open = api.arrive("invoices", "invoices/open");
        FileId done = api.delivered("invoices/done");

        assertThat(post(open, "forget", LOST).error()).contains("only a file that has ended is forgotten", "PENDING");
        api.happened(new FileEvent.Failed(open, NOW, Stage.DELIVERY, Attempt.FIRST,
                new Failure(FailureKind.IN_DOUBT, "nobody can tell")));
        assertThat(post(open, "forget", LOST).error()).contains("resolve");
        Answer dry = post(done, "forget", LOST.replace("}", ",\"dryRun\":true}"));
        assertThat(dry.status()).isEqualTo(200);
        assertThat(dry.body().path("dryRun").asBoolean()).isTrue();
        assertThat(api.written).isEmpty();
    }
}
