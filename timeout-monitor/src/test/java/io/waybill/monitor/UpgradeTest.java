package io.waybill.monitor;

import static io.waybill.monitor.MonitorUnderTest.FAR;
import static io.waybill.monitor.MonitorUnderTest.START;
import static io.waybill.monitor.MonitorUnderTest.file;
import static io.waybill.monitor.MonitorUnderTest.id;
import static io.waybill.monitor.MonitorUnderTest.queued;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.AttemptFailure;
import io.waybill.domain.AttemptFailures;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A monitor that finds the stores of the version before, and states that a state-processor of that version wrote. */
final class UpgradeTest {
    private static final Attempt SECOND = new Attempt(1, 2);
    private static final Instant LATER = START.plusSeconds(10_000);

    private MonitorUnderTest monitor;

    @BeforeEach
    void open(@TempDir Path directory) {
        monitor = new MonitorUnderTest(directory);
    }

    @AfterEach
    void close() {
        monitor.close();
    }

    private void left(byte[] tracked) {
        monitor.tracked().put(id(1), TrackedFile.serde().deserializer().deserialize("store", tracked));
    }

    /** A file that failed for good, as a state-processor of the version before tells it: without a list. */
    private static FileState failed(long version) {
        var forbidden = new Failure(FailureKind.FORBIDDEN, "may not write /incoming");
        return file(1, version, new Phase.Failed(Stage.DELIVERY, SECOND, forbidden));
    }

    private static AttemptFailure ofItself(FileState file) {
        return Objects.requireNonNull(AttemptFailure.of(file));
    }

    private static AttemptFailure deferral(Instant at) {
        var reason = new Failure(FailureKind.UNREACHABLE, "no route to host");
        return new AttemptFailure(
                AttemptFailure.Kind.DEFERRED, at, at, Stage.DELIVERY, SECOND, reason, at.plusSeconds(60), 1);
    }

    private List<AttemptFailure> historyOfTheLetter() {
        List<DeadLetter> letters = monitor.deadLetters();
        assertThat(letters).hasSize(1);
        return ((DeadLetter.GivenUp) letters.getFirst()).file().failures().all();
    }

    @Test
    void shouldWriteNoSecondLetterOfAFileWhoseLetterTheVersionBeforeWrote() {
        left(FormerMonitor.GIVEN_UP);
        monitor.setbacks().put(id(1), FormerMonitor.HISTORY);

        monitor.told(failed(7), failed(7).with(new AttemptFailures(List.of(ofItself(failed(7))), 0)));
        assertThat(monitor.deadLetters()).isEmpty();

        // Redriven and given up once more, it has another.
        monitor.told(file(1, 8, queued(FAR)), failed(9), failed(9), failed(7));
        assertThat(monitor.deadLetters()).hasSize(1);
    }

    @Test
    void shouldWriteJustOneLetterOfAFileThatWasGivenUpBeforeAndHadNone() {
        left(FormerMonitor.WAITING);
        monitor.setbacks().put(id(1), FormerMonitor.HISTORY);

        monitor.told(failed(5), failed(5));

        assertThat(historyOfTheLetter())
                .startsWith(FormerMonitor.NOTED.toArray(AttemptFailure[]::new))
                .endsWith(ofItself(failed(5)))
                .hasSize(4);
        monitor.told(failed(5));
        assertThat(monitor.deadLetters()).isEmpty();
    }

    @Test
    void shouldWriteALetterOfAStateThatTellsNothingButItself() {
        FileState timedOut =
                file(1, 2, new Phase.TimedOut(Stage.DELIVERY, Attempt.FIRST, DeadlineKind.UNFINISHED));

        monitor.told(timedOut);

        assertThat(historyOfTheLetter()).containsExactly(ofItself(timedOut));
    }

    @Test
    void shouldTellWhatWasNotedBeforeTheStatesToldItThemselves() {
        monitor.setbacks().put(id(1), FormerMonitor.HISTORY);
        var told = new AttemptFailures(List.of(deferral(LATER), ofItself(failed(9))), 0);

        monitor.told(failed(9).with(told));

        assertThat(historyOfTheLetter())
                .startsWith(FormerMonitor.NOTED.toArray(AttemptFailure[]::new))
                .endsWith(told.all().toArray(AttemptFailure[]::new))
                .hasSize(5);
    }

    @Test
    void shouldTellOnceWhatBothWereThereToNote() {
        monitor.setbacks().put(id(1), FormerMonitor.HISTORY);
        // From the last of the forty deferrals on, the states told it, and the version before still noted it.
        var told = new AttemptFailures(List.of(deferral(START.plusSeconds(3_600)), FormerMonitor.NOTED.getLast()), 0);

        monitor.told(file(1, 9, new Phase.TimedOut(Stage.DELIVERY, SECOND, DeadlineKind.UNCLAIMED)).with(told));

        assertThat(historyOfTheLetter())
                .containsExactly(FormerMonitor.NOTED.getFirst(), told.all().getFirst(), told.all().getLast());
    }

    @Test
    void shouldCountOnWhereTheSameWentOnOverTheUpgrade() {
        monitor.setbacks().put(id(1), formerDeferrals());
        var told = new AttemptFailures(List.of(deferral(LATER), ofItself(failed(9))), 0);

        monitor.told(failed(9).with(told));

        assertThat(historyOfTheLetter()).extracting(AttemptFailure::count).containsExactly(1, 41, 1);
    }

    /** What was noted, without the time-out. */
    private static byte[] formerDeferrals() {
        byte[] bytes = FormerMonitor.HISTORY.clone();
        bytes[1] = 2;
        return bytes;
    }

    @Test
    void shouldAddNothingToWhatWasNotedAndRemoveItWithTheFile() {
        var reason = new Failure(FailureKind.STALLED, "no byte");
        FileState waiting =
                file(1, 5, new Phase.Waiting(
                        Stage.DELIVERY, new Attempt(1, 3), FAR, LATER, Phase.Waiting.Cause.FAILURE, reason));
        monitor.setbacks().put(id(1), FormerMonitor.HISTORY);
        monitor.setbacks().put(id(2), FormerMonitor.HISTORY);

        monitor.told(waiting, failed(6));
        assertThat(monitor.setbacks().get(id(1))).isEqualTo(FormerMonitor.HISTORY);

        monitor.told(file(1, 7, new Phase.Completed(Stage.DELIVERY, SECOND, true)));
        monitor.told(id(2), null);
        try (var left = monitor.setbacks().all()) {
            assertThat(left.hasNext()).isFalse();
        }
    }

    @Test
    void shouldRemoveWhatWasNotedOfAFileThatIsForgotten() {
        monitor.setbacks().put(id(1), FormerMonitor.HISTORY);
        FileState failed = failed(6);
        monitor.told(failed);

        var nothing = new SourceObject("-", "-", null, "-", 0, Instant.EPOCH);
        monitor.told(new FileState(
                failed.id(), failed.route(), nothing, null, null, failed.phase(), null, 7, START, START));

        assertThat(monitor.setbacks().get(id(1))).isNull();
    }

    @Test
    void shouldFireTheDeadlinesThatTheVersionBeforeScheduled() {
        left(FormerMonitor.WAITING);
        var scheduled = Objects.requireNonNull(monitor.tracked().get(id(1)).deadline());
        monitor.deadlines().put(scheduled.key(id(1)), new byte[0]);

        monitor.passes(Duration.ofSeconds(60));

        assertThat(monitor.said())
                .containsExactly(
                        new DeadlineReached(id(1), START.plusSeconds(60), DeadlineKind.RETRY_DUE, 4));
    }
}
