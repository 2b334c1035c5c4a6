package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.Phase;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.domain.TransferWork;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that wait for a destination or a bucket, and what becomes of them when it is back. */
final class ReleasedFilesTest {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Place ACME = new Place.Destination(new DestinationName("acme"));
    private static final Instant LATE = START.plus(Duration.ofHours(6));

    private PipelineUnderTest pipeline;

    @BeforeEach
    void open(@TempDir Path directory) {
        // One lane, so that the order shows. The next attempt at an order is not due by itself while a test lasts.
        pipeline = new PipelineUnderTest(
                directory,
                PipelineUnderTest.CONFIGURATION
                        .replace("maxConnections: 4", "maxConnections: 1")
                        .replace(
                                "prefix: orders/ }",
                                "prefix: orders/ }\n    retry: { backoff: 1h, maxBackoff: 1h }"));
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    /** Files that arrived one after the other, and were all deferred. */
    private List<FileId> deferred(int files, FailureKind why) {
        List<FileId> ids = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            Arrived like = arrived("invoices", "invoices/" + i);
            pipeline.passes(Duration.ofMillis(1));
            pipeline.told(new Arrived(like.id(), START.plusMillis(i + 1), like.route(), like.source()));
            pipeline.told(deferral(like.id(), why));
            ids.add(like.id());
        }
        assertThat(pipeline.work()).hasSize(files);
        return ids;
    }

    private static Deferred deferral(FileId id, FailureKind why) {
        return new Deferred(id, START, Stage.DELIVERY, Attempt.FIRST, LATE, new Failure(why, "not now"));
    }

    private static Started started(FileId id) {
        return new Started(id, START, Stage.DELIVERY, Attempt.FIRST, "worker-1");
    }

    private void released(Place place, Release.Cause cause) {
        pipeline.releases.heard(new Release(place, START, cause, "worker-1"));
        pipeline.passes(TICK);
    }

    private List<FileId> handedOut() {
        return pipeline.work().stream().map(work -> work.value).map(TransferWork::id).toList();
    }

    @Test
    void shouldHandOutTheFilesOfADestinationThatIsBackOldestFirstAsFastAsTheyAreTakenUp() {
        List<FileId> ids = deferred(10, FailureKind.UNREACHABLE);

        released(ACME, Release.Cause.CONNECTED);
        assertThat(handedOut()).containsExactly(ids.get(0));

        pipeline.told(started(ids.get(0)));
        assertThat(handedOut()).containsExactly(ids.get(1), ids.get(2));

        pipeline.told(started(ids.get(1)), started(ids.get(2)));
        assertThat(handedOut()).containsExactly(ids.get(3), ids.get(4), ids.get(5), ids.get(6));

        pipeline.told(started(ids.get(3)), started(ids.get(4)), started(ids.get(5)));
        assertThat(handedOut()).containsExactly(ids.get(7), ids.get(8), ids.get(9));
        pipeline.passes(TICK);
        assertThat(handedOut()).isEmpty();
        assertThat(pipeline.count("waybill.files.released")).isEqualTo(10);
    }

    @Test
    void shouldHandOutAFileWhoseObjectWasArchivedOnlyWhenItIsRestored() {
        FileId id = deferred(1, FailureKind.SOURCE_FORBIDDEN).getFirst();
        released(ACME, Release.Cause.CONNECTED);
        assertThat(handedOut()).isEmpty();

        pipeline.passes(Duration.ofHours(1));
        Arrived like = arrived("invoices", "invoices/0");
        pipeline.told(new Arrived(id, START.plus(Duration.ofHours(1)), like.route(), like.source()));

        assertThat(handedOut()).containsExactly(id);
    }

    /** A task does not look for releases while none of its files waits. */
    @Test
    void shouldHandOutAFileThatBeganToWaitLongAfterAllOthersHadEnded() {
        for (int i = 0; i < 30; i++) {
            pipeline.passes(TICK);
        }
        FileId id = deferred(1, FailureKind.UNREACHABLE).getFirst();
        pipeline.passes(TICK);
        assertThat(handedOut()).isEmpty();

        released(ACME, Release.Cause.CONNECTED);

        assertThat(handedOut()).containsExactly(id);
    }

    /** The task comes to the release only when a file waits again. */
    @Test
    void shouldKeepAFileWaitingThatBeganToWaitAfterTheRelease() {
        pipeline.passes(TICK);
        released(ACME, Release.Cause.CONNECTED);
        Arrived arrived = arrived("invoices", "invoices/later");
        pipeline.passes(Duration.ofSeconds(10));
        pipeline.told(arrived, new Deferred(
                arrived.id(), START.plusSeconds(11), Stage.DELIVERY, Attempt.FIRST, LATE,
                new Failure(FailureKind.UNREACHABLE, "down again")));
        handedOut();

        pipeline.passes(TICK);
        pipeline.passes(Duration.ofSeconds(31));

        assertThat(handedOut()).isEmpty();
    }

