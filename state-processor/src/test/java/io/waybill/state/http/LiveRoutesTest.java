package io.waybill.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.Stage;
import io.waybill.domain.live.BreakerState;
import io.waybill.domain.live.DestinationStatus;
import io.waybill.domain.live.FileInFlight;
import io.waybill.domain.live.WorkerStatus;
import io.waybill.runtime.topic.TopicReader.Met;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is under way now, and what was lately. */
final class LiveRoutesTest {
    private static final Instant NOW = ApiUnderTest.NOW;
    private static final DestinationName ACME = new DestinationName("acme");

    private final ApiUnderTest api = new ApiUnderTest();

    @AfterEach
    void close() {
        api.close();
    }

    private static void says(
            ApiUnderTest api, BreakerState breaker, DestinationStatus.@Nullable Outage outage, FileInFlight... files) {
        var status = new WorkerStatus("worker-1", NOW, NOW, new DestinationStatus(
                ACME, breaker, outage, 1, 4, "A", NOW, "SHA256:x", 700, List.of(files), 3));
        api.workers.read(status.key(), status, Met.FRESH);
    }

    private static FileInFlight sending(FileId id, String route, int attempt) {
        return new FileInFlight(id, new RouteName(route), "a.csv", 1, attempt, "CONNECTED", NOW, 20, 42, 5);
    }

    private FileId started(String key) {
        FileId file = api.arrive("invoices", key);
        api.happened(new Started(file, NOW, Stage.DELIVERY, Attempt.FIRST, "worker-1"));
        return file;
    }

    @Test
    void shouldShowADestinationWithItsConfigurationItsFilesAndWhatAWorkerSays() throws Exception {
        FileId file = started("invoices/a");
        api.arrive("invoices", "invoices/b");
        api.givenUp();
        FileId waits = api.arrive("invoices", "invoices/c");
        api.happened(new Deferred(waits, NOW, Stage.DELIVERY, Attempt.FIRST, NOW.plusSeconds(60),
                new Failure(FailureKind.UNREACHABLE, "refused")));
        FileId doubtful = started("invoices/d");
        api.happened(new Failed(doubtful, NOW, Stage.DELIVERY, Attempt.FIRST,
                new Failure(FailureKind.IN_DOUBT, "who knows")));
        says(api, BreakerState.OPEN,
                new DestinationStatus.Outage(NOW.minusSeconds(60), "UNREACHABLE", "refused", NOW.plusSeconds(9)),
                sending(file, "invoices", 1));

        JsonNode acme = api.get("/v1/destinations/acme").body();

        assertThat(acme.path("host").asText()).isEqualTo("sftp.acme.example");
        assertThat(acme.path("routes").path(0).asText()).isEqualTo("invoices");
        assertThat(acme.path("files").toString()).isEqualTo(
                "{\"queued\":1,\"waiting\":1,\"started\":1,\"completed\":0,\"failed\":1,\"inDoubt\":1,\"timedOut\":0}");
        JsonNode worker = acme.path("workers").path(0);
        assertThat(worker.path("worker").asText()).isEqualTo("worker-1");
        assertThat(worker.path("breaker").asText()).isEqualTo("OPEN");
        assertThat(worker.path("downSince").asText()).isEqualTo("2025-12-31T23:59:00Z");
        assertThat(worker.path("hostKey").asText()).isEqualTo("SHA256:x");
        assertThat(worker.path("files").path(0).path("done").asInt()).isEqualTo(20);
        assertThat(worker.path("moreFiles").asInt()).isEqualTo(3);

        JsonNode all = api.get("/v1/destinations").body();
        assertThat(all.path("workers").asInt()).isEqualTo(1);
        assertThat(all.path("destinations").path(0)).isEqualTo(acme);
    }

    @Test
    void shouldSayThatADestinationIsPaused() throws Exception {
        assertThat(api.get("/v1/destinations/acme").body().path("halts")).isEmpty();
        api.post("/v1/destinations/acme/pause", "{\"by\":\"ann\",\"reason\":\"maintenance\"}");
        api.post("/v1/routes/invoices/pause", "{\"by\":\"ann\",\"reason\":\"more\"}");

        assertThat(api.get("/v1/destinations/acme").body().path("halts").findValuesAsText("text"))
                .containsExactlyInAnyOrder(
                        "destination acme is paused by ann, until somebody resumes it: maintenance",
                        "route invoices is paused by ann, until somebody resumes it: more");
    }

