package io.waybill.monitor;

import static io.waybill.monitor.MonitorUnderTest.FAR;
import static io.waybill.monitor.MonitorUnderTest.START;
import static io.waybill.monitor.MonitorUnderTest.failures;
import static io.waybill.monitor.MonitorUnderTest.file;
import static io.waybill.monitor.MonitorUnderTest.id;
import static io.waybill.monitor.MonitorUnderTest.queued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.waybill.domain.Attempt;
import io.waybill.domain.AttemptFailure;
import io.waybill.domain.AttemptFailures;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Decision;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Stage;
import io.waybill.domain.Timeouts;
import io.waybill.domain.Unplaced;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.DueKey;
import io.waybill.runtime.streams.PoisonHandler;
import io.waybill.testkit.CaughtWarnings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class MonitorTopologyTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(PoisonHandler.class);

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Failure FORBIDDEN = new Failure(FailureKind.FORBIDDEN, "may not write /incoming");

    private MonitorUnderTest monitor;
    private Path directory;

    @BeforeEach
    void open(@TempDir Path directory) {
        this.directory = directory;
        monitor = new MonitorUnderTest(directory);
    }

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void shouldSayThatNobodyTookTheFileUp() {
        monitor.told(file(1, 1, queued(START.plusSeconds(60))));

        monitor.passes(Duration.ofSeconds(59));
        assertThat(monitor.said()).isEmpty();
        monitor.passes(SECOND);

        assertThat(monitor.said())
                .containsExactly(
                        new DeadlineReached(id(1), START.plusSeconds(60), DeadlineKind.UNCLAIMED, 1));
    }

    /** A task rests while nothing can be due. */
    @Test
    void shouldSayAfterALongRestWhatIsDueSoon() {
        for (int i = 0; i < 63; i++) {
            monitor.passes(SECOND);
        }
        monitor.told(file(1, 1, queued(START.plusSeconds(65))));

        monitor.passes(SECOND);
        assertThat(monitor.said()).isEmpty();
        monitor.passes(SECOND);

        assertThat(monitor.said()).hasSize(1);
    }

    @Test
    void shouldSayThatAnAttemptDidNotFinish() {
        monitor.told(file(1, 2, new Phase.Started(Stage.DELIVERY, Attempt.FIRST, FAR, START.plusSeconds(5), "w")));

        monitor.passes(Duration.ofSeconds(5));

        assertThat(monitor.said())
                .extracting(DeadlineReached::kind, DeadlineReached::stateVersion)
                .containsExactly(tuple(DeadlineKind.UNFINISHED, 2L));
    }

    @Test
    void shouldSayThatARetryIsDue() {
        monitor.told(waiting(1, 3, 5));

        monitor.passes(Duration.ofSeconds(5));

        assertThat(monitor.said()).extracting(DeadlineReached::kind).containsExactly(DeadlineKind.RETRY_DUE);
    }

    /** A file that was released. The guessed time must not hand it out a second time. */
    @Test
    void shouldSayNoRetryAfterTheFileWasHandedOutBefore() {
        monitor.told(waiting(1, 3, 60));
        monitor.passes(Duration.ofSeconds(10));
        monitor.told(file(1, 4, queued(START.plusSeconds(120))));

        monitor.passes(Duration.ofSeconds(60));
        assertThat(monitor.said()).isEmpty();
        assertThat(monitor.scheduled()).containsExactly(DueKey.of(START.plusSeconds(120), id(1)));

        monitor.passes(Duration.ofSeconds(60));
        assertThat(monitor.said())
                .extracting(DeadlineReached::kind, DeadlineReached::stateVersion)
                .containsExactly(tuple(DeadlineKind.UNCLAIMED, 4L));
    }

    /** A release that finds the place still down. The same attempt waits again, and for longer. */
    @Test
    void shouldFollowAFileThatIsReleasedAndDeferredAgain() {
        monitor.told(waiting(1, 3, 60), file(1, 4, queued(FAR)), waiting(1, 5, 90));

        monitor.passes(Duration.ofSeconds(60));
        assertThat(monitor.said()).isEmpty();
        monitor.passes(Duration.ofSeconds(30));

        assertThat(monitor.said())
                .extracting(DeadlineReached::kind, DeadlineReached::stateVersion)
                .containsExactly(tuple(DeadlineKind.RETRY_DUE, 5L));
        assertThat(monitor.deadLetters()).isEmpty();
    }

    /** Nothing but a release or a redrive can place it, so its window is all that ends the wait. */
    @Test
    void shouldSayThatNobodyTookUpAFileWhoseRouteNobodyKnows() {
        FileState like = file(1, 1, queued(START));
        var arrived = new Arrived(like.id(), START, like.route(), like.source());
        var moved = (Decision.Moved) Unplaced.arrived(arrived, START, Set.of());
        monitor.told(moved.state());

        monitor.passes(Timeouts.DEFAULT.unclaimed().plusSeconds(1));
        assertThat(monitor.said())
                .extracting(DeadlineReached::kind, DeadlineReached::stateVersion)
                .containsExactly(tuple(DeadlineKind.UNCLAIMED, 1L));

        monitor.told(file(1, 2, new Phase.TimedOut(Stage.DELIVERY, Attempt.FIRST, DeadlineKind.UNCLAIMED)));
        assertThat(monitor.deadLetters()).hasSize(1);
    }

    /** Another lane delivered the file, too, and says so long after. */
    @Test
    void shouldWriteOneLetterOfAFileThatIsNotedToBeDeliveredOnceMore() {
        var failed = new Phase.Failed(
                Stage.IMPORT, Attempt.FIRST, new Failure(FailureKind.IMPORT_REJECTED, "no header"));
        monitor.told(delivered(file(1, 4, failed)), delivered(file(1, 5, failed)));
        assertThat(monitor.deadLetters()).hasSize(1);

        // It was redriven, and only the last state is left in the topic.
        monitor.told(delivered(file(1, 7, failed)));
        assertThat(monitor.deadLetters()).hasSize(1);
    }

    private static FileState delivered(FileState file) {
        var receipt = new Receipt(
                new RemotePath("/in/a"), 42, "0".repeat(64), Proof.SIZE, DestinationClass.ATOMIC_DURABLE,
                Duration.ofMillis(1));
        return new FileState(file.id(), file.route(), file.source(), null, null, file.phase(), receipt,
                file.version(), file.arrivedAt(), file.changedAt());
    }

    @Test
    void shouldWatchOnlyTheDeadlineOfTheNewestState() {
        monitor.told(
                file(1, 1, queued(START.plusSeconds(5))),
                file(1, 2, new Phase.Started(Stage.DELIVERY, Attempt.FIRST, FAR, START.plusSeconds(90), "w")));

        monitor.passes(Duration.ofSeconds(30));

        assertThat(monitor.said()).isEmpty();
        assertThat(monitor.scheduled()).containsExactly(DueKey.of(START.plusSeconds(90), id(1)));
    }

    @Test
    void shouldWatchNothingOnceAFileIsCompleted() {
        monitor.told(
                file(1, 1, queued(START.plusSeconds(5))),
                file(1, 2, new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, false)));

        monitor.passes(Duration.ofSeconds(30));

        assertThat(monitor.said()).isEmpty();
        assertThat(monitor.tracked().get(id(1))).isNull();
    }

    @Test
    void shouldWatchNothingOnceAFileHasLeftTheTable() {
        monitor.told(file(1, 1, queued(START.plusSeconds(5))));
        monitor.told(id(1), null);

        monitor.passes(Duration.ofSeconds(30));

        assertThat(monitor.said()).isEmpty();
        assertThat(monitor.tracked().get(id(1))).isNull();
        assertThat(monitor.scheduled()).isEmpty();
    }

    @Test
    void shouldPassOverAHintThatNoLongerStands() {
        monitor.told(waiting(1, 3, 60));
        monitor.deadlines().put(DueKey.of(START.plusSeconds(5), id(1)), new byte[0]);

        monitor.passes(Duration.ofSeconds(30));

        assertThat(monitor.said()).isEmpty();
    }

    @Test
    void shouldSayADeadlineAgainAfterGrowingPausesUntilTheFileMoves() {
        monitor.told(waiting(1, 3, 0));

        List<Long> minutes = new ArrayList<>();
        for (int minute = 0; minute < 40; minute++) {
            monitor.passes(minute == 0 ? SECOND : Duration.ofMinutes(1));
            if (!monitor.said().isEmpty()) {
                minutes.add((long) minute);
            }
        }
        assertThat(minutes).containsExactly(0L, 1L, 3L, 7L, 15L, 31L);

        monitor.told(file(1, 4, queued(FAR)));
        monitor.passes(Duration.ofHours(12));

        assertThat(monitor.said()).isEmpty();
        assertThat(monitor.count("waybill.deadlines.said")).isEqualTo(6);
    }

    @Test
    void shouldShowHowManyDeadlinesAreOpen() {
        IntStream.range(0, 10).forEach(number -> monitor.told(waiting(number, 3, 0)));
        monitor.passes(SECOND);
        IntStream.range(0, 7).forEach(number -> monitor.told(
                file(number, 4, new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, false))));
        monitor.passes(SECOND);

        assertThat(monitor.gauge("waybill.deadlines.open")).isEqualTo(3);
    }

    @Test
    void shouldNeverPauseLongerThanSixHours() {
        TrackedFile.ScheduledDeadline deadline = new TrackedFile.ScheduledDeadline(DeadlineKind.RETRY_DUE, 0, 60);

        assertThat(deadline.again(0).dueMillis()).isEqualTo(Duration.ofHours(6).toMillis());
    }

    @Test
    void shouldDoNoMoreInATickThanItsBudgetAllowsAndTheRestInThoseThatFollow() {
        monitor.close();
        monitor = new MonitorUnderTest(directory, START, new DueIndex.Budget(40, Duration.ofHours(1)));
        IntStream.range(0, 100).forEach(number -> monitor.told(waiting(number, 3, 10)));

        List<Integer> sizes = new ArrayList<>();
        var all = new HashSet<>();
        for (int tick = 0; tick < 4; tick++) {
            monitor.passes(tick == 0 ? Duration.ofSeconds(20) : SECOND);
            List<DeadlineReached> said = monitor.said();
            sizes.add(said.size());
            said.forEach(event -> all.add(event.id()));
            if (tick == 0) {
                assertThat(monitor.gauge("waybill.deadlines.lag.seconds")).isEqualTo(10);
            }
        }

        assertThat(sizes).containsExactly(40, 40, 20, 0);
        assertThat(all).hasSize(100);
        assertThat(monitor.gauge("waybill.deadlines.lag.seconds")).isZero();
    }

    @Test
    void shouldStopATickWhenItsTimeIsUsedUp() {
        monitor.close();
        monitor = new MonitorUnderTest(directory, START, new DueIndex.Budget(40, Duration.ofSeconds(-1)));
        IntStream.range(0, 3).forEach(number -> monitor.told(waiting(number, 3, 0)));

        monitor.passes(SECOND);

        assertThat(monitor.said()).hasSize(1);
    }

    @Test
    void shouldGoOnWhereItWasAfterARestart(@TempDir Path other) {
        monitor.told(waiting(1, 3, 0), waiting(2, 3, 120));
        monitor.passes(SECOND);
        assertThat(monitor.said()).hasSize(1);

        try (var restarted =
                new MonitorUnderTest(other, START.plusSeconds(130), DueIndex.Budget.DEFAULT)) {
            restarted.restore(monitor);
            restarted.passes(SECOND);

            assertThat(restarted.said())
                    .extracting(DeadlineReached::id)
                    .containsExactlyInAnyOrder(id(1), id(2));
        }
    }

    @Test
    void shouldWaitWhenTheClockStepsBack(@TempDir Path other) {
        monitor.told(waiting(1, 3, 0), waiting(2, 3, 10));
        monitor.passes(SECOND);
        assertThat(monitor.said()).hasSize(1);

        try (var earlier =
                new MonitorUnderTest(other, START.minus(Duration.ofHours(1)), DueIndex.Budget.DEFAULT)) {
            earlier.restore(monitor);
            earlier.passes(SECOND);
            assertThat(earlier.said()).isEmpty();

            earlier.told(waiting(3, 3, -4000));
            earlier.passes(Duration.ofMinutes(5));
            assertThat(earlier.said()).extracting(DeadlineReached::id).containsExactly(id(3));

            earlier.passes(Duration.ofMinutes(60));
            assertThat(earlier.said()).extracting(DeadlineReached::id).contains(id(1), id(2));
        }
    }

    @Test
    void shouldSayADeadlineInTimeAlsoAfterTheClockWasSetBack() {
        monitor.passes(SECOND);
        monitor.clockIsSetBack(Duration.ofHours(1));
        monitor.told(file(1, 1, queued(monitor.now().plusSeconds(5))));

        monitor.passes(Duration.ofSeconds(5));

        assertThat(monitor.said()).hasSize(1);
    }

    @Test
    void shouldFindADeadlineThatIsSetInTheMillisecondLastLookedAt() {
        IntStream.range(0, 20).forEach(number -> {
            monitor.told(waiting(number, 3, 1));
            if (number == 9) {
                monitor.passes(SECOND);
            }
        });
        monitor.passes(SECOND);

        assertThat(monitor.said()).extracting(DeadlineReached::id).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void shouldWriteOneDeadLetterForEachTimeAFileIsGivenUp() {
        FileState failed = told(file(1, 2, new Phase.Failed(Stage.DELIVERY, Attempt.FIRST, FORBIDDEN)));
        FileState redriven = file(1, 3, queued(FAR)).with(failed.failures());
        FileState timedOut = told(
                failed, file(1, 4, new Phase.TimedOut(Stage.DELIVERY, new Attempt(2, 1), DeadlineKind.UNCLAIMED)));

        monitor.told(failed, failed, redriven, failed, timedOut, redriven, timedOut);

        assertThat(monitor.deadLetters())
                .containsExactly(
                        new DeadLetter.GivenUp(failed, "FORBIDDEN: may not write /incoming"),
                        new DeadLetter.GivenUp(timedOut, "nobody took up DELIVERY 2.1 in time"));
        assertThat(timedOut.failures().all()).hasSize(2);
        assertThat(monitor.count("waybill.dead.letters")).isEqualTo(2);
    }

    @Test
    void shouldWriteASecondLetterThatNamesResolveWhenATimedOutFileTurnsOutToBeInDoubt() {
        FileState timedOut =
                told(file(1, 2, new Phase.TimedOut(Stage.DELIVERY, Attempt.FIRST, DeadlineKind.UNFINISHED)));
        var doubt = new Failure(FailureKind.IN_DOUBT, "the staging file is gone");
        FileState inDoubt = told(timedOut, file(1, 3, new Phase.Failed(Stage.DELIVERY, Attempt.FIRST, doubt)));
        FileState late = file(1, 4, new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, true));

        monitor.told(timedOut, inDoubt, inDoubt, timedOut, late, inDoubt);

        assertThat(monitor.deadLetters())
                .hasSize(2)
                .last()
                .isEqualTo(new DeadLetter.GivenUp(
                        inDoubt,
                        "IN_DOUBT: the staging file is gone; ask the partner, then ./waybill resolve " + id(1)
                                + " --delivered | --resend"));
    }

    /** The last of some states, as the rules make it of those before. */
    private static FileState told(FileState... files) {
        return files[files.length - 1].with(failures(files));
    }

    @Test
    void shouldTellInTheLetterWhatSetTheFileBack() {
        var down = new Failure(FailureKind.UNREACHABLE, "no route to host");
        var deferred = new Phase.Waiting(
                Stage.DELIVERY,
                Attempt.FIRST,
                FAR,
                START.plusSeconds(5),
                Phase.Waiting.Cause.DEFERRAL,
                down);
        FileState[] waiting = IntStream.rangeClosed(1, 40)
                .mapToObj(version -> file(1, version, deferred))
                .toArray(FileState[]::new);
        FileState last = told(waiting);
        FileState timedOut =
                file(1, 43, new Phase.TimedOut(Stage.DELIVERY, Attempt.FIRST, DeadlineKind.UNCLAIMED));

        monitor.told(waiting);
        monitor.told(file(1, 41, queued(FAR)).with(last.failures()));
        monitor.told(timedOut.with(last.failures().plus(Objects.requireNonNull(AttemptFailure.of(timedOut)))));

        assertThat(monitor.deadLetters())
                .singleElement()
                .isInstanceOfSatisfying(DeadLetter.GivenUp.class, letter -> {
                    List<AttemptFailure> history = letter.file().failures().all();
                    assertThat(history)
                            .extracting(AttemptFailure::kind, AttemptFailure::count)
                            .containsExactly(
                                    tuple(AttemptFailure.Kind.DEFERRED, 40), tuple(AttemptFailure.Kind.UNCLAIMED, 1));
                    assertThat(history.getFirst().failure()).isEqualTo(down);
                });
    }

    @Test
    void shouldTellHowMuchOfALongStoryIsNotInTheLetter() {
        FileState[] waiting = IntStream.rangeClosed(1, 50)
                .mapToObj(version -> file(1, version, new Phase.Waiting(
                        Stage.DELIVERY,
                        Attempt.FIRST,
                        FAR,
                        START.plusSeconds(5),
                        Phase.Waiting.Cause.DEFERRAL,
                        new Failure(version % 2 == 0 ? FailureKind.STALLED : FailureKind.DISK_FULL, "no " + version))))
                .toArray(FileState[]::new);
        FileState failed = file(1, 51, new Phase.Failed(Stage.DELIVERY, Attempt.FIRST, FORBIDDEN));

        monitor.told(failed.with(failures(waiting).plus(Objects.requireNonNull(AttemptFailure.of(failed)))));

        assertThat(monitor.deadLetters())
                .singleElement()
                .isInstanceOfSatisfying(DeadLetter.GivenUp.class, letter -> {
                    AttemptFailures history = letter.file().failures();
                    assertThat(history.all()).hasSize(AttemptFailures.KEPT);
                    assertThat(history.all().getLast().failure()).isEqualTo(FORBIDDEN);
                    assertThat(history.dropped()).isEqualTo(31);
                });
    }

    @Test
    void shouldWriteNoSecondLetterWhenTheTopicIsReadAgain() {
        FileState failed = file(1, 2, new Phase.Failed(Stage.DELIVERY, Attempt.FIRST, FORBIDDEN));
        FileState completed = file(1, 4, new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, true));
        monitor.told(failed, completed);
        monitor.deadLetters();

        monitor.told(failed, completed);

        assertThat(monitor.deadLetters()).isEmpty();
    }

    @Test
    void shouldWriteNoSecondLetterOfAFileThatHasLeftTheTableWhenTheTopicIsReadAgain(@TempDir Path other) {
        FileState failed = file(1, 3, new Phase.Failed(Stage.DELIVERY, Attempt.FIRST, FORBIDDEN));
        monitor.told(failed);
        monitor.told(id(1), null);
        monitor.passes(SECOND);

        try (var again = new MonitorUnderTest(other)) {
            again.restore(monitor);
            again.told(file(1, 1, queued(START.plusSeconds(5))), failed);
            again.told(id(1), null);
            again.passes(Duration.ofMinutes(1));
            assertThat(again.deadLetters()).isEmpty();
            assertThat(again.said()).isEmpty();

            again.told(failed);
            assertThat(again.deadLetters()).hasSize(1);
        }
    }

    @Test
    void shouldBeginAnewWithAFileThatComesBackAfterItLeftTheTable() {
        monitor.told(file(1, 2, new Phase.Failed(Stage.DELIVERY, Attempt.FIRST, FORBIDDEN)));
        monitor.told(id(1), null);
        monitor.told(file(1, 1, queued(START.plusSeconds(5))));

        monitor.passes(Duration.ofSeconds(5));

        assertThat(monitor.said()).hasSize(1);
    }

    /** A monitor that was away finds the last state of each file alone, and no trace of its leaving the table. */
    @Test
    void shouldBeginAnewWithAFileThatLeftTheTableAndCameBackWhileTheMonitorWasAway() {
        monitor.told(file(1, 7, new Phase.Failed(Stage.DELIVERY, Attempt.FIRST, FORBIDDEN)));
        monitor.deadLetters();
        monitor.passes(Duration.ofDays(100));
        Instant back = monitor.now();

        monitor.told(since(back, 1, queued(back.plusSeconds(5))));
        monitor.passes(Duration.ofSeconds(5));
        assertThat(monitor.said()).extracting(DeadlineReached::stateVersion).containsExactly(1L);

        monitor.told(since(back, 2, new Phase.TimedOut(Stage.DELIVERY, Attempt.FIRST, DeadlineKind.UNCLAIMED)));
        assertThat(monitor.deadLetters()).hasSize(1);
    }

    @Test
    void shouldForgetTheDeadlineOfALifeWhoseEndItDidNotSee() {
        monitor.told(file(1, 7, new Phase.Started(Stage.DELIVERY, Attempt.FIRST, FAR, START.plusSeconds(90), "w")));
        Instant back = START.plusSeconds(60);

        monitor.told(since(back, 2, new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, false)));
        monitor.passes(Duration.ofMinutes(2));

        assertThat(monitor.said()).isEmpty();
        assertThat(monitor.tracked().get(id(1))).isNull();
    }

    private static FileState since(Instant arrived, long version, Phase phase) {
        FileState file = file(1, version, phase);
        return new FileState(
                file.id(), file.route(), file.source(), null, null, phase, null, version, arrived, arrived);
    }

    @Test
    void shouldMakeADeadLetterOfAStateThatCannotBeReadAndGoOn() {
        monitor.toldBytes(id(1).value().getBytes(StandardCharsets.UTF_8), new byte[] {9});
        monitor.told(file(2, 1, queued(START.plusSeconds(5))));
        monitor.passes(Duration.ofSeconds(5));

        assertThat(monitor.deadLetters()).singleElement().isInstanceOf(DeadLetter.Poison.class);
        assertThat(monitor.said()).hasSize(1);
    }

    private static FileState waiting(int number, long version, int dueSeconds) {
        return file(
                number,
                version,
                new Phase.Waiting(
                        Stage.DELIVERY,
                        new Attempt(1, 2),
                        FAR,
                        START.plusSeconds(dueSeconds),
                        Phase.Waiting.Cause.FAILURE,
                        new Failure(FailureKind.STALLED, "no bytes")));
    }
}
