package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.TransferWork;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.OwnershipGuard;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a worker that is asked to stop does with the files in flight. */
final class StoppingWorkerTest extends DestinationDeliveryFixture {
    private static final int MIB = 1 << 20;
    private static final int UNSUPPORTED = 8;

    private final AtomicLong sent = new AtomicLong();
    private final WorkerMetrics counting = new WorkerMetrics() {
        @Override
        public void sent(int bytes) {
            sent.addAndGet(bytes);
        }
    };

    @Test
    void shouldLeaveALargeUploadWithAllThatWasSentOnTheDisk() throws Exception {
        start();
        byte[] content = content(40 * MIB);
        DestinationDelivery delivery = delivery(server.port(), counting);
        TransferWork work = deliver(store.put("a", content), "/a");
        FakeJournal journal = FakeJournal.under(new Stopping(20 * MIB, Duration.ofSeconds(5)));

        Outcome left = delivery.deliver(work, LANE, journal);

        assertThat(left).isInstanceOf(Outcome.Dropped.class);
        assertThat(served.resolve("a")).doesNotExist();
        long safe = journal.notes().getLast().safeBytes();
        assertThat(safe).isEqualTo(sent.get()).isBetween(20L * MIB, 30L * MIB);
        sent.set(0);

        Outcome whole = delivery.deliver(work, LANE, FakeJournal.after(Optional.of(journal.notes().getLast())));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
        assertThat(sent).hasValue(content.length - safe);
        assertThat(served.resolve("a")).hasBinaryContent(content);
        assertNothingStaged();
    }

    @Test
    void shouldBringAnUploadToItsEndThatCanEndInTime() throws Exception {
        start();
        byte[] content = content(40 * MIB);
        TransferWork work = deliver(store.put("a", content), "/a");

        Outcome whole = delivery(server.port(), counting)
                .deliver(work, LANE, FakeJournal.under(new Stopping(20 * MIB, Duration.ofNanos(1))));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a")).hasBinaryContent(content);
    }

    @Test
    void shouldBringASmallFileToItsEndHoweverLongItTakes() throws Exception {
        start();
        byte[] content = content(2 * MIB);
        TransferWork work = deliver(store.put("a", content), "/a");

        Outcome whole = delivery(server.port(), counting)
                .deliver(work, LANE, FakeJournal.under(new Stopping(MIB, Duration.ofSeconds(60))));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void shouldNotLeaveAnUploadThatTheServerDoesNotBringToItsDisk() throws Exception {
        start();
        server.refuse("fsync", UNSUPPORTED);
        byte[] content = content(20 * MIB);
        TransferWork work = deliver(store.put("a", content), "/a");
        delivered(deliver(store.put("first", ascii("shows what the server can")), "/first"));

        Outcome whole = delivery(server.port(), counting)
                .deliver(work, LANE, FakeJournal.under(new Stopping(10 * MIB, Duration.ofSeconds(1))));

        assertThat(whole).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void shouldNotBeginAFileWhoseConnectionComesTooLate() throws Exception {
        start();
        TransferWork work = deliver(store.put("a", content(10)), "/a");

        Outcome left = delivery(server.port(), counting)
                .deliver(work, LANE, FakeJournal.under(new Stopping(0, Duration.ZERO)));

        assertThat(left).isInstanceOf(Outcome.Dropped.class);
        assertThat(Files.exists(served.resolve("a"))).isFalse();
        assertThat(sent).hasValue(0);
    }

    /**
     * The worker is asked to stop within 100 seconds when so many bytes are sent. From then on, so much time passes from look
     * to look.
     */
    private final class Stopping implements OwnershipGuard {
        private final long after;
        private final Duration step;
        private Duration left = Duration.ofSeconds(100);

        Stopping(long after, Duration step) {
            this.after = after;
            this.step = step;
        }

        @Override
        public boolean stands() {
            return true;
        }

        @Override
        public Optional<Duration> limit() {
            if (sent.get() < after) {
                return Optional.empty();
            }
            left = left.compareTo(step) > 0 ? left.minus(step) : Duration.ZERO;
            return Optional.of(left);
        }
    }
}
