package io.waybill.worker.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.FailureKind;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import io.waybill.store.ObjectReader;
import io.waybill.store.StoreDownException;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.HandClock;
import io.waybill.worker.Works;
import io.waybill.worker.metrics.WorkerMetrics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A store that goes down and comes back, as a worker sees it. */
final class GuardedSourceTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(GuardedSource.class);

    private static final SourceObject GOOD = Works.object("good", new byte[3]);
    private static final SourceObject DAMAGED = Works.object("damaged", new byte[3]);

    private final HandClock time = new HandClock();
    private final Store store = new Store();
    private final List<Place> recovered = new ArrayList<>();
    private final List<String> shown = new ArrayList<>();
    private final GuardedSource source = new GuardedSource(
            store,
            new WorkerMetrics() {
                @Override
                public void sourceReachable(String bucket, boolean up) {
                    shown.add(bucket + (up ? " up" : " down"));
                }
            },
            time,
            new Random(1),
            recovered::add);

    private static final class Store implements ObjectReader {
        private boolean down;
        private boolean breaksOff;
        private int opened;
        private final AtomicInteger askedForBucket = new AtomicInteger();
        private CountDownLatch hangs = new CountDownLatch(0);

        @Override
        public InputStream open(SourceObject object) throws TransferException {
            opened++;
            if (down) {
                throw new StoreDownException("connection refused", new IOException("refused"));
            }
            if (object.equals(DAMAGED)) {
                throw new TransferException(FailureKind.SOURCE_UNREACHABLE, "503 for this object alone");
            }
            return breaksOff ? new Broken() : new ByteArrayInputStream(new byte[3]);
        }

        @Override
        public boolean answers(String bucket) {
            askedForBucket.incrementAndGet();
            try {
                hangs.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return !down;
        }

        @Override
        public Optional<SourceObject> current(String bucket, String key) throws TransferException {
            return Optional.of(open(GOOD)).map(_ -> GOOD);
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    private static final class Broken extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("gone", new StoreDownException("connection refused", new IOException("refused")));
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return read();
        }
    }

    private SourceDownException turnedAway() {
        return catchThrowableOfType(SourceDownException.class, () -> source.open(GOOD));
    }

    @Test
    void shouldPutFilesOffWhileTheStoreIsAwayAndAskItRarely() throws Exception {
        source.open(GOOD).close();
        store.down = true;
        SourceDownException first = turnedAway();

        for (int i = 0; i < 50; i++) {
            SourceDownException next = turnedAway();
            assertThat(next.kind()).isEqualTo(FailureKind.SOURCE_UNREACHABLE);
            assertThat(next.until()).isAfterOrEqualTo(first.until());
        }

        assertThat(store.opened).isEqualTo(2);
        assertThat(shown).containsExactly("outbound up", "outbound down");
        assertThat(warnings.lines()).singleElement().asString().contains("A bucket cannot be read", "outbound");
    }

    @Test
    void shouldSayOnceThatTheBucketCanBeReadAgain() throws Exception {
        store.down = true;
        turnedAway();
        time.pass(Duration.ofSeconds(6));
        // Asked for itself: an object could have a fault of its own.
        turnedAway();
        assertThat(store.opened).isOne();
        assertThat(store.askedForBucket).hasValue(1);
        store.down = false;
        time.pass(Duration.ofSeconds(11));

        source.open(GOOD).close();
        source.open(GOOD).close();

        assertThat(recovered).containsExactly(new Place.Bucket("outbound"));
    }

    /** Otherwise the files of the bucket wait until one of them happens to be tried. */
    @Test
    void shouldSayThatTheBucketCanBeReadAgainThoughTheFirstObjectCannot() {
        store.down = true;
        turnedAway();
        store.down = false;
        time.pass(Duration.ofSeconds(6));

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> source.open(DAMAGED))
                .isNotInstanceOf(SourceDownException.class);

        assertThat(recovered).containsExactly(new Place.Bucket("outbound"));
        assertThat(shown).endsWith("outbound up");
    }

    @Test
    void shouldNotTakeOneDamagedObjectForAStoreThatIsAway() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(() -> source.open(DAMAGED))
                    .isNotInstanceOf(SourceDownException.class);
        }

        source.open(GOOD).close();
    }

    @Test
    void shouldNotTakeAnObjectForTheReasonWhenTheStoreGoesDownWhileItIsRead() throws Exception {
        store.breaksOff = true;
        try (InputStream content = source.open(GOOD)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(content::readAllBytes)
                    .withCauseInstanceOf(SourceDownException.class);
        }

        turnedAway();
        assertThat(store.opened).isOne();
    }

    @Test
    void shouldAskAtOnceWhenAPersonSaysSo() throws Exception {
        store.down = true;
        turnedAway();
        store.down = false;

        assertThat(source.release("outbound", Release.Cause.ASKED)).isTrue();
        assertThat(source.release("another", Release.Cause.ASKED)).isFalse();

        source.open(GOOD).close();
    }

    @Test
    void shouldHoldUpQuestionsForVersionsTheSameWay() {
        store.down = true;
        turnedAway();

        assertThatExceptionOfType(SourceDownException.class).isThrownBy(() -> source.current("outbound", "good"));
        assertThatExceptionOfType(SourceDownException.class).isThrownBy(() -> source.requireUp("outbound"));
        assertThat(store.opened).isOne();
    }

    /** Their lanes have files of other buckets to send. */
    @Test
    void shouldNotLetOthersWaitForTheAnswerAboutABucketThatHangs() throws Exception {
        store.down = true;
        turnedAway();
        time.pass(Duration.ofHours(1));
        store.hangs = new CountDownLatch(1);
        Thread asking = Thread.ofVirtual().start(this::turnedAway);
        await().until(() -> store.askedForBucket.get() == 1);

        Thread other = Thread.ofVirtual().start(this::turnedAway);

        assertThat(other.join(Duration.ofSeconds(5))).isTrue();
        assertThat(store.askedForBucket).hasValue(1);
        store.hangs.countDown();
        assertThat(asking.join(Duration.ofSeconds(5))).isTrue();
    }
}
