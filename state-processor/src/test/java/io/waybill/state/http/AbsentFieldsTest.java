package io.waybill.state.http;

import static io.waybill.state.http.ApiUnderTest.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.Stage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which fields of answers are there, in which order, and which are null. Only a cursor is ever null. */
final class AbsentFieldsTest {
    private static final String OBJECT = "bucket key etag size lastModified";
    private static final String DELIVERED = "destination path lane";

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
    void shouldTellOfAFileWhatItsStatusAndRouteHave() throws Exception {
        FileId queued = api.arrive("invoices", "invoices/a");
        FileId waiting = api.arrive("invoices", "invoices/b");
        api.happened(failed(waiting, FailureKind.UNREACHABLE));
        FileId sent = api.arrive("invoices", "invoices/c");
        api.happened(new Started(sent, NOW, Stage.DELIVERY, Attempt.FIRST, "worker-1"));
        FileId failed = api.givenUp();
        FileId claimed = api.arrive("pulse", "pulse/a");
        api.happened(new Started(claimed, NOW, Stage.IMPORT, Attempt.FIRST, "importer-1", "7f3a"));
        FileId unclaimed = api.arrive("drop", "a");
        api.happened(new DeadlineReached(unclaimed, NOW.plusSeconds(1_000_000), DeadlineKind.UNCLAIMED, 1));

        assertThat(fields(queued)).isEqualTo(file(DELIVERED, "claimBy"));
        assertThat(fields(waiting)).isEqualTo(file(DELIVERED, "failure detail waitsAfter due claimBy failures"));
        assertThat(fields(sent)).isEqualTo(file(DELIVERED, "by finishBy"));
        assertThat(fields(failed)).isEqualTo(file(DELIVERED, "failure detail failures"));
        assertThat(fields(claimed)).isEqualTo(file("", "by claimId finishBy heartbeatBy"));
        assertThat(fields(unclaimed)).isEqualTo(file("", "deadline failures"));
    }

    private static Failed failed(FileId id, FailureKind kind) {
        return new Failed(id, NOW, Stage.DELIVERY, Attempt.FIRST, new Failure(kind, "no answer"));
    }

    private static List<String> file(String target, String phase) {
        return List.of(("id route status stage sending attempt version " + OBJECT + " " + target
                + " arrivedAt changedAt " + phase).split(" +"));
    }

    private List<String> fields(FileId id) throws IOException, InterruptedException {
        return api.get("/v1/files/" + id).body().propertyStream()
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void shouldHaveANullCursorAtTheEnd() throws Exception {
        assertThat(api.get("/v1/files").text()).isEqualTo("{\"files\":[],\"cursor\":null,\"total\":0}");
        assertThat(api.post(
                "/v1/cancel", "{\"filter\":{\"route\":\"drop\"},\"by\":\"ann\",\"reason\":\"x\"}")
                .text())
                .isEqualTo("{\"dryRun\":false,\"matched\":0,\"accepted\":0,\"refused\":0,\"ids\":[],\"refusals\":[],"
                        + "\"cursor\":null,\"leftOut\":0}");
    }

    @Test
    void shouldCountEveryStatusOfAllAndOnlyWhatThereIsOfARoute() throws Exception {
        api.arrive("drop", "a");

        assertThat(api.get("/v1/summary").text())
                .isEqualTo("{\"files\":1,\"byStatus\":{\"PENDING\":1,\"STARTED\":0,\"COMPLETED\":0,\"FAILED\":0,"
                        + "\"TIMED_OUT\":0},\"byRoute\":{\"drop\":{\"PENDING\":1}},\"byDestination\":{}}");
    }

    @Test
    void shouldTellNoStepsWhereThereAreNone() throws Exception {
        FileId id = api.arrive("drop", "a");

        assertThat(api.get("/v1/files/" + id + "/history").text())
                .isEqualTo("{\"id\":\"" + id + "\",\"history\":[{\"at\":\"2026-01-01T00:00:00Z\",\"event\":\"Arrived\","
                        + "\"status\":\"PENDING\",\"sending\":1,\"attempt\":1,\"version\":1,\"detail\":\"for a test\"}]}");
    }

    @Test
    void shouldTellWithAnErrorOnlyWhatSpeaksAgainstIt() throws Exception {
        String path = "/v1/files/" + api.arrive("drop", "a");
        api.post(path + "/import", "{\"action\":\"claim\",\"by\":\"importer-1\"}");

        assertThat(api.get("/v1/files/first").text()).matches("\\{\"error\":\"[^\"]+\"}");
        assertThat(api.post(path + "/redrive", "{\"by\":\"ann\",\"reason\":\"x\"}").text())
                .matches("\\{\"error\":\"[^\"]+\",\"status\":\"STARTED\"}");
        assertThat(api.post(path + "/import", "{\"action\":\"claim\",\"by\":\"importer-2\"}").text())
                .isEqualTo("{\"error\":\"the file is claimed by 'importer-1'\",\"status\":\"STARTED\","
                        + "\"by\":\"importer-1\"}");
    }

    @Test
    void shouldTakeANullForAFieldThatIsLeftOut() throws Exception {
        String path = "/v1/files/" + api.givenUp() + "/redrive";

        ApiCaller.Answer answer = api.post(
                path, "{\"by\":\"ann\",\"reason\":\"x\",\"sending\":null,\"force\":null,\"dryRun\":null}");

        assertThat(answer.text())
                .matches(
                        "\\{\"id\":\"[a-z2-7]{26}\",\"accepted\":\"RedriveRequested\",\"at\":\"2026-01-01T00:00:00Z\"}");
    }

    @Test
    void shouldIgnoreWhatBelongsToAnotherReport() throws Exception {
        String path = "/v1/files/" + api.arrive("drop", "a") + "/import";

        assertThat(api.post(path, "{\"action\":\"claim\",\"by\":\"importer-1\",\"kind\":7,\"detail\":[]}").status())
                .isEqualTo(200);
        assertThat(api.post(path, "{\"action\":\"completed\",\"by\":\"importer-1\",\"claimId\":\"\"}").status())
                .isEqualTo(202);
    }
}