    @Test
    void shouldShowHowFarAFileIsInTheAttemptThatTheTableHas() throws Exception {
        FileId file = started("invoices/a");
        says(api, BreakerState.CLOSED, null, sending(file, "invoices", 1));

        JsonNode progress = api.get("/v1/files/" + file).body().path("progress");
        assertThat(progress.path("done").asInt()).isEqualTo(20);
        assertThat(progress.path("size").asInt()).isEqualTo(42);
        assertThat(progress.path("worker").asText()).isEqualTo("worker-1");
        assertThat(progress.path("step").asText()).isEqualTo("CONNECTED");
        assertThat(api.get("/v1/files").body().path("files").path(0).has("progress")).as("lists are short").isFalse();

        says(api, BreakerState.CLOSED, null, sending(file, "invoices", 2));
        assertThat(api.get("/v1/files/" + file).body().has("progress")).isFalse();

        says(api, BreakerState.CLOSED, null, sending(file, "invoices", 1));
        completed(file);
        assertThat(api.get("/v1/files/" + file).body().has("progress")).as("it has ended").isFalse();
    }

    private void completed(FileId file) {
        api.happened(new Completed(file, NOW, Stage.DELIVERY, Attempt.FIRST, new Receipt(
                new RemotePath("/incoming/a"), 42, "", Proof.SIZE, DestinationClass.ATOMIC_DURABLE, Duration.ZERO)));
    }

    @Test
    void shouldCountWhatArrivedAndEndedInEachMinute() throws Exception {
        completed(started("invoices/a"));
        api.givenUp();
        api.arrive("drop", "b");

        JsonNode flow = api.get("/v1/flow?minutes=3").body().path("minutes");

        assertThat(flow.findValuesAsText("at"))
                .containsExactly("2025-12-31T23:58:00Z", "2025-12-31T23:59:00Z", "2026-01-01T00:00:00Z");
        assertThat(flow.path(2).path("total").toString())
                .isEqualTo("{\"arrived\":3,\"completed\":1,\"failed\":1,\"bytes\":42}");
        assertThat(flow.path(2).path("byDestination").path("acme").path("arrived").asInt()).isEqualTo(2);
        assertThat(flow.path(1).path("byDestination")).isEmpty();
        assertThat(api.get("/v1/flow").body().path("minutes")).hasSize(60);
        assertThat(api.get("/v1/flow?minutes=180").body().path("minutes")).hasSize(180);
    }

    @Test
    void shouldCountTheLanesThatWantAWorker() throws Exception {
        assertThat(scaling()).isEqualTo("{\"open\":0,\"sending\":0,\"lanesWanted\":0,\"workers\":0}");

        FileId sent = started("invoices/a");
        FileId queued = api.arrive("invoices", "invoices/c");
        api.arrive("drop", "imported, not delivered");
        assertThat(lane(sent)).isNotEqualTo(lane(queued));
        assertThat(scaling()).isEqualTo("{\"open\":2,\"sending\":1,\"lanesWanted\":2,\"workers\":0}");

        api.happened(new Deferred(queued, NOW, Stage.DELIVERY, Attempt.FIRST, NOW.plusSeconds(60),
                new Failure(FailureKind.UNREACHABLE, "refused")));
        assertThat(scaling()).as("one is not due")
                .isEqualTo("{\"open\":2,\"sending\":1,\"lanesWanted\":1,\"workers\":0}");

        completed(sent);
        assertThat(scaling()).isEqualTo("{\"open\":1,\"sending\":0,\"lanesWanted\":0,\"workers\":0}");
    }

    private int lane(FileId file) throws Exception {
        return Objects.requireNonNull(api.find(file).orElseThrow().lane());
    }

    private String scaling() throws Exception {
        return api.get("/v1/scaling").body().toString();
    }

    @Test
    void shouldWantNoWorkerForWhatIsPaused() throws Exception {
        api.arrive("invoices", "invoices/a");
        api.post("/v1/routes/invoices/pause", "{\"by\":\"ann\",\"reason\":\"more\"}");
        assertThat(api.get("/v1/scaling").body().path("lanesWanted").asInt()).isZero();

        started("invoices/b");
        assertThat(api.get("/v1/scaling").body().path("lanesWanted").asInt())
                .as("it began before the pause").isEqualTo(1);
    }

