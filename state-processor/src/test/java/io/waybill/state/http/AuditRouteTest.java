package io.waybill.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.FileId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who did what, over HTTP. */
final class AuditRouteTest {
    private final ApiUnderTest api = new ApiUnderTest(People.TOKENS);

    @AfterEach
    void close() {
        api.close();
    }

    private FileId acted() throws Exception {
        FileId id = api.arrive("invoices", "invoices/a");
        api.as(People.token(People.OPERATOR)).post("/v1/files/" + id + "/cancel", "{\"reason\":\"not needed\"}");
        api.as(People.token(People.VIEWER)).post("/v1/files/" + id + "/redrive", "{\"reason\":\"why not\"}");
        api.as(People.token(People.ADMIN));
        return id;
    }

    @Test
    void shouldShowWhoDidWhat() throws Exception {
        FileId id = acted();

        JsonNode answer = api.get("/v1/audit").body();

        assertThat(answer.path("matched").asInt()).isEqualTo(2);
        assertThat(answer.path("complete").asBoolean()).isTrue();
        assertThat(answer.path("actions").findValuesAsText("who")).containsExactlyInAnyOrder("otto", "vera");
        assertThat(answer.path("actions").findValuesAsText("target")).containsOnly(id.value());
        assertThat(answer.path("actions").findValuesAsText("outcome"))
                .containsExactlyInAnyOrder("ACCEPTED", "REFUSED");
    }

    @Test
    void shouldShowWhatIsAskedFor() throws Exception {
        FileId id = acted();

        assertThat(api.get("/v1/audit?by=otto").body().path("actions").findValuesAsText("what"))
                .containsExactly("cancel");
        assertThat(api.get("/v1/audit?what=redrive").body().path("actions").findValuesAsText("who"))
                .containsExactly("vera");
        assertThat(api.get("/v1/audit?target=" + id + "&limit=1").body().path("actions")).hasSize(1);
        assertThat(api.get("/v1/audit?target=other").body().path("matched").asInt()).isZero();
        assertThat(api.get("/v1/audit?since=2026-01-01T00:00:01Z").body().path("matched").asInt()).isZero();
        assertThat(api.get("/v1/audit?who=otto").status()).isEqualTo(400);
    }

    @Test
    void shouldBeForThoseWhoSeeEverything() throws Exception {
        acted();

        assertThat(api.as(People.token(People.OPERATOR)).get("/v1/audit").status()).isEqualTo(403);
        ApiCaller.Answer narrowed = api.as(People.token(People.ADMIN_OF_DROP)).get("/v1/audit");
        assertThat(narrowed.status()).isEqualTo(403);
        assertThat(narrowed.error()).contains("you see only some");
    }

    @Test
    void shouldSayThatKafkaDoesNotAnswer() throws Exception {
        api.broken();

        assertThat(api.as(People.token(People.ADMIN)).get("/v1/audit").status()).isEqualTo(503);
    }
}
