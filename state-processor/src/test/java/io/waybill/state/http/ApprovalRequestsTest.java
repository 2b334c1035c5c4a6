package io.waybill.state.http;

import static io.waybill.state.http.ApiUnderTest.NOW;
import static io.waybill.state.http.BulkRequestsTest.givenUp;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.Attempt;
import io.waybill.domain.ControlRecord.Approval;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileEvent.ResendRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.Stage;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.runtime.access.Principal;
import io.waybill.state.http.ApiCaller.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests about more than two files wait for a second person. */
final class ApprovalRequestsTest {
    private static final String FILTER = "{\"status\":\"FAILED\",\"route\":\"invoices\"}";

    private ApiUnderTest api;

    @BeforeEach
    void open() {
        api = ApiUnderTest.withFourEyes(People.TOKENS, 2);
        // The files changed before anybody asks.
        api.later(Duration.ofSeconds(1));
    }

    @AfterEach
    void close() {
        api.close();
    }

    private ApiUnderTest as(Principal principal) {
        return api.as(People.token(principal));
    }

    private Answer redrive(String more) throws IOException, InterruptedException {
        return api.post("/v1/redrive", "{\"filter\":" + FILTER + ",\"reason\":\"room again\"" + more + "}");
    }

    private Answer redriveApproved(String id, String more) throws IOException, InterruptedException {
        return api.post("/v1/redrive", "{\"approval\":\"" + id + "\"" + more + "}");
    }

    private Answer decide(String id, String word) throws IOException, InterruptedException {
        return api.post("/v1/approvals/" + id + "/" + word, "{\"reason\":\"counted\"}");
    }

    private String asked() throws IOException, InterruptedException {
        as(People.OPERATOR);
        return redrive("").body().path("approval").path("id").asText();
    }