    @Test
    void shouldWantNoWorkerForADestinationThatIsDownForAllWorkers() throws Exception {
        api.arrive("invoices", "invoices/a");
        says(api, BreakerState.OPEN,
                new DestinationStatus.Outage(NOW.minusSeconds(60), "UNREACHABLE", "refused", NOW.plusSeconds(9)));
        assertThat(scaling()).isEqualTo("{\"open\":1,\"sending\":0,\"lanesWanted\":0,\"workers\":1}");

        says(api, BreakerState.CLOSED, null);
        assertThat(scaling()).isEqualTo("{\"open\":1,\"sending\":0,\"lanesWanted\":1,\"workers\":1}");
    }

    @Test
    void shouldCountALaneOnceWhoseFilesAreAtSeveralInstances() throws Exception {
        try (var other = new ApiUnderTest()) {
            api.arrive("invoices", "invoices/a");
            other.arrive("invoices", "invoices/a");
            other.arrive("invoices", "invoices/c");
            api.knows(other);
            other.knows(api);

            assertThat(scaling()).isEqualTo("{\"open\":3,\"sending\":0,\"lanesWanted\":2,\"workers\":0}");
            assertThat(other.get("/v1/scaling").body()).isEqualTo(api.get("/v1/scaling").body());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "/v1/scaling?lane=1 | unknown parameter lane; there are none here",
            "/v1/flow?minutes=0 | minutes: expected a number from 1 to 180, was '0'",
            "/v1/flow?minutes=181 | minutes: expected a number from 1 to 180, was '181'",
            "/v1/flow?minutes=all | minutes: expected a number from 1 to 180, was 'all'",
            "/v1/flow?hours=1 | unknown parameter hours; known are minutes",
            "/v1/destinations?route=invoices | unknown parameter route; there are none here",
            "/v1/destinations/acme?x=1 | unknown parameter x; there are none here",
    })
    void shouldRefuseWhatMakesNoSense(String address, String error) throws Exception {
        ApiCaller.Answer answer = api.get(address);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo(error);
    }

    @Test
    void shouldKnowNoDestinationThatIsNotConfigured() throws Exception {
        assertThat(api.get("/v1/destinations/acne").status()).isEqualTo(404);
    }

    @Test
    void shouldAnswerTheSameAtEveryInstance() throws Exception {
        try (var other = new ApiUnderTest()) {
            FileId there = other.arrive("invoices", "invoices/there");
            other.happened(new Started(there, NOW, Stage.DELIVERY, Attempt.FIRST, "worker-1"));
            FileId here = started("invoices/here");
            for (ApiUnderTest one : List.of(api, other)) {
                says(one, BreakerState.CLOSED, null, sending(there, "invoices", 1), sending(here, "invoices", 1));
            }
            api.knows(other);
            other.knows(api);

            for (String address : List.of("/v1/destinations", "/v1/destinations/acme", "/v1/flow",
                    "/v1/files/" + there)) {
                assertThat(api.get(address).body()).as(address).isEqualTo(other.get(address).body());
            }
            assertThat(api.get("/v1/destinations/acme").body().path("files").path("started").asInt()).isEqualTo(2);
            assertThat(api.get("/v1/flow?minutes=1").body().path("minutes").path(0).path("total").path("arrived")
                    .asInt()).isEqualTo(2);
            assertThat(api.get("/v1/files/" + there).body().path("progress").path("done").asInt()).isEqualTo(20);
        }
    }

    @Test
    void shouldShowANarrowedCallerOnlyItsOwn() throws Exception {
        try (var guarded = new ApiUnderTest(People.TOKENS)) {
            FileId file = guarded.arrive("invoices", "invoices/a");
            guarded.arrive("drop", "a");
            says(guarded, BreakerState.CLOSED, null, sending(file, "invoices", 1), sending(file, "other", 1));

            guarded.as(People.token(People.OF_DROP));
            assertThat(guarded.get("/v1/destinations").body().path("destinations")).isEmpty();
            assertThat(guarded.get("/v1/destinations/acme").status()).isEqualTo(404);
            JsonNode last = guarded.get("/v1/flow?minutes=1").body().path("minutes").path(0);
            assertThat(last.path("total").path("arrived").asInt()).isEqualTo(1);
            assertThat(last.path("byDestination")).isEmpty();

            assertThat(guarded.get("/v1/scaling").body().path("open").asInt()).isZero();

            guarded.as(People.token(People.OF_ACME));
            assertThat(guarded.get("/v1/scaling").body().path("open").asInt()).isEqualTo(1);
            assertThat(guarded.get("/v1/destinations").body().path("destinations").findValuesAsText("name"))
                    .contains("acme");
            assertThat(guarded.get("/v1/flow?minutes=1").body().path("minutes").path(0).path("total").path("arrived")
                    .asInt()).isEqualTo(1);
        }
    }
}
