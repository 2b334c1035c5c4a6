package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.FailureKind;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.sftp.SftpConnector;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.FaultInjectingProxy;
import io.waybill.worker.connections.Endpoint;
import io.waybill.worker.metrics.WorkerMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Attempts after one that broke off. */
final class ResumedUploadTest extends DestinationDeliveryFixture {
    private static final int PERMISSION_DENIED = 3;
    private static final int UNSUPPORTED = 8;

    @Test
    void shouldReconnectAfterABrokenConnection() throws Exception {
        start();
        try (var proxy = FaultInjectingProxy.to(server.port())) {
            DestinationDelivery delivery = delivery(proxy.port());
            TransferWork work = deliver(store.put("a", content(3_000_000)), "/a");
            proxy.cutAfter(1_000_000);

            Outcome broken = delivery.deliver(work, LANE, new FakeJournal());
            boolean partial = Files.exists(served.resolve("a"));
            Outcome whole = delivery.deliver(work, LANE, new FakeJournal());

            assertThat(partial).isFalse();
            assertThat(failureOf(broken).kind()).isEqualTo(FailureKind.CONNECTION_LOST);
            assertThat(whole).isInstanceOf(Outcome.Delivered.class);
            assertThat(served.resolve("a")).hasBinaryContent(content(3_000_000));
            assertThat(proxy.connections()).isEqualTo(2);
        }
    }

    @Test
    void shouldResumeALargeUploadWhereItBrokeOff() throws Exception {
        start();
        // Over others the rest of the file may go while the disk takes its time over what is synced.
        server.channels(1);
        byte[] content = content(90 << 20);
        try (var proxy = FaultInjectingProxy.to(server.port())) {
            var sent = new AtomicLong();
            DestinationDelivery delivery = delivery(proxy.port(), new WorkerMetrics() {
                @Override
                public void sent(int bytes) {
                    sent.addAndGet(bytes);
                }
            });
            TransferWork work = deliver(store.put("a", content), "/a");
            proxy.cutAfter(80 << 20);
            Outcome broken = delivery.deliver(work, LANE, new FakeJournal());
            var left = assertThat(broken).asInstanceOf(type(Outcome.NotDelivered.class)).actual().left();
            assertThat(left.orElseThrow().safeBytes()).isBetween(64L << 20, 80L << 20);
            sent.set(0);

            Outcome whole = delivery.deliver(work, LANE, FakeJournal.after(left));

            assertThat(whole).isInstanceOf(Outcome.Delivered.class);
            assertThat(sent).hasValue(content.length - left.orElseThrow().safeBytes());
            assertThat(served.resolve("a")).hasBinaryContent(content);
            assertNothingStaged();
        }
    }

    @Test
    void shouldNotFillWithZerosWhatIsMissingOfAnUpload() throws Exception {
        start();
        byte[] content = content(20 << 20);
        Staging left = left(content);
        Files.write(served.resolve(".waybill/left"), Arrays.copyOf(content, content.length / 4));

        Outcome whole = delivery(server.port())
                .deliver(deliver(store.put("a", content), "/a"), LANE, FakeJournal.after(Optional.of(left)));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a")).hasBinaryContent(content);
        assertNothingStaged();
    }

    @Test
    void shouldSendTheWholeFileWhereTheServerDoesNotTellHowMuchIsThere() throws Exception {
        start();
        byte[] content = content(20 << 20);
        Staging left = left(content);
        Files.write(served.resolve(".waybill/left"), Arrays.copyOf(content, content.length / 4));
        server.refuse("stat", PERMISSION_DENIED);

        Outcome whole = delivery(server.port())
                .deliver(deliver(store.put("a", content), "/a"), LANE, FakeJournal.after(Optional.of(left)));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a")).hasBinaryContent(content);
    }

    @Test
    void shouldSendTheWholeFileWhereTheServerCannotTruncate() throws Exception {
        start();
        byte[] content = content(20 << 20);
        Staging left = left(content);
        server.refuse("setstat", PERMISSION_DENIED);

        Outcome whole = delivery(server.port())
                .deliver(deliver(store.put("a", content), "/a"), LANE, FakeJournal.after(Optional.of(left)));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a")).hasBinaryContent(content);
    }

    @Test
    void shouldNotKeepWhatAServerOnlySaysItHasCutOff() throws Exception {
        start();
        byte[] content = content(20 << 20);
        Staging left = left(content);
        Files.write(served.resolve(".waybill/left"), Arrays.copyOf(content, content.length + 1000));
        server.pretend("setstat");
        TransferWork work = deliver(store.put("a", content), "/a", ConflictPolicy.REPLACE, Proof.NONE, false);

        Outcome whole = delivery(server.port()).deliver(work, LANE, FakeJournal.after(Optional.of(left)));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a")).hasBinaryContent(content);
    }

