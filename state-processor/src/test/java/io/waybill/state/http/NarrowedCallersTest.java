package io.waybill.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.Attempt;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.Stage;
import io.waybill.runtime.access.Principal;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller of some routes or destinations learns nothing of the files of others. */
final class NarrowedCallersTest {
    private final ApiUnderTest api = new ApiUnderTest(People.TOKENS);
    private FileId invoice;
    private FileId drop;
    private FileId failed;

    @BeforeEach
    void arrive() {
        invoice = api.arrive("invoices", "invoices/waiting");
        api.happened(new Deferred(invoice, ApiUnderTest.NOW, Stage.DELIVERY, Attempt.FIRST,
                ApiUnderTest.NOW.plusSeconds(60), new Failure(FailureKind.UNREACHABLE, "refused")));
        failed = api.givenUp();
        drop = api.arrive("drop", "a");
        FileId broken = api.arrive("drop", "broken");
        api.happened(new Started(broken, ApiUnderTest.NOW, Stage.IMPORT, Attempt.FIRST, "crm/one", null));
        api.happened(new Failed(broken, ApiUnderTest.NOW, Stage.IMPORT, Attempt.FIRST,
                new Failure(FailureKind.IMPORT_REJECTED, "no header")));
    }

    @AfterEach
    void close() {
        api.close();
    }

    private ApiUnderTest as(Principal principal) {
        return api.as(People.token(principal));
    }

    @Test
    void shouldListAndCountOnlyTheirFiles() throws Exception {
        for (String order : List.of("id", "newest")) {
            JsonNode page = as(People.OF_DROP).get("/v1/files?order=" + order).body();
            assertThat(page.path("files").findValuesAsText("route")).containsExactly("drop", "drop");
            assertThat(page.path("total").asInt()).isEqualTo(2);
        }
        assertThat(as(People.OF_DROP).get("/v1/files?route=invoices").error().replace("invoices", "nothing"))
                .isEqualTo(as(People.OF_DROP).get("/v1/files?route=nothing").error())
                .isEqualTo("route: no route of the name 'nothing' is configured, and no file is of it; known are drop");
        assertThat(as(People.OF_DROP).get("/v1/files?destination=acme").error()).endsWith("there is none");
        assertThat(as(People.OF_DROP).get("/v1/files?key=invoices/waiting").body().path("files")).isEmpty();
        assertThat(as(People.OF_ACME).get("/v1/files").body().path("files").findValuesAsText("route"))
                .containsExactly("invoices", "invoices");
        assertThat(as(People.OPERATOR).get("/v1/files").body().path("total").asInt()).isEqualTo(4);
    }

    @Test
    void shouldSumUpOnlyTheirFiles() throws Exception {
        JsonNode summary = as(People.OF_DROP).get("/v1/summary").body();
        assertThat(summary.path("files").asInt()).isEqualTo(2);
        assertThat(summary.path("byRoute").fieldNames()).toIterable().containsExactly("drop");
        assertThat(summary.path("byDestination")).isEmpty();
        assertThat(as(People.OPERATOR).get("/v1/summary").body().path("files").asInt()).isEqualTo(4);
    }

    @Test
    void shouldSeeTheStatusOfOnlyTheirFiles() throws Exception {
        JsonNode status = as(People.OF_DROP).get("/v1/status").body();
        assertThat(status.path("byStatus").path("FAILED").asInt()).isEqualTo(1);
        assertThat(status.path("open").findValuesAsText("route")).containsExactly("drop");
        assertThat(status.path("waiting")).isEmpty();
        assertThat(status.path("failed").findValuesAsText("route")).containsExactly("drop");
        assertThat(status.has("lag")).as("what services have not read is of all").isFalse();

        JsonNode acme = as(People.OF_ACME).get("/v1/status").body();
        assertThat(acme.path("waiting").findValuesAsText("destination")).containsExactly("acme");
        assertThat(acme.path("open").findValuesAsText("route")).containsExactly("invoices");
        assertThat(as(People.OPERATOR).get("/v1/status").body().has("lag")).isTrue();
    }

    @Test
    void shouldFindNoFileOfOthers() throws Exception {
        String unknown = as(People.OF_DROP).get("/v1/files/" + ApiUnderTest.id("invoices", "x")).text();
        for (String path : List.of("", "/history", "/why")) {
            ApiCaller.Answer answer = as(People.OF_DROP).get("/v1/files/" + invoice + path);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.text().replaceAll("[a-z2-7]{26}", "ID"))
                    .isEqualTo(unknown.replaceAll("[a-z2-7]{26}", "ID"));
            assertThat(as(People.OF_DROP).get("/v1/files/" + drop + path).status()).isEqualTo(200);
        }
    }

    @Test
    void shouldSeeOnlyTheirRoutesExplained() throws Exception {
        assertThat(as(People.OF_DROP).get("/v1/explain?key=invoices/a").body().path("routes").findValuesAsText("route"))
                .containsExactly("drop");
        assertThat(as(People.OF_ACME).get("/v1/explain?key=invoices/a").body().path("routes").findValuesAsText("route"))
                .containsExactly("invoices");
        assertThat(as(People.VIEWER).get("/v1/explain?key=invoices/a").body().path("routes")).hasSize(3);
    }

    @Test
    void shouldChangeNoFileOfOthers() throws Exception {
        for (String action : List.of("redrive", "resend", "cancel", "retry")) {
            assertThat(as(People.OF_DROP).post("/v1/files/" + failed + "/" + action, "{\"reason\":\"x\"}").status())
                    .isEqualTo(404);
        }
        assertThat(as(People.OF_DROP)
                .post("/v1/files/" + failed + "/resolve", "{\"resolution\":\"resend\",\"reason\":\"x\"}")
                .status()).isEqualTo(404);
        JsonNode many = as(People.OF_DROP)
                .post("/v1/cancel", "{\"filter\":{\"status\":\"PENDING\"},\"reason\":\"x\"}")
                .body();
        assertThat(many.path("ids")).extracting(JsonNode::asText).containsExactly(drop.value());
        assertThat(api.written).extracting(event -> event.id()).containsExactly(drop);
    }

    @Test
    void shouldReleaseOnlyDestinationsOfTheirRoutes() throws Exception {
        String retry = "/v1/destinations/acme/retry";
        ApiCaller.Answer refused = as(People.OF_DROP).post(retry, "{\"reason\":\"x\"}");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.error()).isEqualTo("no destination of the name 'acme' is configured");
        assertThat(api.released).isEmpty();
        assertThat(as(People.OF_ACME).post(retry, "{\"reason\":\"x\"}").status()).isEqualTo(202);
    }
}
