package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Effect.Dispatch;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.domain.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lanes; what else the rules decide is the domain's. */
final class RulesTest {
    @TempDir
    private Path directory;

    @Test
    void shouldKeepAFileOnItsLaneWhateverTheNumberOfLanesBecomes() {
        Rules four = rules(4, "/incoming/{name}");
        Rules one = rules(1, "/incoming/{name}");

        IntStream.range(0, 20).forEach(number -> {
            FileState file = applied(four, null, arrived("invoices", "invoices/" + number));
            FileState givenUp = applied(one, file, failed(file));
            FileState again = applied(one, givenUp, redrive(givenUp));
            assertThat(again.lane()).isNotNull().isEqualTo(file.lane());
        });
    }

    @Test
    void shouldPutFilesOnOneLaneWhoseNamesTheServerTakesForOne() {
        Rules folding = new Rules(PipelineUnderTest.config(
                directory,
                PipelineUnderTest.CONFIGURATION.replace("maxConnections: 4",
                        "maxConnections: 64\n    foldNames: case")));

        IntStream.range(0, 20).forEach(number -> {
            FileState lower = applied(folding, null, arrived("invoices", "invoices/a" + number + ".csv"));
            FileState upper = applied(folding, null, arrived("invoices", "invoices/A" + number + ".CSV"));
            assertThat(lower.lane()).isNotNull().isEqualTo(upper.lane());
        });
    }

    @Test
    void shouldChooseTheLaneOfANewPathAnew() {
        Rules first = rules(64, "/incoming/{name}");
        Rules second = rules(1, "/archive/{name}");
        FileState file = applied(first, null, arrived("invoices", "invoices/a"));
        FileState givenUp = applied(second, file, failed(file));
        FileState again = applied(second, givenUp, redrive(givenUp));
        assertThat(again.lane()).isZero();
    }

    @Test
    void shouldPutAFileOfAnOlderVersionOnALaneWithItsNextWork() {
        Rules rules = rules(4, "/incoming/{name}");
        FileState file = applied(rules, null, arrived("invoices", "invoices/a"));
        FileState older = new FileState(
                file.id(), file.route(), file.source(), file.target(), null, file.phase(), null, 1, START, START);
        FileState givenUp = applied(rules, older, failed(older));
        assertThat(givenUp.lane()).isNull();
        assertThat(applied(rules, givenUp, redrive(givenUp)).lane()).isEqualTo(file.lane());
    }

    @Test
    void shouldPutAFileWithoutWorkOnNoLane() {
        assertThat(applied(rules(4, "/incoming/{name}"), null, arrived("drop", "a")).lane())
                .isNull();
    }

    @Test
    void shouldCountTheTimeOutsOfAnOpenFileByTheConfigurationOfToday() {
        Rules rules = rules(4, "/incoming/{name}");
        FileState file = applied(rules, null, arrived("invoices", "invoices/a"));
        FileState earlier = file.under(new Timeouts(Duration.ofHours(1), Duration.ofHours(1)));

        assertThat(earlier).isNotEqualTo(file);
        assertThat(rules.withCurrentTimeouts(earlier)).isEqualTo(file);
    }

    @Test
    void shouldKeepTheTimeOutsOfAFileWhoseRouteIsGone() {
        FileState file = applied(rules(4, "/incoming/{name}"), null, arrived("invoices", "invoices/a"))
                .under(new Timeouts(Duration.ofHours(1), Duration.ofHours(1)));
        var without = new Rules(PipelineUnderTest.config(
                directory, PipelineUnderTest.CONFIGURATION.replace("  invoices:", "  receipts:")));

        assertThat(without.withCurrentTimeouts(file)).isEqualTo(file);
    }

    @Test
    void shouldKeepTheConflictPolicyOfAFileWhoseRouteIsGone() {
        FileState file = applied(rules(4, "/incoming/{name}"), null, arrived("invoices", "invoices/a"));
        var without = new Rules(PipelineUnderTest.config(
                directory, PipelineUnderTest.CONFIGURATION.replace("  invoices:", "  receipts:")));

        FileState givenUp = applied(without, file, failed(file));
        var moved = (Moved) without.decide(givenUp, redrive(givenUp), START);

        assertThat(moved.effects())
                .filteredOn(Dispatch.class::isInstance)
                .extracting(effect -> ((Dispatch) effect).work().onConflict())
                .containsExactly(ConflictPolicy.REPLACE);
    }

    @Test
    void shouldBringAFileToItsEndWhoseRouteIsGoneAlsoIfItsNameHasBraces() {
        FileState file = applied(rules(4, "/incoming/{name}"), null, arrived("invoices", "invoices/{a}"));
        var without = new Rules(PipelineUnderTest.config(
                directory, PipelineUnderTest.CONFIGURATION.replace("  invoices:", "  receipts:")));

        FileState completed = applied(without, file, new FileEvent.Completed(
                file.id(), START, Stage.DELIVERY, Attempt.FIRST, PipelineUnderTest.receipt("/incoming/{a}")));
        FileState again = applied(without, applied(without, file, failed(file)), redrive(file));

        assertThat(completed.status()).isEqualTo(Status.COMPLETED);
        assertThat(again.status()).isEqualTo(Status.PENDING);
        assertThat(again.target()).isEqualTo(file.target());
    }

    private Rules rules(int lanes, String path) {
        return new Rules(PipelineUnderTest.config(
                directory,
                PipelineUnderTest.CONFIGURATION
                        .replace("maxConnections: 4", "maxConnections: " + lanes)
                        .replace("/incoming/{name}", path)));
    }

    private static FileState applied(Rules rules, @Nullable FileState file, FileEvent event) {
        return ((Moved) rules.decide(file, event, START)).state();
    }

    private static FileEvent failed(FileState file) {
        var failure = new Failure(FailureKind.FORBIDDEN, "may not write");
        return new FileEvent.Failed(file.id(), START, Stage.DELIVERY, Attempt.FIRST, failure);
    }

    private static FileEvent redrive(FileState file) {
        return new FileEvent.RedriveRequested(file.id(), START, 1, "ann", "again");
    }
}