    @Test
    void shouldTellInTheHistoryWhyAFileDidNotWaitLonger() {
        FileId id = deferred(1, FailureKind.UNREACHABLE).getFirst();

        released(ACME, Release.Cause.CONNECTED);

        assertThat(pipeline.history().get(new HistoryKey(id, 3)).detail())
                .isEqualTo("the attempt is due now, by worker-1: destination acme is reached again");
    }

    @Test
    void shouldCostOneFileWhereTheDestinationIsStillDown() {
        List<FileId> ids = deferred(10, FailureKind.UNREACHABLE);
        released(ACME, Release.Cause.STARTED);
        assertThat(handedOut()).hasSize(1);

        pipeline.told(deferral(ids.getFirst(), FailureKind.UNREACHABLE));
        pipeline.passes(TICK);

        assertThat(handedOut()).isEmpty();
        assertThat(pipeline.files().get(ids.get(5)).version()).isEqualTo(2);
    }

    /** A bucket that cannot be read says nothing about the partner. */
    @Test
    void shouldGoOnIfAFileThatIsHandedOutWaitsForAnotherPlaceNow() {
        List<FileId> ids = deferred(10, FailureKind.UNREACHABLE);
        released(ACME, Release.Cause.CONNECTED);
        handedOut();

        pipeline.told(deferral(ids.getFirst(), FailureKind.SOURCE_UNREACHABLE));
        assertThat(handedOut()).containsExactly(ids.get(1));

        pipeline.told(started(ids.get(1)));
        assertThat(handedOut()).containsExactly(ids.get(2), ids.get(3));
    }

    /** Otherwise a service that is behind hears of the release first, and the file waits for a time that was guessed. */
    @Test
    void shouldHandOutAFileWhoseDeferralItHearsAfterTheReleaseThatCameLater() {
        Arrived arrived = arrived("invoices", "invoices/late");
        pipeline.told(arrived);
        pipeline.passes(Duration.ofMinutes(1));
        pipeline.releases.heard(
                new Release(ACME, START.plusSeconds(30), Release.Cause.CONNECTED, "worker-1"));
        pipeline.passes(TICK);
        handedOut();

        pipeline.told(deferral(arrived.id(), FailureKind.UNREACHABLE));
        pipeline.passes(Duration.ofSeconds(31));
        assertThat(handedOut()).containsExactly(arrived.id());

        pipeline.told(new Deferred(
                arrived.id(), START.plusSeconds(40), Stage.DELIVERY, Attempt.FIRST, LATE,
                new Failure(FailureKind.UNREACHABLE, "down again")));
        pipeline.passes(Duration.ofSeconds(31));
        assertThat(handedOut()).isEmpty();
    }

    @Test
    void shouldHandOutOnlyWhatWaitsForThatPlace() {
        FileId bucket = deferred(1, FailureKind.SOURCE_UNREACHABLE).getFirst();
        Arrived other = arrived("orders", "orders/1");
        pipeline.told(other);
        pipeline.told(new FileEvent.Failed(
                other.id(), START, Stage.DELIVERY, Attempt.FIRST, new Failure(FailureKind.CONNECTION_LOST, "broke")));
        handedOut();

        released(ACME, Release.Cause.CONNECTED);
        assertThat(handedOut()).isEmpty();

        released(new Place.Bucket("another"), Release.Cause.CONNECTED);
        assertThat(handedOut()).isEmpty();

        released(new Place.Bucket("outbound"), Release.Cause.CONNECTED);
        assertThat(handedOut()).containsExactly(bucket);
    }

    @Test
    void shouldNotTryAFileAgainForAReleaseOfLongAgo() {
        FileId id = deferred(1, FailureKind.UNREACHABLE).getFirst();
        pipeline.releases
                .heard(new Release(ACME, START.minus(Duration.ofDays(1)), Release.Cause.CONNECTED, "worker-1"));
        pipeline.passes(TICK);

        assertThat(handedOut()).isEmpty();
        assertThat(pipeline.state(id).phase()).isInstanceOf(Phase.Waiting.class);
    }

    @Test
    void shouldShowWhatIsHeldBackAndWhy() {
        List<FileId> ids = deferred(3, FailureKind.DISK_FULL);
        pipeline.passes(TICK);
        assertThat(waiting("DISK_FULL")).isEqualTo(3);

        released(ACME, Release.Cause.ASKED);
        pipeline.told(
                started(ids.getFirst()),
                new Completed(
                        ids.getFirst(), START, Stage.DELIVERY, Attempt.FIRST,
                        PipelineUnderTest.receipt("/incoming/0")));
        pipeline.passes(TICK);

        assertThat(pipeline.state(ids.getFirst()).status()).isEqualTo(Status.COMPLETED);
        assertThat(waiting("DISK_FULL")).isZero();
    }

    private double waiting(String failure) {
        return pipeline.meters
                .get("waybill.files.waiting")
                .tags("destination", "acme", "failure", failure, "route", "invoices")
                .gauge()
                .value();
    }
}
