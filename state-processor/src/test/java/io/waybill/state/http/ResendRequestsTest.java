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
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests to deliver files once more, and to forget them. */
final class ResendRequestsTest {
    private static final String LOST = "{\"by\":\"ann\",\"reason\":\"the partner lost it\"}";

    private static final String MANY = "{\"filter\":{\"route\":\"invoices\",\"since\":\"2025-12-31T00:00:00Z\"},"
            + "\"reason\":\"lost\",\"by\":\"ann\"";

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

    /** With force, too: the worker would refuse it in any case. */
    @Test
    void shouldRefuseToResendWhereANewerVersionStandsAndNameIt() throws Exception {
        FileId old = api.delivered("invoices/a");
        FileId middle = api.deliveredNewer("invoices/a", 1);
        FileId newest = api.deliveredNewer("invoices/a", 2);
        api.deliveredNewer("invoices/b", 3);

        for (String more : List.of("", ",\"dryRun\":true", ",\"force\":true")) {
            Answer refused = post(old, "resend", LOST.replace("}", more + "}"));
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.error()).isEqualTo("a newer version of the object stands at '/incoming/a' at acme: file "
                    + newest + ", version v2, last modified 2026-01-01T00:02:00Z, is COMPLETED");
        }
        assertThat(post(middle, "resend", LOST).error()).contains(newest.value());
        assertThat(api.get("/v1/files/" + old + "/why").body().toString())
                .contains("file " + newest + ", stands there").doesNotContain("resend " + old);
        assertThat(api.written).isEmpty();
        assertThat(post(newest, "resend", LOST).status()).isEqualTo(202);
    }

    @Test
    void shouldRefuseToResendWhatANewerVersionIsAboutToReplace() throws Exception {
        FileId old = api.delivered("invoices/a");
        FileId newer = api.arriveNewer("invoices/a", 1);

        assertThat(post(old, "resend", LOST).error())
                .startsWith("a newer version of the object is on its way to '/incoming/a' at acme: file " + newer)
                .endsWith("is PENDING");
        api.happened(new FileEvent.Failed(newer, NOW, Stage.DELIVERY, Attempt.FIRST,
                new Failure(FailureKind.FORBIDDEN, "may not write")));
        assertThat(post(old, "resend", LOST).status()).as("the old one stands there still").isEqualTo(202);
    }

    @Test
    void shouldResendManyAndNameTheNewerVersionsOfThoseThatItRefuses() throws Exception {
        FileId old = api.delivered("invoices/a");
        FileId newer = api.deliveredNewer("invoices/a", 1);
        FileId other = api.delivered("invoices/b");
        api.later(Duration.ofMinutes(1));

        for (String dry : List.of(",\"dryRun\":true}", "}")) {
            JsonNode outcome = api.post("/v1/resend", MANY + dry).body();
            assertThat(outcome.path("accepted").asInt()).isEqualTo(2);
            assertThat(outcome.path("refused").asInt()).isEqualTo(1);
            assertThat(outcome.path("refusals").get(0).path("id").asText()).isEqualTo(old.value());
            assertThat(outcome.path("refusals").get(0).path("error").asText()).contains("file " + newer);
        }
        assertThat(api.written).extracting(FileEvent::id).containsExactlyInAnyOrder(newer, other);
    }

    /** The versions of one object are in different partitions. */
    @Test
    void shouldFindTheNewerVersionAtAnotherInstance() throws Exception {
        try (var there = new ApiUnderTest()) {
            FileId old = api.delivered("invoices/a b");
            api.deliveredNewer("invoices/a b", 1);
            FileId newest = there.deliveredNewer("invoices/a b", 2);
            api.knows(there);

            assertThat(post(old, "resend", LOST).error()).contains("file " + newest);
            // The owner asks the others, also for somebody whom another instance has passed on.
            there.knows(api);
            there.post("/v1/resend", MANY + "}");
            assertThat(api.written).isEmpty();
        }
    }

    @Test
    void shouldSayThatItDoesNotKnowWithoutAnInstanceThatMayHaveANewerVersion() throws Exception {
        FileId old = api.delivered("invoices/a");
        api.knowsOneThatIsDown();

        assertThat(post(old, "resend", LOST).status()).isEqualTo(503);
        assertThat(api.get("/v1/files/" + old + "/why").status()).isEqualTo(200);
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldSayWhichVersionIsNewer() throws Exception {
        FileId newer = api.deliveredNewer("invoices/a", 1);
        String place = "/v1/newer?bucket=outbound&key=invoices/a&destination=acme&path=/incoming/a&modified=";

        assertThat(api.get(place + "2026-01-01T00:00:59Z").body().path("file").path("id").asText())
                .isEqualTo(newer.value());
        assertThat(api.get(place + "2026-01-01T00:01:00Z").body().has("file")).isFalse();
        assertThat(api.get("/v1/newer?key=a").error()).startsWith("modified: is missing");
        assertThat(api.get(place + "yesterday").error()).startsWith("modified: expected an instant");
    }

    /** A newer version came in the moment in which somebody asked. */
    @Test
    void shouldShowAResendThatAWorkerRefusedAsDeliveredAndSayWhy() throws Exception {
        FileId file = api.delivered("invoices/a");
        post(file, "resend", LOST);
        api.happened(new FileEvent.Failed(file, NOW, Stage.DELIVERY, new Attempt(2, 1),
                new Failure(FailureKind.SUPERSEDED, "a newer version of this object, file b, was delivered")));

        assertThat(shown(file).path("status").asText()).isEqualTo("COMPLETED");
        assertThat(shown(file).path("receipt").isObject()).isTrue();
        assertThat(shown(file).path("failures").get(0).path("detail").asText()).contains("file b");
        JsonNode why = api.get("/v1/files/" + file + "/why").body();
        assertThat(why.path("waitsFor").asText()).contains("its resend was refused with SUPERSEDED", "file b");
        assertThat(why.toString()).doesNotContain("redrive", "resend " + file);
    }

    /** What is delivered for the first time while it runs is not delivered twice. */
    @Test
    void shouldResendOnlyWhatWasDeliveredWhenItsFirstRequestCame() throws Exception {
        List<FileId> before =
                IntStream.range(0, 4).mapToObj(file -> api.delivered("invoices/" + file)).sorted().toList();
        api.later(Duration.ofMinutes(1));
        JsonNode first = api.post("/v1/resend", MANY + ",\"limit\":1}").body();
        for (int file = 100; file < 200; file++) {
            FileEvent.Completed meanwhile = ApiUnderTest.completed("invoices/" + file, 1);
            api.arrive("invoices", "invoices/" + file);
            api.happened(new FileEvent.Completed(meanwhile.id(), NOW.plus(Duration.ofMinutes(2)), Stage.DELIVERY,
                    Attempt.FIRST, meanwhile.receipt()));
        }
        api.later(Duration.ofMinutes(5));

        String cursor = first.path("cursor").asText();
        api.post("/v1/resend", MANY + ",\"cursor\":\"" + cursor + "\"}");

        assertThat(api.written).extracting(FileEvent::id).containsExactlyElementsOf(before);
        assertThat(api.post("/v1/redrive", MANY + ",\"cursor\":\"" + cursor + "\"}").error())
                .startsWith("cursor: expected that of the answer before");
        // No file may be asked for that is changed after the request.
        assertThat(api.post("/v1/resend", MANY.replace("Z\"}", "Z\",\"until\":\"2027-01-01T00:00:00Z\"}")
                + ",\"dryRun\":true,\"cursor\":\"" + cursor + "\"}").body().path("matched").asInt()).isZero();
    }

    @Test
    void shouldShowAFailedResendAmongTheFailedFilesAndRedriveIt() throws Exception {
        FileId file = api.delivered("invoices/a");
        post(file, "resend", LOST);
        api.happened(new FileEvent.Failed(file, NOW, Stage.DELIVERY, new Attempt(2, 1),
                new Failure(FailureKind.FORBIDDEN, "may not write")));

        assertThat(api.get("/v1/files?status=FAILED").body().path("files").get(0).path("resent").asBoolean()).isTrue();
        assertThat(shown(file).path("receipt").isObject()).isTrue();
        assertThat(post(file, "redrive", LOST).status()).isEqualTo(202);
    }

    @Test
    void shouldResendManyAndLeaveTheOthersAlone() throws Exception {
        List<FileId> delivered =
                IntStream.range(0, 30).mapToObj(file -> api.delivered("invoices/" + file)).sorted().toList();
        api.givenUp();
        api.later(Duration.ofMinutes(1));
        Duration began = api.waited();
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
        assertThat(api.waited()).isGreaterThan(began);
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
