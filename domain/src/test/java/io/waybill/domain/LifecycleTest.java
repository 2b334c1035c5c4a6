package io.waybill.domain;

import static io.waybill.domain.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.waybill.domain.Decision.Ignored;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Effect.Announce;
import io.waybill.domain.Effect.Dispatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a move carries: deadlines, effects, receipts. Which moves there are is in {@link LifecycleTableTest}. */
final class LifecycleTest {
    private static final Attempt CURRENT = new Attempt(2, 2);
    private static final Duration UNCLAIMED = Example.TIMEOUTS.unclaimed();

    private static Moved moved(Route route, FileState file, FileEvent event) {
        Decision decision = new Lifecycle(route).apply(file, event);
        assertThat(decision).isInstanceOf(Moved.class);
        return (Moved) decision;
    }

    private static Moved arrival(Route route, SourceObject object) {
        var arrived = new FileEvent.Arrived(Example.ID, NOW, Example.INVOICES, object);
        return (Moved) new Lifecycle(route).apply(null, arrived);
    }

    @Test
    void shouldTellTheWorkersWhichPermissionsAndTimesTheRouteWants() {
        var wanted = new Delivery.Attributes(OptionalInt.of(0640), OptionalInt.empty(), true);
        Delivery plain = Example.DELIVERY;
        var delivery = new Delivery(
                plain.destination(), plain.path(), plain.onConflict(), plain.verify(), plain.createDirectories(),
                wanted, Delivery.Names.SAFE);

        Moved first = arrival(Example.route(delivery, false), Example.OBJECT);

        assertThat(first.effects()).first().asInstanceOf(type(Dispatch.class))
                .extracting(dispatch -> dispatch.work().attributes()).isEqualTo(wanted);
    }

    @Test
    void shouldHandANewFileToTheWorkersUntilTheClaimDeadline() {
        Moved first = arrival(Example.DELIVERY_ONLY, Example.OBJECT);

        assertThat(first.state())
                .isEqualTo(new FileState(
                        Example.ID,
                        Example.INVOICES,
                        Example.OBJECT,
                        Example.TARGET,
                        null,
                        new Phase.Queued(Stage.DELIVERY, Attempt.FIRST, NOW.plus(UNCLAIMED)),
                        null,
                        1,
                        NOW,
                        NOW)
                        .withTarget(Example.TARGET, Example.DELIVERY_ONLY.delivery().onConflict()));
        assertThat(first.effects())
                .containsExactly(new Dispatch(new TransferWork(
                        Example.ID,
                        Example.INVOICES,
                        Attempt.FIRST,
                        Example.OBJECT,
                        Example.TARGET,
                        ConflictPolicy.REPLACE,
                        Proof.SIZE,
                        false)));
    }

    @Test
    void shouldAnnounceAFileOfAHostedDropOnArrival() {
        Moved first = arrival(Example.HOSTED_DROP, Example.OBJECT);

        assertThat(first.effects())
                .containsExactly(new Announce(
                        new ReadyFile(Example.ID, Example.INVOICES, Example.OBJECT, null, null, NOW)));
        assertThat(first.state().target()).isNull();
    }

    @Test
    void shouldFailAFileWhoseKeyGivesNoPathWithoutSendingIt() {
        Moved first = arrival(Example.DELIVERY_ONLY, Example.object("invoices/.."));

        assertThat(first.state().phase())
                .asInstanceOf(type(Phase.Failed.class))
                .extracting(failed -> failed.failure().kind())
                .isEqualTo(FailureKind.BAD_NAME);
        assertThat(first.state().target()).isNull();
        assertThat(first.effects()).isEmpty();
    }

    @Test
    void shouldIgnoreARedriveOfAFileWhoseKeyStillGivesNoPath() {
        FileState failed = arrival(Example.DELIVERY_ONLY, Example.object("invoices/..")).state();

        assertThat(new Lifecycle(Example.DELIVERY_ONLY).apply(failed, Example.redrive(1)))
                .isInstanceOf(Ignored.class);
    }

    @Test
    void shouldSendARedrivenFileWhereTheRoutePointsNow() {
        FileState failed = arrival(Example.DELIVERY_ONLY, Example.object("invoices/..")).state();
        Route mended = Example.route(Example.delivery("/incoming/{route}.csv"), false);

        Moved again = moved(mended, failed, Example.redrive(1));

        var path = new RemotePath("/incoming/invoices.csv");
        assertThat(again.state().target()).isEqualTo(new Target(Example.DELIVERY.destination(), path));
        assertThat(again.state().phase().attempt()).isEqualTo(new Attempt(2, 1));
        assertThat(again.effects()).hasSize(1);
    }

