package io.waybill.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.AttemptFailureAnswer;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FileAnswer.HaltAnswer;
import io.waybill.runtime.api.FileHistory;
import io.waybill.runtime.api.MoveAnswer;
import io.waybill.runtime.api.PhaseAnswer;
import io.waybill.runtime.api.SourceAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class FileDetailsTest {
    private static final Instant NOW = Instant.parse("2026-01-14T12:00:00Z");

    private static List<MoveAnswer> history(String moves) throws JsonProcessingException {
        return ApiJson.read("{\"id\":\"a\",\"history\":" + moves + "}", FileHistory.class)
                .history();
    }

    @Test
    void shouldPutTheStepsOfAnAttemptWhereTheyHappened() throws Exception {
        var history = history(
                """
                [{"at": "2026-01-01T00:00:00Z", "event": "Arrived", "status": "PENDING", "detail": "b/a"},
                 {"at": "2026-01-01T00:00:02Z", "event": "Started", "status": "STARTED", "detail": "DELIVERY by w"},
                 {"at": "2026-01-01T00:00:05.100Z", "event": "Completed", "status": "COMPLETED", "detail": "as /a",
                  "steps": [{"step": "RECEIVED", "at": "2026-01-01T00:00:01Z"},
                            {"step": "CONNECTED", "at": "2026-01-01T00:00:03Z"},
                            {"step": "LATER_ADDED", "at": "2026-01-01T00:00:05Z"}]}]
                """);

        assertThat(FileDetails.moves(history).lines().stream().skip(1).map(line -> line.split(" +", 4)[1]))
                .containsExactly("Arrived", "received", "Started", "connected", "later_added", "Completed");
    }

    @Test
    void shouldSayWhatKeptAFileFromItsEnd() {
        var refused = new AttemptFailureAnswer("FAILED", "DELIVERY", 1, 3, "2026-01-01T00:00:00Z",
                "2026-01-01T00:05:00Z", 4, "FORBIDDEN", "open refused", null);
        var late = new AttemptFailureAnswer("UNCLAIMED", "DELIVERY", 1, 3, "2026-01-01T01:00:00Z",
                "2026-01-01T01:00:00Z", 1, null, null, null);

        assertThat(FileDetails.failures(List.of(refused, late)).lines())
                .containsExactly(
                        "FROM                  UNTIL                 TIMES  ATTEMPT         FAILURE    DETAIL",
                        "2026-01-01T00:00:00Z  2026-01-01T00:05:00Z      4  3 of sending 1  FORBIDDEN  open refused",
                        "2026-01-01T01:00:00Z  2026-01-01T01:00:00Z      1  3 of sending 1  UNCLAIMED");
    }

    @Test
    void shouldSayThatACancellationCameTooLate() throws Exception {
        var history = history(
                """
                [{"at": "2026-01-01T00:00:00Z", "event": "CancelRequested", "status": "FAILED", "detail": "by ann: oops"},
                 {"at": "2026-01-01T00:00:01Z", "event": "Completed", "status": "COMPLETED",
                  "detail": "DELIVERY as /a; the cancellation came too late: the file had been delivered"}]
                """);

        assertThat(FileDetails.late(history)).isEqualTo("the cancellation came too late: the file had been delivered");
        assertThat(FileDetails.late(List.of())).isEmpty();
    }

    @Test
    void shouldTellAStepBeforeTheEndItLedToWhateverTheClocksSay() throws Exception {
        var history = history(
                """
                [{"at": "2026-01-01T00:00:00Z", "event": "Started", "status": "STARTED", "detail": ""},
                 {"at": "2026-01-01T00:00:01Z", "event": "Failed", "status": "PENDING", "detail": "no",
                  "steps": [{"step": "CONNECTED", "at": "2026-01-01T00:00:09Z"}]}]
                """);

        assertThat(FileDetails.moves(history).lines().stream().skip(1).map(line -> line.split(" +", 4)[1]))
                .containsExactly("Started", "connected", "Failed");
    }

    private static FileAnswer waiting(@Nullable HaltAnswer halt) {
        return new FileAnswer(
                "a", "invoices", "PENDING", "DELIVERY", 1, 1, 1,
                new SourceAnswer("b", "k", null, "e", 1, NOW.toString(), null, null, null, null),
                "acme", "/k", 0, NOW.toString(), NOW.toString(),
                PhaseAnswer.queued(NOW.plus(Duration.ofHours(50)).toString()), null, null, null, halt, null, null,
                null);
    }

    @Test
    void shouldSayHowLongAFileIsKeptFromItsStartAndHowLongItMayWait() {
        var paused = new HaltAnswer("PAUSED", "paused", NOW.toString(), NOW.plusSeconds(4 * 3600).toString());

        assertThat(FileDetails.left(waiting(paused), NOW))
                .isEqualTo("may start in 4h 0m, TIMED_OUT in 2d 2h if nobody takes it up");
        assertThat(FileDetails.left(waiting(null), NOW)).isEqualTo("TIMED_OUT in 2d 2h if nobody takes it up");
        assertThat(FileDetails.left(waiting(null), NOW.plus(Duration.ofDays(9)))).isEmpty();
        assertThat(FileDetails.left(waiting(new HaltAnswer("PAUSED", "paused", NOW.toString(), null)), NOW))
                .contains("does not count against it");
    }
}