    @Test
    void shouldDoNothingButAskASecondPersonIfThereAreTooManyFiles() throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);

        as(People.OPERATOR);
        Answer held = redrive(",\"limit\":1");

        assertThat(held.status()).isEqualTo(202);
        JsonNode approval = held.body().path("approval");
        assertThat(approval.path("files").asInt()).isEqualTo(3);
        assertThat(approval.path("by").asText()).isEqualTo("otto");
        assertThat(approval.path("standing").asText()).isEqualTo("WAITING");
        assertThat(approval.path("filter").path("until").asText()).isEqualTo(NOW.plusSeconds(1).toString());
        assertThat(held.body().path("accepted").asInt()).isZero();
        assertThat(api.written).isEmpty();
    }

    /** The second person decides by this number. */
    @Test
    void shouldCountAllFilesAndNotOnlyTheFirstTooMany() throws Exception {
        givenUp(api, 1_203, FailureKind.FORBIDDEN);

        as(People.OPERATOR);

        assertThat(redrive("").body().path("approval").path("files").asInt()).isEqualTo(1_203);
    }

    @Test
    void shouldDoAtOnceWhatIsAboutFewFilesOrChangesNothing() throws Exception {
        givenUp(api, 2, FailureKind.FORBIDDEN);
        as(People.OPERATOR);
        assertThat(redrive("").status()).isEqualTo(200);
        assertThat(api.written).hasSize(2);

        givenUp(api, 9, FailureKind.FORBIDDEN);
        assertThat(redrive(",\"dryRun\":true").status()).isEqualTo(200);
    }

    @Test
    void shouldDoWhatWasApprovedInTheNameOfTheOneWhoAsked() throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        String id = asked();

        as(People.ADMIN);
        Answer approved = decide(id, "approve");
        assertThat(approved.status()).isEqualTo(202);
        assertThat(approved.body().path("standing").asText()).isEqualTo("APPROVED");
        assertThat(approved.body().path("decidedBy").asText()).isEqualTo("ada");

        as(People.OPERATOR);
        Answer first = redriveApproved(id, ",\"limit\":2");
        assertThat(first.body().path("accepted").asInt()).isEqualTo(2);
        Answer second = redriveApproved(id, ",\"cursor\":\"" + first.body().path("cursor").asText() + "\"");
        assertThat(second.body().path("accepted").asInt()).isEqualTo(1);
        assertThat(api.written).hasSize(3).allSatisfy(event -> {
            assertThat(event).isInstanceOfSatisfying(RedriveRequested.class, redrive -> {
                assertThat(redrive.by()).isEqualTo("otto");
                assertThat(redrive.reason()).isEqualTo("room again");
            });
        });
    }

    /** Not even an admin has a way around. */
    @ParameterizedTest
    @ValueSource(strings = {"redrive", "cancel", "resend"})
    void shouldLetEachActionOnManyFilesWait(String action) throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        for (String one : List.of("1", "2", "3")) {
            api.arrive("invoices", "invoices/open-" + one);
            api.delivered("invoices/done-" + one);
        }

        as(People.ADMIN);
        Answer held = api.post(
                "/v1/" + action,
                "{\"filter\":{\"route\":\"invoices\",\"since\":\"" + NOW + "\"},\"reason\":\"x\"}");

        assertThat(held.status()).isEqualTo(202);
        assertThat(held.body().path("approval").path("files").asInt()).isEqualTo(3);
        assertThat(api.written).isEmpty();
    }

    /** Who says yes must see all that is asked for. */
    @Test
    void shouldShowTheSecondPersonInWhichWayItIsDone() throws Exception {
        for (String one : List.of("1", "2", "3")) {
            api.delivered("invoices/done-" + one);
        }
        as(People.OPERATOR);
        api.post(
                "/v1/resend",
                "{\"filter\":{\"route\":\"invoices\",\"since\":\"" + NOW
                        + "\"},\"reason\":\"lost\",\"force\":true,\"announce\":true}");

        as(People.ADMIN);
        JsonNode seen = api.get("/v1/approvals").body().path("approvals").get(0);

        assertThat(seen.path("force").asBoolean()).isTrue();
        assertThat(seen.path("announce").asBoolean()).isTrue();
        decide(seen.path("id").asText(), "approve");
        as(People.OPERATOR);
        Answer done = api.post("/v1/resend", "{\"approval\":\"" + seen.path("id").asText() + "\"}");
        assertThat(done.body().path("accepted").asInt()).isEqualTo(3);
        assertThat(api.written).allSatisfy(event -> assertThat(event)
                .isInstanceOfSatisfying(ResendRequested.class, resend -> assertThat(resend.announce()).isTrue()));
    }

    /** The files that it was about may fail once more within its time. */
    @Test
    void shouldNotDoTheSameTwiceByOneApproval() throws Exception {
        List<FileId> failed = givenUp(api, 3, FailureKind.FORBIDDEN);
        String id = asked();
        as(People.ADMIN);
        decide(id, "approve");
        as(People.OPERATOR);
        assertThat(redriveApproved(id, "").body().path("accepted").asInt()).isEqualTo(3);
        failed.forEach(file -> api.happened(new Failed(
                file, NOW.plusSeconds(10), Stage.DELIVERY, new Attempt(2, 1),
                new Failure(FailureKind.FORBIDDEN, "again"))));

        api.later(Duration.ofMinutes(1));

        assertThat(redriveApproved(id, "").body().path("accepted").asInt()).isZero();
        assertThat(api.written).hasSize(3);
    }

    @Test
    void shouldLetNobodyApproveTheirOwnRequest() throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        String id = asked();

        Answer own = decide(id, "approve");
        assertThat(own.status()).isEqualTo(403);
        assertThat(own.error()).isEqualTo("you asked for it yourself; another person must approve it");
        assertThat(redriveApproved(id, "").error()).contains("WAITING");

        assertThat(decide(id, "reject").status()).as("taken back").isEqualTo(202);
        as(People.ADMIN);
        assertThat(decide(id, "approve").error()).contains("REJECTED by otto");
    }

    @Test
    void shouldLetNobodyElseUseAnApproval() throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        String id = asked();
        as(People.ADMIN);
        decide(id, "approve");

        assertThat(redriveApproved(id, "").status()).isEqualTo(403);
        as(People.OPERATOR);
        Answer other = api.post("/v1/cancel", "{\"approval\":\"" + id + "\"}");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.error()).contains("is about a redrive");
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldForgetAnApprovalAfterItsTime() throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        String id = asked();
        as(People.ADMIN);
        decide(id, "approve");

        api.later(Duration.ofHours(25));

        as(People.OPERATOR);
        assertThat(redriveApproved(id, "").error()).contains("EXPIRED");
        as(People.ADMIN);
        assertThat(decide(id, "reject").status()).isEqualTo(409);
    }

    @ParameterizedTest
    @ValueSource(strings = {",\"force\":true", ",\"reason\":\"other\"", ",\"filter\":{\"route\":\"drop\"}"})
    void shouldTakeNothingBesideAnApprovalThatWasNotApproved(String more) throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        String id = asked();
        as(People.ADMIN);
        decide(id, "approve");

        as(People.OPERATOR);
        Answer changed = redriveApproved(id, more);
        assertThat(changed.status()).isEqualTo(400);
        assertThat(changed.error()).contains("leave it out");
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldShowApprovalsToThoseWhoSeeTheFiles() throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        String id = asked();

        for (Principal principal : List.of(People.VIEWER, People.OPERATOR, People.OF_ACME)) {
            as(principal);
            assertThat(api.get("/v1/approvals").body().path("approvals")).as(principal.name()).hasSize(1);
        }
        as(People.OF_DROP);
        assertThat(api.get("/v1/approvals").body().path("approvals")).isEmpty();
        assertThat(decide(id, "approve").status()).isEqualTo(404);
        as(People.OF_ACME);
        assertThat(decide(id, "approve").status()).isEqualTo(202);
    }

    @Test
    void shouldAuditWhichFilesARefusedRequestWasAbout() throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        String id = asked();
        as(People.ADMIN);
        assertThat(redriveApproved(id, "").status()).isEqualTo(403);
        as(People.VIEWER);
        assertThat(redrive("").status()).isEqualTo(403);

        assertThat(api.audited()).filteredOn(entry -> entry.outcome() == AuditEntry.Outcome.REFUSED)
                .extracting(entry -> entry.target().name())
                // Of somebody who may not ask at all, the body is not read.
                .containsExactly("approval " + id, "");
    }

    /** One that a later version wrote must not hide the others, nor be run without the part that is not known here. */
    @ParameterizedTest
    @ValueSource(
            strings = {"{\"filter\":{\"route\":\"invoices\",\"colour\":\"red\"},\"reason\":\"x\"}", "no JSON", "null",
                    "{}"})
    void shouldListAndRejectWhatItCannotRead(String order) throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        String id = asked();
        api.approvals.heard(new Approval(
                "later", NOW, "otto", "x", "redrive", order, 5, NOW.plus(Duration.ofDays(1)), null));

        as(People.ADMIN);
        JsonNode listed = api.get("/v1/approvals").body().path("approvals");
        assertThat(listed.findValuesAsText("id")).containsExactlyInAnyOrder(id, "later");
        assertThat(listed.findValuesAsText("unreadable"))
                .singleElement()
                .asString()
                .contains("another version", "upgrade this instance");
        Answer approved = decide("later", "approve");
        assertThat(approved.status()).isEqualTo(409);
        assertThat(approved.error()).contains("cannot read it");
        as(People.OF_ACME);
        assertThat(decide("later", "reject").status()).isEqualTo(404);
        as(People.ADMIN);
        assertThat(decide("later", "reject").status()).isEqualTo(202);
    }

    @Test
    void shouldNotRunWhatItCannotRead() throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        api.later(Duration.ofSeconds(1));
        String order = "{\"filter\":{\"route\":\"invoices\",\"colour\":\"red\"},\"reason\":\"x\"}";
        api.approvals.heard(new Approval(
                "later", NOW, "otto", "x", "redrive", order, 1, NOW.plus(Duration.ofDays(1)),
                new Approval.Decision(true, NOW, "ada", "x")));

        as(People.OPERATOR);
        Answer run = redriveApproved("later", "");

        assertThat(run.status()).isEqualTo(409);
        assertThat(run.error()).contains("cannot read it");
        assertThat(api.written).isEmpty();
    }

    @Test
    void shouldAuditEachWord() throws Exception {
        givenUp(api, 3, FailureKind.FORBIDDEN);
        String id = asked();
        decide(id, "approve");
        as(People.ADMIN);
        decide(id, "approve");

        List<AuditEntry> entries = api.audited();
        assertThat(entries).extracting(AuditEntry::what).containsExactly("redrive", "approve", "approve");
        assertThat(entries).extracting(entry -> entry.outcome().name())
                .containsExactly("ACCEPTED", "REFUSED", "ACCEPTED");
        assertThat(entries.getFirst().detail()).contains("waits for approval " + id);
        assertThat(entries.getFirst().target()).isEqualTo(new AuditEntry.Target("files",
                "{\"status\":\"FAILED\",\"route\":\"invoices\",\"until\":\"" + NOW.plusSeconds(1) + "\"}"));
        assertThat(entries.getLast().detail()).isEqualTo("redrive of 3 files, asked for by otto");
    }
}