    @Test
    void shouldGiveAStartedAttemptItsOwnDeadline() {
        FileState queued =
                Example.file(Example.DELIVERY_ONLY, new Phase.Queued(Stage.DELIVERY, CURRENT, NOW.plusSeconds(9)));

        Moved started = moved(Example.DELIVERY_ONLY, queued, Example.started(Stage.DELIVERY, CURRENT));

        Instant finishBy = NOW.plus(Example.TIMEOUTS.unfinished());
        assertThat(started.state().phase())
                .isEqualTo(new Phase.Started(Stage.DELIVERY, CURRENT, NOW.plusSeconds(9), finishBy, "worker-1"))
                .extracting(phase -> ((Phase.Open) phase).deadline())
                .isEqualTo(new Deadline(DeadlineKind.UNFINISHED, finishBy));
    }

    @Test
    void shouldWantToHearOfAnImporterOnlyWhereTheRouteSaysSo() {
        FileState queued = Example.file(Example.HEARTBEATS, new Phase.Queued(Stage.IMPORT, CURRENT, NOW));

        Moved asked = moved(Example.HEARTBEATS, queued, Example.started(Stage.IMPORT, CURRENT));
        Moved unasked = moved(Example.HOSTED_DROP, queued, Example.started(Stage.IMPORT, CURRENT));

        assertThat(((Phase.Open) asked.state().phase()).deadline())
                .isEqualTo(new Deadline(DeadlineKind.UNFINISHED, NOW.plusSeconds(10)));
        assertThat(((Phase.Open) unasked.state().phase()).deadline())
                .isEqualTo(new Deadline(DeadlineKind.UNFINISHED, NOW.plus(Example.TIMEOUTS.unfinished())));
    }

    @Test
    void shouldMoveTheDeadlineOfAnImportWithEachHeartbeatWorthIt() {
        var rules = new Lifecycle(Example.HEARTBEATS);
        FileState claimed = claimed(NOW.plusSeconds(3600));

        Decision early = rules.apply(claimed, Example.heartbeat(Stage.IMPORT, CURRENT, NOW.plusMillis(999)));
        Moved worthIt =
                moved(Example.HEARTBEATS, claimed, Example.heartbeat(Stage.IMPORT, CURRENT, NOW.plusSeconds(1)));

        assertThat(early).isInstanceOf(Ignored.class);
        assertThat(((Phase.Open) worthIt.state().phase()).deadline())
                .isEqualTo(new Deadline(DeadlineKind.UNFINISHED, NOW.plusSeconds(11)));
        assertThat(rules.apply(worthIt.state(), Example.deadline(DeadlineKind.UNFINISHED, claimed.version())))
                .isInstanceOf(Ignored.class);
    }

    @Test
    void shouldNotLetHeartbeatsOutliveTheTimeForTheWhole() {
        FileState claimed = claimed(NOW.plusSeconds(12));

        Moved heard = moved(Example.HEARTBEATS, claimed, Example.heartbeat(Stage.IMPORT, CURRENT, NOW.plusSeconds(8)));

        assertThat(((Phase.Open) heard.state().phase()).deadline())
                .isEqualTo(new Deadline(DeadlineKind.UNFINISHED, NOW.plusSeconds(12)));
    }

    @Test
    void shouldNotTakeAnothersHeartbeat() {
        var other = new FileEvent.Heartbeat(Example.ID, NOW.plusSeconds(5), Stage.IMPORT, CURRENT, "worker-2");

        assertThat(new Lifecycle(Example.HEARTBEATS).apply(claimed(NOW.plusSeconds(3600)), other))
                .isInstanceOf(Ignored.class);
    }

    @Test
    void shouldWaitForNoMoreHeartbeatsOnceTheRouteDoesNot() {
        FileState claimed = claimed(NOW.plusSeconds(3600));

        Moved heard = moved(Example.HOSTED_DROP, claimed, Example.heartbeat(Stage.IMPORT, CURRENT, NOW));

        assertThat(((Phase.Open) heard.state().phase()).deadline())
                .isEqualTo(new Deadline(DeadlineKind.UNFINISHED, NOW.plusSeconds(3600)));
    }

