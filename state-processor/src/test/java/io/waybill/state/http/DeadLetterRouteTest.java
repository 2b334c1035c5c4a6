package io.waybill.state.http;

import static io.waybill.state.http.ApiUnderTest.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.DeadLetter.GivenUp;
import io.waybill.domain.DeadLetter.Poison;
import io.waybill.domain.FileId;
import io.waybill.runtime.access.Principal;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was given up, without a tool that reads Kafka. */
final class DeadLetterRouteTest {
    private final ApiUnderTest api = new ApiUnderTest(People.TOKENS);

    @AfterEach
    void close() {
        api.close();
    }

    private JsonNode ask(Principal principal, String query) throws Exception {
        ApiCaller.Answer answer = api.as(People.token(principal)).get("/v1/dead-letters" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.body();
    }

    private FileId file() {
        FileId id = api.givenUp();
        api.letters.add(new GivenUp(api.find(id).orElseThrow(), "FORBIDDEN: may not write"));
        return id;
    }

    private void record(String origin, Duration ago) {
        api.letters.add(new Poison(
                NOW.minus(ago), origin, new byte[0], new byte[] {1, 2, 3}, Map.of(), "not JSON"));
    }

    @Test
    void shouldListTheNewestFirstWithTheNextStep() throws Exception {
        record("file-events-3@9", Duration.ofHours(2));
        FileId id = file();
        record("s3-notifications-1@17", Duration.ofHours(1));
        record("s3-notifications-1@16", Duration.ofDays(2));

        JsonNode answer = ask(People.VIEWER, "");

        assertThat(answer.path("since").asText()).isEqualTo("2025-12-31T00:00:00Z");
        assertThat(answer.path("matched").asInt()).isEqualTo(3);
        assertThat(answer.path("complete").asBoolean()).isTrue();
        assertThat(answer.path("letters").findValuesAsText("type")).containsExactly("FILE", "RECORD", "RECORD");
        assertThat(answer.path("letters").findValuesAsText("command"))
                .containsExactly("./waybill why " + id, "./waybill retry --record 1@17");
        assertThat(answer.path("letters").path(0).path("failure").asText()).isEqualTo("FORBIDDEN");
        assertThat(answer.path("letters").path(2).path("valueBytes").asInt()).isEqualTo(3);
    }

    @Test
    void shouldNarrowTheList() throws Exception {
        FileId id = file();
        record("s3-notifications-1@17", Duration.ofHours(1));

        assertThat(ask(People.VIEWER, "?type=RECORD").path("matched").asInt()).isEqualTo(1);
        assertThat(ask(People.VIEWER, "?type=FILE&route=invoices&destination=acme&failure=FORBIDDEN&file=" + id)
                .path("matched").asInt()).isEqualTo(1);
        assertThat(ask(People.VIEWER, "?route=drop").path("matched").asInt()).isZero();
        assertThat(ask(People.VIEWER, "?since=2025-12-31T23:30:00Z").path("letters").findValuesAsText("type"))
                .containsExactly("FILE");
        JsonNode one = ask(People.VIEWER, "?limit=1");
        assertThat(one.path("letters")).hasSize(1);
        assertThat(one.path("matched").asInt()).isEqualTo(2);
    }

    @Test
    void shouldShowNoLetterOfOthersAndNoRecordToThoseWhoSeeSomeRoutes() throws Exception {
        file();
        record("s3-notifications-1@17", Duration.ofHours(1));

        assertThat(ask(People.OF_DROP, "").path("matched").asInt()).isZero();
        assertThat(ask(People.OF_ACME, "").path("letters").findValuesAsText("type")).containsExactly("FILE");
        assertThat(ask(People.OF_ACME, "?type=RECORD").path("letters")).isEmpty();
    }

    @Test
    void shouldSayThatKafkaDoesNotAnswer() throws Exception {
        api.broken();

        ApiCaller.Answer answer = api.as(People.token(People.VIEWER)).get("/v1/dead-letters");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.error()).startsWith("Kafka did not answer");
    }
}
