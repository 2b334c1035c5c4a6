package io.waybill.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiJsonTest {
    private static final String ID = "mfrggzdfmztwq2lkmnxw4zlt2y";
    private static final String AT = "2026-01-01T00:00:00Z";
    private static final SourceAnswer SOURCE =
            new SourceAnswer("outbound", "a", "v1", "e1", 42, AT, "sftp", "acme", "42,1,/out/a", null);

    static Stream<FileAnswer> files() {
        var receipt = new ReceiptAnswer("/a", 42, null, "NONE", "D", 7);
        return Stream.of(
                file(PhaseAnswer.queued(AT), null),
                file(PhaseAnswer.waiting("STALLED", "no byte", "FAILURE", AT, AT), null),
                file(PhaseAnswer.started("w", null, AT, null), null),
                file(PhaseAnswer.started("w", "7f3a", AT, AT), null),
                file(PhaseAnswer.completed(true), receipt),
                file(PhaseAnswer.failed("FORBIDDEN", "may not"), null),
                file(PhaseAnswer.timedOut("UNCLAIMED"), null));
    }

    private static FileAnswer file(PhaseAnswer phase, ReceiptAnswer receipt) {
        return new FileAnswer(
                ID, "invoices", "PENDING", "DELIVERY", 1, 2, 3, SOURCE, "acme", "/a", 0, AT, AT, phase, receipt, null,
                null, null, null, null, null);
    }

    @Test
    void shouldReadWhatKeptAFileFromItsEnd() throws Exception {
        FileAnswer bare = file(PhaseAnswer.timedOut("UNCLAIMED"), null);
        var failures = List.of(
                new AttemptFailureAnswer("DEFERRED", "DELIVERY", 1, 2, AT, AT, 40, "UNREACHABLE", "down", AT),
                new AttemptFailureAnswer("UNCLAIMED", "DELIVERY", 1, 2, AT, AT, 1, null, null, null));
        var file = new FileAnswer(
                ID, "invoices", "TIMED_OUT", "DELIVERY", 1, 2, 3, SOURCE, "acme", "/a", 0, AT, AT, bare.phase(), null,
                failures, 7, new FileAnswer.HaltAnswer("PAUSED", "by ann", AT, AT), true, true,
                new FileAnswer.ProgressAnswer("worker-1", AT, "CONNECTED", AT, 1, 2, 3));

        String json = ApiJson.write(file);

        assertThat(ApiJson.read(json, FileAnswer.class)).isEqualTo(file);
        assertThat(json).contains("\"failuresDropped\":7").doesNotContain("null");
        assertThat(ApiJson.write(bare)).doesNotContain("failures");
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldReadTheFileThatItWrote(FileAnswer file) throws Exception {
        String json = ApiJson.write(file);

        assertThat(ApiJson.read(json, FileAnswer.class)).isEqualTo(file);
        assertThat(json).doesNotContain("null", "source", "phase");
    }

    static Stream<Object> bodies() {
        var step = new MoveAnswer.StepAnswer("SENT", AT);
        var filter = new FilterRequest("FAILED", null, "acme", null, AT, null);
        return Stream.of(
                new FilePage(List.of(file(PhaseAnswer.queued(AT), null)), ID),
                new FilePage(List.of(), null),
                new FilePage(List.of(), null, 12L),
                new FileHistory(ID, List.of(
                        new MoveAnswer(AT, "Arrived", "PENDING", 1, 1, 1, "", List.of()),
                        new MoveAnswer(AT, "Completed", "COMPLETED", 1, 1, 2, "x", List.of(step)))),
                new SummaryAnswer(1, Map.of("PENDING", 1L), Map.of("a", Map.of("PENDING", 1L)), Map.of()),
                new AcceptedAnswer(ID, "CancelRequested", AT),
                new BulkAnswer(true, 2, 1, 1, List.of(ID), List.of(new BulkAnswer.Refusal(ID, "no")), null, 3, null),
                new ErrorAnswer("no", "FAILED", "importer-1"),
                new OperatorRequest("ann", "x", 1, true, true, true),
                new ResolveRequest("resend", "ann", "x", null),
                new BulkRequest(filter, "ann", "x", true, 7, 8, true, ID, ID, true));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void shouldReadTheBodyThatItWrote(Object body) throws Exception {
        assertThat(ApiJson.read(ApiJson.write(body), body.getClass())).isEqualTo(body);
    }

    static Stream<ImportReport> reports() {
        return Stream.of(
                new ImportReport.Claim("i", "7f3a", null, null),
                new ImportReport.Heartbeat("i", 1, 1),
                new ImportReport.Completed("i", 1, 1),
                new ImportReport.Failed("i", 1, 1, "IMPORT_REJECTED", "bad"));
    }

    @ParameterizedTest
    @MethodSource("reports")
    void shouldTellReportsApartByTheirAction(ImportReport report) throws Exception {
        String json = ApiJson.write(report);

        assertThat(json).startsWith("{\"action\":\"" + report.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        assertThat(ApiJson.read(json, ImportReport.class)).isEqualTo(report);
    }

    @Test
    void shouldLeaveOutOfARequestWhatIsNotAsked() {
        assertThat(ApiJson.write(new OperatorRequest("ann", "x", null, false, false)))
                .isEqualTo("{\"by\":\"ann\",\"reason\":\"x\"}");
        assertThat(ApiJson.write(new BulkRequest(
                new FilterRequest(null, "a", null, null, null, null), "ann", "x", false, null, null, false, null)))
                .isEqualTo("{\"filter\":{\"route\":\"a\"},\"by\":\"ann\",\"reason\":\"x\"}");
    }

    @Test
    void shouldIgnoreWhatALaterVersionAdds() throws Exception {
        String json = ApiJson.write(file(PhaseAnswer.queued(AT), null)).replaceFirst("\\{", "{\"tags\":{\"a\":[1]},");

        assertThat(ApiJson.read(json, FileAnswer.class)).isEqualTo(file(PhaseAnswer.queued(AT), null));
        assertThat(ApiJson.read("{\"error\":\"no\",\"hint\":1,\"status\":\"PARKED\"}", ErrorAnswer.class))
                .isEqualTo(new ErrorAnswer("no", "PARKED", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "{\"id\":\"a\"}", "<html>"})
    void shouldNotTakeAnythingForAFile(String text) {
        assertThatExceptionOfType(JsonProcessingException.class)
                .isThrownBy(() -> ApiJson.read(text, FileAnswer.class));
    }
}