    @Test
    void shouldHearAnImporterThatClaimedTheFileWhenHeartbeatsWereAskedForLessOften() {
        var phase = new Phase.Started(
                Stage.IMPORT, CURRENT, NOW, NOW.plusSeconds(86_400), NOW.plusSeconds(3600), "worker-1");
        FileState hourly = Example.file(Example.HEARTBEATS, phase).moved(phase, NOW);

        Moved heard = moved(Example.HEARTBEATS, hourly, Example.heartbeat(Stage.IMPORT, CURRENT, NOW.plusSeconds(3)));

        assertThat(((Phase.Open) heard.state().phase()).deadline())
                .isEqualTo(new Deadline(DeadlineKind.UNFINISHED, NOW.plusSeconds(13)));
    }

    /** Claimed at {@code NOW}, under the rules of {@link Example#HEARTBEATS}. */
    private static FileState claimed(Instant finishBy) {
        var phase = new Phase.Started(Stage.IMPORT, CURRENT, NOW, finishBy, NOW.plusSeconds(10), "worker-1");
        return Example.file(Example.HEARTBEATS, phase).moved(phase, NOW);
    }

    @Test
    void shouldOpenTheClaimWindowOfARetryWhenItIsDue() {
        FileState queued = Example.file(Example.DELIVERY_ONLY, new Phase.Queued(Stage.DELIVERY, CURRENT, NOW));

        Moved failed =
                moved(Example.DELIVERY_ONLY, queued, Example.failed(Stage.DELIVERY, CURRENT, FailureKind.STALLED));

        Instant due = NOW.plus(Example.RETRY.delayAfter(Example.ID, CURRENT));
        var waiting = (Phase.Waiting) failed.state().phase();
        assertThat(waiting.due()).isEqualTo(due);
        assertThat(waiting.claimBy()).isEqualTo(due.plus(UNCLAIMED));
        assertThat(waiting.deadline()).isEqualTo(new Deadline(DeadlineKind.RETRY_DUE, due));
    }

    @Test
    void shouldNotLetADeferralMoveTheClaimDeadline() {
        Instant claimBy = NOW.plusSeconds(10);
        FileState queued = Example.file(Example.DELIVERY_ONLY, new Phase.Queued(Stage.DELIVERY, CURRENT, claimBy));

        Moved deferred = moved(
                Example.DELIVERY_ONLY, queued, Example.deferred(Stage.DELIVERY, CURRENT, NOW.plusSeconds(30)));

        assertThat(((Phase.Open) deferred.state().phase()).deadline())
                .isEqualTo(new Deadline(DeadlineKind.UNCLAIMED, claimBy));
    }

    @Test
    void shouldTryAFileAgainWhenItsObjectIsNotifiedAsRestored() {
        FileState waiting = waiting(FailureKind.SOURCE_FORBIDDEN);

        Moved restored = moved(Example.DELIVERY_ONLY, waiting, arrivedAgain(NOW.plusSeconds(60)));

        assertThat(restored.state().phase()).isEqualTo(new Phase.Queued(Stage.DELIVERY, CURRENT, NOW.plusSeconds(90)));
        assertThat(restored.effects()).singleElement().isInstanceOf(Dispatch.class);
        var rules = new Lifecycle(Example.DELIVERY_ONLY);
        assertThat(rules.apply(restored.state(), arrivedAgain(NOW.plusSeconds(60)))).isInstanceOf(Ignored.class);
        assertThat(rules.apply(waiting, arrivedAgain(NOW.minusSeconds(60)))).isInstanceOf(Ignored.class);
        assertThat(rules.apply(waiting(FailureKind.UNREACHABLE), arrivedAgain(NOW.plusSeconds(60))))
                .isInstanceOf(Ignored.class);
    }

    private static FileEvent.Arrived arrivedAgain(Instant at) {
        return new FileEvent.Arrived(Example.ID, at, Example.DELIVERY_ONLY.name(), Example.OBJECT);
    }

    private static FileState waiting(FailureKind reason) {
        return Example.file(
                Example.DELIVERY_ONLY,
                new Phase.Waiting(
                        Stage.DELIVERY,
                        CURRENT,
                        NOW.plusSeconds(90),
                        NOW.plusSeconds(80),
                        Phase.Waiting.Cause.DEFERRAL,
                        new Failure(reason, "not now")));
    }

    @Test
    void shouldLetOnlyALongerDeferralMoveAWaitingFile() {
        var failure = new Failure(FailureKind.UNREACHABLE, "down");
        FileState waiting = Example.file(
                Example.DELIVERY_ONLY,
                new Phase.Waiting(
                        Stage.DELIVERY,
                        CURRENT,
                        NOW.plusSeconds(90),
                        NOW.plusSeconds(30),
                        Phase.Waiting.Cause.DEFERRAL,
                        failure));
        var rules = new Lifecycle(Example.DELIVERY_ONLY);

        assertThat(rules.apply(waiting, Example.deferred(Stage.DELIVERY, CURRENT, NOW.plusSeconds(30))))
                .isInstanceOf(Ignored.class);
        assertThat(rules.apply(waiting, Example.deferred(Stage.DELIVERY, CURRENT, NOW.plusSeconds(31))))
                .isInstanceOf(Moved.class);
    }