    @Test
    void shouldNotBeginWithZerosWhereTheServerEmptiesAFileThatIsOpenedAgain() throws Exception {
        start();
        server.emptyWhatIsOpened();
        assertArrives(content(20 << 20));
    }

    @Test
    void shouldGoOnWhereTheServerEmptiesOnlyWhatIsOpenedToBeMade() throws Exception {
        start();
        server.emptyWhatIsMadeAgain();
        var sent = new AtomicLong();
        byte[] content = content(20 << 20);
        Staging left = left(content);

        Outcome whole = delivery(server.port(), new WorkerMetrics() {
            @Override
            public void sent(int bytes) {
                sent.addAndGet(bytes);
            }
        }).deliver(deliver(store.put("a", content), "/a"), LANE, FakeJournal.after(Optional.of(left)));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a")).hasBinaryContent(content);
        assertThat(sent).hasValue(content.length - left.safeBytes());
    }

    @Test
    void shouldGoOnWhereTheServerShowsAFileOnlyWhenItIsClosed() throws Exception {
        start();
        server.hideUntilClosed();
        assertArrives(content(20 << 20));
    }

    private void assertArrives(byte[] content) throws IOException {
        Staging left = left(content);

        Outcome whole = delivery(server.port())
                .deliver(deliver(store.put("a", content), "/a"), LANE, FakeJournal.after(Optional.of(left)));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a")).hasBinaryContent(content);
        assertNothingStaged();
    }

    @Test
    void shouldSendTheWholeFileWhenWhatWasLeftIsGone() throws Exception {
        start();
        byte[] content = content(20 << 20);
        Staging left = left(content);
        Files.delete(served.resolve(left.staging().value().substring(1)));

        Outcome whole = delivery(server.port())
                .deliver(deliver(store.put("a", content), "/a"), LANE, FakeJournal.after(Optional.of(left)));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a")).hasBinaryContent(content);
    }

    @Test
    void shouldNotFillWithZerosWhatIsTakenAwayBeforeItIsGoneOnWith() throws Exception {
        start();
        delivered(deliver(store.put("first", ascii("tries the server out")), "/first"));
        byte[] content = content(20 << 20);
        TransferWork work = deliver(store.put("a", content), "/a");
        FakeJournal journal = FakeJournal.after(Optional.of(left(content)));
        var held = new CountDownLatch(1);
        server.holdBack("open", held);
        long before = server.requests("open");
        var attempt = new FutureTask<>(() -> delivery(server.port()).deliver(work, LANE, journal));
        Thread.ofPlatform().start(attempt);
        await().until(() -> server.requests("open") > before);
        try (var staged = Files.list(served.resolve(".waybill"))) {
            Files.delete(staged.findFirst().orElseThrow());
        }
        held.countDown();

        assertThat(attempt.get()).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a")).hasBinaryContent(content);
    }

    @Test
    void shouldNotGoOnFromAWithdrawnFileThatTheServerNeverBroughtToItsDisk() throws Exception {
        start();
        server.refuse("fsync", UNSUPPORTED);
        FakeJournal journal = FakeJournal.withoutCommit();
        delivery(server.port()).deliver(deliver(store.put("a", content(100)), "/a"), LANE, journal);
        server.refuseRenames((_, to) -> to.equals("/a"));

        try (var restarted = new SftpConnector()) {
            Outcome outcome = delivery(server.port(), WorkerMetrics.NONE, restarted)
                    .resolve(journal.intents().getFirst(), () -> {});

            var failed = assertThat(outcome).asInstanceOf(type(Outcome.NotDelivered.class)).actual();
            assertThat(failed.left().orElseThrow().safeBytes()).isZero();
        }
    }

    /** Half of the content is safe at the server, and behind it lies what pipelined writes left. */
    private Staging left(byte[] content) throws IOException {
        byte[] torn = content.clone();
        Arrays.fill(torn, content.length / 2, content.length / 2 + 100_000, (byte) 0);
        Files.createDirectories(served.resolve(".waybill"));
        Files.write(served.resolve(".waybill/left"), Arrays.copyOf(torn, content.length - 1000));
        TransferWork work = deliver(store.put("a", content), "/a");
        return new Staging(
                work.id(),
                work.attempt(),
                work.target(),
                LANE.number(),
                new RemotePath("/.waybill/left"),
                content.length / 2,
                Endpoint.of(Destinations.of(server)),
                Instant.EPOCH);
    }
}
