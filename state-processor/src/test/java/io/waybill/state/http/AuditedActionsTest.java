package io.waybill.state.http;

import static io.waybill.state.http.ApiUnderTest.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.ControlRecord;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileId;
import io.waybill.domain.Stage;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditEntry.Counts;
import io.waybill.domain.audit.AuditEntry.Outcome;
import io.waybill.domain.audit.AuditEntry.Target;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.state.audit.AuditTrail;
import io.waybill.state.http.ApiCaller.Answer;
import io.waybill.state.write.Change;
import io.waybill.testkit.CaughtWarnings;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who did what: every action has its entry, and so has every refused one. */
final class AuditedActionsTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(AuditTrail.class);

    private static final String WHY = "{\"reason\":\"they made room\"}";

    private final ApiUnderTest api = new ApiUnderTest(People.PAGES);

    @AfterEach
    void close() {
        api.close();
    }

    /** An action that is possible, and its entry. */
    private record Deed(Principal by, String path, String body, String what, Target target, String detail) {}

    private static Deed deed(String path, String body, Target target, String detail) {
        return new Deed(People.ADMIN, path, body, path.substring(path.lastIndexOf('/') + 1), target, detail);
    }

    private Map<String, Deed> deeds() {
        var acme = new Target("destination", "acme");
        var invoices = new Target("route", "invoices");
        var deeds = new LinkedHashMap<String, Deed>();
        deeds.put("POST /v1/files/{id}/redrive", ofFile(api.givenUp(), "redrive", WHY, "sending 1"));
        deeds.put("POST /v1/files/{id}/resend", ofFile(
                api.delivered("invoices/lost"), "resend", "{\"reason\":\"they made room\",\"announce\":true}",
                "sending 1, to be announced"));
        deeds.put("POST /v1/files/{id}/forget", ofFile(
                api.delivered("invoices/private"), "forget", WHY, "sending 1"));
        deeds.put("POST /v1/files/{id}/cancel", ofFile(
                api.arrive("invoices", "invoices/queued"), "cancel", WHY, "sending 1"));
        deeds.put("POST /v1/files/{id}/retry", ofFile(waiting(), "retry", WHY, "sending 1"));
        deeds.put("POST /v1/files/{id}/resolve", ofFile(
                inDoubt(), "resolve", "{\"resolution\":\"resend\",\"reason\":\"they made room\"}",
                "resend, sending 1"));
        FileId claimed = api.arrive("drop", "a");
        deeds.put("POST /v1/files/{id}/import", new Deed(
                People.IMPORTER, "/v1/files/" + claimed + "/import", "{\"action\":\"claim\",\"by\":\"one\"}", "import",
                Target.file(claimed.value()), "claim, " + Attempt.FIRST));
        deeds.put("POST /v1/destinations/{name}/pause", deed("/v1/destinations/acme/pause", WHY, acme, ""));
        deeds.put("POST /v1/destinations/{name}/resume", deed("/v1/destinations/acme/resume", WHY, acme, ""));
        deeds.put("POST /v1/destinations/{name}/retry", deed("/v1/destinations/acme/retry", WHY, acme, ""));
        deeds.put("POST /v1/routes/{name}/pause", deed(
                "/v1/routes/invoices/pause", "{\"reason\":\"they made room\",\"until\":\"2026-01-02T00:00:00Z\"}",
                invoices, "until 2026-01-02T00:00:00Z"));
        deeds.put("POST /v1/routes/{name}/resume", deed("/v1/routes/invoices/resume", WHY, invoices, ""));
        for (String word : List.of("approve", "reject")) {
            api.approvals.heard(new ControlRecord.Approval(
                    word + " me", NOW, "otto", "room", "redrive",
                    "{\"filter\":{\"route\":\"invoices\"},\"reason\":\"room\"}",
                    3, NOW.plusSeconds(60), null));
            deeds.put("POST /v1/approvals/{id}/" + word, deed(
                    "/v1/approvals/" + word + "%20me/" + word, WHY, new Target("approval", word + " me"),
                    "redrive of 3 files, asked for by otto"));
        }
        String filter = "{\"route\":\"pulse\"}";
        String many = "{\"filter\":" + filter + ",\"reason\":\"they made room\"}";
        deeds.put("POST /v1/redrive", deed("/v1/redrive", many, new Target("files", filter), ""));
        String since = "{\"route\":\"pulse\",\"since\":\"2026-01-01T00:00:00Z\"}";
        deeds.put("POST /v1/resend", deed(
                "/v1/resend", many.replace(filter, since), new Target("files", since), ""));
        deeds.put("POST /v1/cancel", deed("/v1/cancel", many, new Target("files", filter), ""));
        return deeds;
    }

    private static Deed ofFile(FileId id, String what, String body, String detail) {
        return deed("/v1/files/" + id + "/" + what, body, Target.file(id.value()), detail);
    }

    private FileId waiting() {
        FileId id = api.arrive("invoices", "invoices/waiting");
        api.happened(new Deferred(
                id, NOW, Stage.DELIVERY, Attempt.FIRST, NOW.plusSeconds(600),
                new Failure(FailureKind.UNREACHABLE, "not now")));
        return id;
    }

    private FileId inDoubt() {
        FileId id = api.arrive("invoices", "invoices/doubtful");
        api.happened(new Failed(
                id, NOW, Stage.DELIVERY, Attempt.FIRST, new Failure(FailureKind.IN_DOUBT, "nobody knows")));
        return id;
    }

    /** A route that somebody adds fails here until it has a row, and then needs no line of code to be audited. */
    @Test
    void shouldNameEveryActionOfTheApi() throws Exception {
        Map<String, Deed> deeds = deeds();
        assertThat(deeds.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        api.documented().stream().filter(route -> !route.startsWith("GET ")).toList());
        for (Deed deed : deeds.values()) {
            int before = api.audited().size();

            Answer answer = api.as(People.token(deed.by())).post(deed.path(), deed.body());

            assertThat(answer.status()).as(deed.path() + ": " + answer.text()).isLessThan(300);
            List<AuditEntry> entries = api.audited().subList(before, api.audited().size());
            boolean importer = deed.by().equals(People.IMPORTER);
            boolean many = deed.target().kind().equals("files");
            assertThat(entries).as(deed.path()).containsExactly(new AuditEntry(
                    NOW,
                    importer ? "crm/one" : "ada",
                    deed.by().role().toString(),
                    deed.what(),
                    deed.target(),
                    importer ? "" : "they made room",
                    Outcome.ACCEPTED,
                    deed.detail(),
                    answer.headers().get("x-request-id").getFirst(),
                    "127.0.0.1",
                    many ? new Counts(0, 0, 0) : null));
        }
        assertThat(api.changed).allSatisfy(AuditedActionsTest::assertAudited);
    }

    /** In one transaction with what it is about. */
    private static void assertAudited(Change change) {
        assertThat(change.entries()).as("what is written is audited").hasSize(1);
    }

    @Test
    void shouldNameEveryActionThatIsRefused() throws Exception {
        for (Deed deed : deeds().values()) {
            assertRefused(People.VIEWER, deed, 403);
            // Files and destinations of others do not exist for this one.
            if (deed.target().kind().equals("file") && !deed.what().equals("import")) {
                assertRefused(People.OF_DROP, deed, deed.what().equals("forget") ? 403 : 404);
            }
        }
        Deed again = ofFile(api.arrive("invoices", "invoices/b"), "cancel", WHY, "");
        api.as(People.token(People.ADMIN)).post(again.path(), again.body());
        assertRefused(People.ADMIN, again, 409);
    }

    private void assertRefused(Principal by, Deed deed, int status) throws Exception {
        int before = api.audited().size();
        Answer answer = api.as(People.token(by)).post(deed.path(), deed.body());
        assertThat(answer.status()).as(deed.path()).isEqualTo(status);
        List<AuditEntry> entries = api.audited().subList(before, api.audited().size());
        assertThat(entries).as(deed.path()).singleElement().satisfies(entry -> {
            assertThat(entry.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(entry.who()).isEqualTo(by.name());
            assertThat(entry.role()).isEqualTo(by.role().toString());
            assertThat(entry.what()).isEqualTo(deed.what());
            assertThat(entry.target().kind()).isEqualTo(deed.target().kind());
            assertThat(entry.detail()).isEqualTo(status + " " + answer.error());
        });
    }

    @Test
    void shouldNameTheFilesOfARequestAboutMany() throws Exception {
        FileId one = api.arrive("pulse", "pulse/one");
        FileId two = api.arrive("pulse", "pulse/two");

        Answer answer = api.as(People.token(People.OPERATOR))
                .post("/v1/cancel", "{\"filter\":{\"route\":\"pulse\"},\"reason\":\"not needed\"}");

        String request = answer.headers().get("x-request-id").getFirst();
        assertThat(api.audited()).allSatisfy(entry -> {
            assertThat(entry.requestId()).isEqualTo(request);
            assertThat(entry.what()).isEqualTo("cancel");
            assertThat(entry.who()).isEqualTo("otto");
            assertThat(entry.reason()).isEqualTo("not needed");
        });
        assertThat(api.audited()).extracting(entry -> entry.target().name())
                .containsExactlyInAnyOrder(one.value(), two.value(), "{\"route\":\"pulse\"}");
        assertThat(api.audited().getLast().counts()).isEqualTo(new Counts(2, 0, 0));
    }

    @Test
    void shouldLeaveOutWhatChangesNothingAndWhatAnybodyCouldSend() throws Exception {
        FileId pulse = api.arrive("pulse", "pulse/one");
        api.as(People.token(People.IMPORTER));
        String path = "/v1/files/" + pulse + "/import";
        api.post(path, "{\"action\":\"claim\",\"by\":\"one\"}");
        int before = api.audited().size();

        api.post(path, "{\"action\":\"heartbeat\",\"by\":\"one\"}");
        api.post(path, "{\"action\":\"heartbeat\",\"by\":\"two\"}");
        api.get("/metrics");
        api.as(People.token(People.ADMIN));
        api.post("/v1/files/" + pulse + "/cancel", "{\"reason\":\"x\",\"dryRun\":true}");
        api.post("/v1/files/" + pulse + "/redrive", "{\"reason\":\"x\",\"dryRun\":true}");
        api.post("/v1/cancel", "{\"filter\":{\"route\":\"pulse\"},\"reason\":\"x\",\"dryRun\":true}");
        api.raw("POST", "/v1/files/" + pulse + "/cancel", "{}", Map.of("Content-Type", "application/json"));
        api.as("").post("/v1/files/" + pulse + "/cancel", WHY);
        api.as("").get("/v1/files");

        assertThat(api.audited()).hasSize(before);
    }

    @Test
    void shouldNameFailedLogins() throws Exception {
        api.as("a-token-that-nobody-has").get("/v1/files");

        assertThat(api.audited()).singleElement().satisfies(entry -> {
            assertThat(entry.what()).isEqualTo("login");
            assertThat(entry.who()).isEmpty();
            assertThat(entry.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(entry.detail()).isEqualTo("401 the token is not known here");
            assertThat(entry.toString()).doesNotContain("a-token-that-nobody-has");
        });
    }

    @Test
    void shouldNameLoginsByThePagesAndLogouts() throws Exception {
        Browser browser = Browser.loggedIn(api.base(), People.token(People.OPERATOR));
        assertThat(page("POST", "/logout", "", browser.headers())).isEqualTo(303);
        assertThat(page("GET", "/login", "", Map.of())).isEqualTo(200);
        // Anybody could send it: it has no form's cookie.
        Map<String, String> form = Map.of("Content-Type", "application/x-www-form-urlencoded");
        assertThat(page("POST", "/login", "token=x", form)).isEqualTo(403);

        assertThat(api.audited()).extracting(AuditEntry::what).containsExactly("login", "logout");
        assertThat(api.audited()).allSatisfy(entry -> {
            assertThat(entry.who()).isEqualTo("otto");
            assertThat(entry.role()).isEqualTo("operator");
            assertThat(entry.outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(entry.source()).isEqualTo("127.0.0.1");
        });
    }

    /** The document has no pages. */
    private int page(String method, String path, String body, Map<String, String> headers) throws Exception {
        var request = HttpRequest.newBuilder(api.base().resolve(path)).method(method, BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }

    /** Anybody can send a header. */
    @Test
    void shouldNoteTheAddressOfTheConnectionWhateverTheCallerSays() throws Exception {
        api.from("127.0.0.9");
        for (String header : List.of("X-Forwarded-For", "Forwarded", "X-Real-IP", "Waybill-Origin")) {
            api.with(Map.of(
                    "Authorization", "Bearer " + People.token(People.OPERATOR), header, "case-1 10.1.2.3",
                    "X-Request-Id", "r = 1"));
            assertThat(api.post("/v1/destinations/acme/retry", WHY).status()).as(header).isEqualTo(202);
        }

        assertThat(api.audited()).hasSize(4).allSatisfy(entry -> {
            assertThat(entry.source()).isEqualTo("127.0.0.9");
            assertThat(entry.requestId()).matches("[0-9a-f-]{36}");
        });
    }

    @Test
    void shouldHaveWhatAnotherInstanceDoesForItOnceAndOfItsOwnCaller() throws Exception {
        try (var there = new ApiUnderTest(People.PAGES)) {
            FileId failed = there.givenUp();
            there.arrive("drop", "a");
            api.knows(there);
            api.from("127.0.0.9");
            api.with(Map.of("Authorization", "Bearer " + People.token(People.OPERATOR), "X-Request-Id", "case-17"));

            assertThat(api.post("/v1/files/" + failed + "/redrive", WHY).status()).isEqualTo(202);
            assertThat(api.post("/v1/files/" + failed + "/resolve", "{\"resolution\":\"resend\",\"reason\":\"x\"}")
                    .status()).isEqualTo(409);
            api.post("/v1/cancel", "{\"filter\":{\"route\":\"drop\"},\"reason\":\"x\"}");

            assertThat(there.audited()).extracting(AuditEntry::what).containsExactly("redrive", "resolve", "cancel");
            assertThat(there.audited()).allSatisfy(entry -> {
                assertThat(entry.who()).isEqualTo("otto");
                assertThat(entry.requestId()).isEqualTo("case-17");
                assertThat(entry.source()).isEqualTo("127.0.0.9");
            });
            assertThat(api.audited()).singleElement()
                    .satisfies(entry -> assertThat(entry.counts()).isEqualTo(new Counts(1, 0, 0)));
        }
    }

    /** Without a login the name is what the sender says, and the role says so. */
    @Test
    void shouldSayWhereNobodyHasProvenTheName() throws Exception {
        try (var open = new ApiUnderTest(AccessSettings.UNSAID)) {
            FileId id = open.arrive("invoices", "invoices/a");

            open.post("/v1/files/" + id + "/cancel", "{\"by\":\"ann\",\"reason\":\"x\"}");
            open.post("/v1/files/" + id + "/cancel", "{\"by\":\"ann\",\"reason\":\"x\"}");

            assertThat(open.audited()).extracting(AuditEntry::outcome)
                    .containsExactly(Outcome.ACCEPTED, Outcome.REFUSED);
            assertThat(open.audited()).allSatisfy(entry -> {
                assertThat(entry.who()).isEqualTo("ann");
                assertThat(entry.role()).isEqualTo(AuditEntry.UNPROVEN);
            });
        }
    }

    @Test
    void shouldRefuseTheSameWhenNothingCanBeWritten() throws Exception {
        FileId id = api.arrive("invoices", "invoices/a");
        api.broken();

        assertThat(api.as(People.token(People.VIEWER)).post("/v1/files/" + id + "/cancel", WHY).status())
                .isEqualTo(403);
        assertThat(api.as(People.token(People.ADMIN)).post("/v1/files/" + id + "/cancel", WHY).status())
                .isEqualTo(503);

        assertThat(api.meters.counter("waybill.audit.lost").count()).isEqualTo(1);
        assertThat(warnings.lines()).hasSize(1);
        assertThat(api.changed).isEmpty();
    }
}