    @Test
    void shouldAnnounceADeliveredFileWithItsReceipt() {
        FileState queued = Example.file(Example.DELIVERY_ONLY, new Phase.Queued(Stage.DELIVERY, CURRENT, NOW));

        Moved done = moved(Example.DELIVERY_ONLY, queued, Example.completed(Stage.DELIVERY, CURRENT));

        assertThat(done.state().receipt()).isEqualTo(Example.RECEIPT);
        assertThat(done.effects())
                .containsExactly(new Announce(new ReadyFile(
                        Example.ID, Example.INVOICES, Example.OBJECT, Example.TARGET, Example.RECEIPT, NOW)));
    }

    @Test
    void shouldGiveTheImportItsOwnAttemptsAndClaimWindow() {
        FileState queued = Example.file(Example.DELIVERY_THEN_IMPORT, new Phase.Queued(Stage.DELIVERY, CURRENT, NOW));

        Moved delivered = moved(Example.DELIVERY_THEN_IMPORT, queued, Example.completed(Stage.DELIVERY, CURRENT));

        assertThat(delivered.state().phase())
                .isEqualTo(new Phase.Queued(Stage.IMPORT, new Attempt(2, 1), NOW.plus(UNCLAIMED)));
    }

    @Test
    void shouldFailADueFileWhoseRouteNoLongerDelivers() {
        var failure = new Failure(FailureKind.UNREACHABLE, "down");
        FileState waiting = Example.file(
                Example.DELIVERY_ONLY,
                new Phase.Waiting(
                        Stage.DELIVERY,
                        CURRENT,
                        NOW.plusSeconds(90),
                        NOW,
                        Phase.Waiting.Cause.DEFERRAL,
                        failure));

        Moved due = moved(Example.HOSTED_DROP, waiting, Example.deadline(DeadlineKind.RETRY_DUE, 7));

        assertThat(due.state().status()).isEqualTo(Status.FAILED);
        assertThat(due.effects()).isEmpty();
    }

    @Test
    void shouldIgnoreARedriveWhenTheRouteNoLongerDelivers() {
        FileState failed = Example.file(
                Example.DELIVERY_ONLY, new Phase.TimedOut(Stage.DELIVERY, CURRENT, DeadlineKind.UNCLAIMED));

        assertThat(new Lifecycle(Example.HOSTED_DROP).apply(failed, Example.redrive(2)))
                .isInstanceOf(Ignored.class);
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void shouldTryAgainJustWhatMayGoBetterNextTime(FailureKind kind) {
        FileState queued = Example.file(Example.DELIVERY_ONLY, new Phase.Queued(Stage.DELIVERY, CURRENT, NOW));

        Moved failed = moved(Example.DELIVERY_ONLY, queued, Example.failed(Stage.DELIVERY, CURRENT, kind));

        assertThat(failed.state().phase())
                .isInstanceOf(kind.retryable() ? Phase.Waiting.class : Phase.Failed.class);
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void shouldLetALateProofWinOverJustCancellationAndDoubt(FailureKind kind) {
        FileState failed = Example.file(
                Example.DELIVERY_ONLY, new Phase.Failed(Stage.DELIVERY, CURRENT, new Failure(kind, "")));

        Decision decision =
                new Lifecycle(Example.DELIVERY_ONLY).apply(failed, Example.completed(Stage.DELIVERY, CURRENT));

        boolean wins = List.of(FailureKind.CANCELLED, FailureKind.IN_DOUBT).contains(kind);
        assertThat(decision).isInstanceOf(wins ? Moved.class : Ignored.class);
    }

    @Test
    void shouldSayWhoCancelledAndWhy() {
        FileState queued = Example.file(Example.DELIVERY_ONLY, new Phase.Queued(Stage.DELIVERY, CURRENT, NOW));

        Moved cancelled = moved(Example.DELIVERY_ONLY, queued, Example.cancel(2));

        assertThat(cancelled.state().phase())
                .isEqualTo(new Phase.Failed(
                        Stage.DELIVERY,
                        CURRENT,
                        new Failure(FailureKind.CANCELLED, "cancelled by ann: sent by mistake")));
    }
}
