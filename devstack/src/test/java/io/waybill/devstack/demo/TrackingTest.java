package io.waybill.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.devstack.demo.LocalFiles.LocalFile;
import io.waybill.devstack.demo.Shipment.NotStored;
import io.waybill.devstack.demo.Shipment.Stored;
import io.waybill.domain.Attempt;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.Content;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrackingTest {
    private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");
    private static final FileId ID = FileId.of(new RouteName("inbox"), "inbox", "a.txt", "v:1");
    private static final LocalFile FILE = new LocalFile(Path.of("a.txt"), "a.txt", 7);
    private static final Stored STORED = new Stored(FILE, new Content(7, "sha", "md5"), ID);

    private final Tracking tracking = new Tracking();

    @BeforeEach
    void begin() {
        tracking.begin(new LocalFiles(List.of(FILE), List.of()));
    }

    private static FileState state(Phase phase, Instant changedAt) {
        var source = new SourceObject("inbox", "a.txt", "1", "etag", 7, BEGAN);
        return new FileState(ID, new RouteName("inbox"), source, null, null, phase, null, 1, BEGAN, changedAt);
    }

    private static ProcessClock clockAt(long nanos) {
        return ProcessClock.of(() -> BEGAN, () -> nanos);
    }

    private static FileState completed(Instant at) {
        return state(new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, false), at);
    }

    private DemoReport report() {
        var summary = new Summary(BEGAN, tracking);
        summary.add(STORED);
        return summary.report(Duration.ofSeconds(1), List.of());
    }

    @Test
    void shouldCountAFileWhicheverIsKnownFirst() throws InterruptedException {
        tracking.now(ID, completed(BEGAN));
        tracking.expect(STORED);
        assertThat(tracking.awaitEnds(0, clockAt(0))).isTrue();
        assertThat(tracking.progress()).isEqualTo(new DemoProgress(1, 7, 1, 1, 7, 0));
    }

    @Test
    void shouldCountAFileOnceHoweverOftenItsStateIsTold() {
        tracking.expect(STORED);
        tracking.now(ID, completed(BEGAN));
        tracking.now(ID, completed(BEGAN));
        assertThat(tracking.progress().ended()).isEqualTo(1);
    }

    @Test
    void shouldGiveUpWhenTheTimeIsOver() throws InterruptedException {
        tracking.expect(STORED);
        assertThat(tracking.awaitEnds(0, clockAt(1))).isFalse();
        assertThat(report().faults()).containsExactly("a.txt was not noticed by the ingest-service");
    }

    @Test
    void shouldNotWaitForStatesThatNobodyReads() {
        tracking.expect(STORED);
        tracking.broken(new IllegalStateException("no broker"));
        assertThatThrownBy(() -> tracking.awaitEnds(1, clockAt(0))).hasMessage("no broker");
    }

    @Test
    void shouldTellWhatThisRunDeliveredFromWhatAnEarlierOneDid() {
        tracking.now(ID, completed(BEGAN.minusMillis(1)));
        DemoReport before = report();
        tracking.now(ID, completed(BEGAN));
        DemoReport now = report();
        assertThat(before).extracting(DemoReport::unchanged, DemoReport::delivered, DemoReport::bytes)
                .containsExactly(1L, 0L, 0L);
        assertThat(now).extracting(DemoReport::unchanged, DemoReport::delivered, DemoReport::bytes)
                .containsExactly(0L, 1L, 7L);
    }

    @Test
    void shouldSayWhyAFileFailed() {
        var failure = new Failure(FailureKind.DISK_FULL, "no room");
        tracking.now(ID, state(new Phase.Failed(Stage.DELIVERY, Attempt.FIRST, failure), BEGAN));
        DemoReport report = report();
        assertThat(report.good()).isFalse();
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.faults()).singleElement().asString().contains("DISK_FULL: no room", "waybill redrive " + ID);
    }

    @Test
    void shouldCountAFileThatTheStoreDoesNotTake() throws InterruptedException {
        var refused = new NotStored(FILE, "cannot be put: no");
        tracking.expect(refused);
        var summary = new Summary(BEGAN, tracking);
        summary.add(refused);
        assertThat(tracking.awaitEnds(0, clockAt(0))).isTrue();
        assertThat(summary.report(Duration.ZERO, List.of()).faults()).containsExactly("a.txt cannot be put: no");
    }
}
