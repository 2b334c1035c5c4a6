package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.IngestRetry.Place;
import io.waybill.domain.IngestRetry.Skip;
import io.waybill.domain.SourceFilter;
import io.waybill.ingest.IngestLoop.IngestParts;
import io.waybill.ingest.parked.ParkedObjects;
import io.waybill.runtime.api.UnroutedAnswer;
import io.waybill.runtime.config.WaybillConfig.NotificationKeys;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.time.Backoff;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.ObjectCatalog.Answer;
import io.waybill.testkit.CaughtWarnings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(30)
class IngestServiceTest {
    private static final TopicPartition FIRST = FakeCluster.FIRST;
    private static final TopicPartition SECOND = FakeCluster.SECOND;
    private static final Lookups.Policy BRISK =
            new Lookups.Policy(8, Duration.ofSeconds(10), Duration.ofMillis(100));

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(BatchResult.class, IngestLoop.class);

    private final FakeCatalog store = new FakeCatalog();
    private final FakeCluster cluster = new FakeCluster();
    private final List<BatchCounts> batches = new CopyOnWriteArrayList<>();
    private final Set<String> down = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> waiting = new ConcurrentHashMap<>();
    /** What is added to the time of the machine. */
    private final AtomicLong ahead = new AtomicLong();
    private final ProcessClock clock = ProcessClock.of(
            () -> Fixture.NOW.plusNanos(ahead.get()), () -> ProcessClock.system().nanos() + ahead.get());
    private final Unrouted unrouted = new Unrouted();
    private final IngestService service = new IngestService(
            cluster,
            () -> store,
            new IngestParts(
                    new Routing(List.of(
                            Fixture.route("all", ""),
                            Fixture.route("other", new SourceFilter("other", "", "")))),
                    FakeCluster.TOPICS,
                    NotificationKeys.AUTO,
                    BRISK,
                    new ParkedObjects.Policy(
                            8, 16, new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)), Duration.ofHours(24)),
                    unrouted,
                    new IngestMetrics() {
                        @Override
                        public void committed(BatchCounts counts) {
                            batches.add(counts);
                        }

                        @Override
                        public void waiting(Map<String, Integer> parked, boolean anyPaused, Set<String> now) {
                            waiting.keySet().retainAll(parked.keySet());
                            waiting.putAll(parked);
                            down.retainAll(now);
                            down.addAll(now);
                        }
                    },
                    clock));
    private final FutureTask<Void> ended = new FutureTask<>(() -> {
        service.run();
        return null;
    });

    @AfterEach
    void stop() {
        service.close();
        eventually(ended::isDone);
        assertThat(store.closed).isTrue();
        assertThat(cluster.consumer.closed()).isTrue();
    }

    @Test
    void shouldPublishAnArrivalAndWhereToGoOnInOneTransaction() {
        start();
        cluster.send(FIRST, 0, Notifications.created("a.csv", "b.csv"));
        cluster.send(SECOND, 0, Notifications.created("c.csv"));
        until(() -> cluster.committed(FIRST) == 1 && cluster.committed(SECOND) == 1);
        assertThat(cluster.arrivals()).containsExactlyInAnyOrder("a.csv", "b.csv", "c.csv");
        until(() -> batches.stream().mapToInt(BatchCounts::events).sum() == 3);
        assertThat(service.check()).isEqualTo(Health.UP);
    }

    @Test
    void shouldGoPastRecordsThatBringNothing() {
        start();
        cluster.send(FIRST, 0, Notifications.resource("aws-test-event.json"));
        until(() -> cluster.committed(FIRST) == 1);
        assertThat(cluster.arrivals()).isEmpty();
    }

    @Test
    void shouldSetGarbageAsideAndGoOn() {
        start();
        cluster.send(FIRST, 0, "garbage".getBytes(StandardCharsets.UTF_8));
        cluster.send(FIRST, 1, Notifications.created("a.csv"));
        until(() -> cluster.committed(FIRST) == 2);
        assertThat(cluster.written("waybill.dead-letters")).isEqualTo(1);
        assertThat(cluster.arrivals()).containsExactly("a.csv");
    }

    @Test
    void shouldGoOnPastAnObjectThatTheStoreForbidsAndAskAgain() {
        store.forbidden.add("bad.csv");
        start();
        cluster.send(FIRST, 0, Notifications.created("bad.csv", "good.csv"));
        cluster.send(FIRST, 1, Notifications.created("next.csv"));
        until(() -> cluster.committed(FIRST) == 2);
        assertThat(cluster.arrivals()).containsExactly("good.csv", "next.csv");
        until(() -> waiting.getOrDefault("outbound", 0) == 1);
        assertThat(service.check().state()).isEqualTo(Health.State.UP);

        store.forbidden.clear();
        until(() -> cluster.arrivals().contains("bad.csv"));
        until(() -> waiting.isEmpty());
        assertThat(cluster.committed(FIRST)).isEqualTo(2);
        assertThat(cluster.arrivals()).containsExactly("good.csv", "next.csv", "bad.csv");
    }

    @Test
    void shouldEndAnObjectThatIsNeverDescribedAsALetter() {
        store.forbidden.add("bad.csv");
        start();
        cluster.send(FIRST, 0, Notifications.created("bad.csv", "good.csv"));
        until(() -> waiting.getOrDefault("outbound", 0) == 1);
        ahead.addAndGet(Duration.ofHours(25).toNanos());
        // Somebody else's object shows that the bucket works.
        cluster.send(FIRST, 1, Notifications.created("next.csv"));
        until(() -> cluster.written("waybill.dead-letters") == 1);
        until(() -> waiting.isEmpty());
        assertThat(cluster.written("waybill.dead-letters")).isEqualTo(1);
        assertThat(unrouted.newest(Optional.of(Unrouted.Cause.DENIED), 10).objects())
                .extracting(UnroutedAnswer.UnroutedObject::key)
                .containsOnly("bad.csv");
    }

    @Test
    void shouldPauseOnlyTheBucketThatIsAwayAndTurnRedAfterFiveMinutes() {
        store.away.add("other");
        start();
        cluster.send(FIRST, 0, in("other", "a.csv"));
        cluster.send(FIRST, 1, Notifications.created("b.csv"));
        until(() -> cluster.committed(FIRST) == 2 && cluster.arrivals().contains("b.csv"));
        until(() -> service.check().detail().contains("bucket other: no connection"));
        assertThat(service.check().state()).isEqualTo(Health.State.UP);
        assertThat(down).isEmpty();

        ahead.addAndGet(Duration.ofMinutes(6).toNanos());
        until(() -> service.check().state() == Health.State.WAITING);
        until(() -> down.equals(Set.of("other")));
        cluster.send(FIRST, 2, Notifications.created("c.csv"));
        until(() -> cluster.arrivals().contains("c.csv"));

        store.away.clear();
        ahead.addAndGet(Duration.ofMinutes(1).toNanos());
        until(() -> cluster.arrivals().contains("a.csv"));
        until(() -> service.check().equals(Health.UP));
        assertThat(cluster.arrivals()).containsExactlyInAnyOrder("a.csv", "b.csv", "c.csv");
        until(() -> down.isEmpty());
    }

    @Test
    void shouldNotLetManyQuestionsOfARecordHoldUpTheNext() {
        var silence = new CountDownLatch(1);
        String[] many = IntStream.range(0, 300).mapToObj(i -> "many-" + i).toArray(String[]::new);
        List.of(many).forEach(key -> store.silent.put(key, silence));
        start();
        cluster.send(FIRST, 0, Notifications.created(many));
        cluster.send(SECOND, 0, in("other", "next.csv"));
        until(() -> cluster.arrivals().contains("next.csv"));
        assertThat(cluster.committed(FIRST)).isEqualTo(1);

        silence.countDown();
        until(() -> cluster.arrivals().size() == 301);
        assertThat(cluster.arrivals()).doesNotHaveDuplicates();
    }

    @Test
    void shouldLeaveParkedObjectsToTheNextOwnerOfTheirPartition() {
        store.forbidden.add("a.csv");
        start();
        cluster.send(FIRST, 0, Notifications.created("a.csv"));
        until(() -> waiting.getOrDefault("outbound", 0) == 1);
        cluster.consumer.schedulePollTask(() -> cluster.consumer.rebalance(List.of(SECOND)));
        until(() -> waiting.isEmpty());
        store.forbidden.clear();
        cluster.send(SECOND, 0, Notifications.created("b.csv"));
        until(() -> cluster.arrivals().contains("b.csv"));
        assertThat(cluster.arrivals()).containsExactly("b.csv");

        cluster.consumer.schedulePollTask(() -> cluster.consumer.rebalance(List.of(FIRST, SECOND)));
        until(() -> cluster.arrivals().contains("a.csv"));
        assertThat(cluster.arrivals()).containsExactly("b.csv", "a.csv");
    }

    @Test
    void shouldNeverAskTheStoreAboutAKeyWithDots() {
        start();
        cluster.send(FIRST, 0, Notifications.created("in/../secret.csv", "good.csv"));
        until(() -> cluster.committed(FIRST) == 1);
        assertThat(cluster.arrivals()).containsExactly("good.csv");
        assertThat(store.asked).containsExactly("good.csv");
        assertThat(cluster.written("waybill.dead-letters")).isEqualTo(1);
    }

    @Test
    void shouldNotAskForARawKeyWithDotsEither() {
        store.answers.put("harmless.csv", new Answer.Gone());
        start();
        cluster.send(FIRST, 0, """
                {"detail-type":"Object Created","detail":{"bucket":{"name":"outbound"},
                 "object":{"key":"harmless.csv","raw-key":"in/../secret.csv"}}}
                """.getBytes(StandardCharsets.UTF_8));
        until(() -> cluster.committed(FIRST) == 1);
        assertThat(store.asked).containsExactly("harmless.csv");
        assertThat(cluster.arrivals()).isEmpty();
    }

    @Test
    void shouldAskForTheKeyAsItStandsBeforeAFileIsTakenForGone() {
        store.answers.put("a b.csv", new Answer.Gone());
        start();
        cluster.send(FIRST, 0, Notifications.created("a b.csv"));
        until(() -> cluster.committed(FIRST) == 1);
        assertThat(store.asked).containsExactlyInAnyOrder("a b.csv", "a+b.csv");
        assertThat(cluster.arrivals()).containsExactly("a+b.csv");
    }

    @Test
    void shouldSkipANotificationThatAPersonWantsNoMore() {
        cluster.skip(new Skip(new Place(0, 0), Fixture.NOW, "ann", "not ours"));
        start();
        cluster.send(FIRST, 0, Notifications.created("a.csv"));
        cluster.send(FIRST, 1, Notifications.created("b.csv"));
        until(() -> cluster.arrivals().contains("b.csv"));
        assertThat(cluster.arrivals()).containsExactly("b.csv");
        assertThat(store.asked).doesNotContain("a.csv");
        assertThat(cluster.written("waybill.dead-letters")).isEqualTo(1);
    }

    @Test
    void shouldSkipWhatWasParkedAMomentBeforeAPersonAsked() {
        store.forbidden.add("bad.csv");
        start();
        cluster.conceal();
        cluster.send(FIRST, 0, Notifications.created("bad.csv"));
        until(() -> cluster.committed(FIRST) == 1);
        cluster.skip(new Skip(new Place(0, 0), Fixture.NOW, "ann", "damaged"));
        cluster.send(FIRST, 1, Notifications.created("good.csv"));
        cluster.send(FIRST, 2, Notifications.created("good.csv"));
        until(() -> cluster.committed(FIRST) == 3);

        cluster.reveal();

        until(() -> cluster.written("waybill.dead-letters") == 1);
        until(() -> waiting.isEmpty());
    }

    @Test
    void shouldStopLoudlyWhenKafkaHasRemovedNotificationsThatNobodyRead() {
        cluster.stands(FIRST, 100);
        cluster.consumer.updateBeginningOffsets(Map.of(FIRST, 4_711L));
        Thread.ofPlatform().name(service.name()).start(ended);
        eventually(ended::isDone);
        assertThat(ended.exceptionNow())
                .isInstanceOf(Positions.NotificationsLostException.class)
                .hasMessageContainingAll(
                        "waybill.s3-notifications-0: offsets 100 to 4710", "4611 notifications", "outbound",
                        "./waybill skip --lost");
        assertThat(service.check().state()).isEqualTo(Health.State.DOWN);
    }

    @Test
    void shouldNotTakeTheMarkersOfTransactionsForLostNotifications() {
        start();
        cluster.send(FIRST, 0, Notifications.created("a.csv"));
        until(() -> cluster.committed(FIRST) == 1);
        // As if the marker that ends the transaction of a bridge had come after the last notification.
        cluster.consumer.schedulePollTask(() -> cluster.consumer.seek(FIRST, 2));

        until(() -> cluster.committed(FIRST) == 2);

        assertThat(cluster.arrivals()).containsExactly("a.csv");
    }

    private static byte[] in(String bucket, String key) {
        return new String(Notifications.created(key), StandardCharsets.UTF_8)
                .replace("\"outbound\"", "\"" + bucket + "\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldReadABatchAgainThatTheGroupRefused() {
        cluster.refusals.add(new CommitFailedException());
        start();
        cluster.send(FIRST, 0, Notifications.created("a.csv"));
        until(() -> cluster.producers.getFirst().transactionAborted());
        assertThat(cluster.committed(FIRST)).isZero();
        cluster.send(FIRST, 0, Notifications.created("a.csv"));
        until(() -> cluster.committed(FIRST) == 1);
        assertThat(cluster.arrivals()).containsExactly("a.csv");
    }

    @Test
    void shouldStopWhenSomebodyMustGrantARight() {
        cluster.refusals.add(new TopicAuthorizationException("no right to write"));
        start();
        cluster.send(FIRST, 0, Notifications.created("a.csv"));
        eventually(ended::isDone);
        assertThat(ended.exceptionNow()).isInstanceOf(TopicAuthorizationException.class);
        assertThat(service.check().state()).isEqualTo(Health.State.DOWN);
    }

    @Test
    void shouldStopWhileTheStoreSaysNothing() throws InterruptedException, ExecutionException {
        var silence = new CountDownLatch(1);
        store.silent.put("a.csv", silence);
        start();
        cluster.send(FIRST, 0, Notifications.created("a.csv"));
        until(() -> store.asked.contains("a.csv"));
        service.close();
        ended.get();
        silence.countDown();
        assertThat(cluster.arrivals()).isEmpty();
    }

    private static void eventually(Callable<Boolean> condition) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(condition);
    }

    /** Waits for a condition, or for the end of the service, which is then as good as it gets. */
    private void until(BooleanSupplier condition) {
        eventually(() -> condition.getAsBoolean() || ended.isDone());
        assertThat(condition.getAsBoolean())
                .withFailMessage(() -> "the service ended first: " + ended)
                .isTrue();
    }

    private void start() {
        assertThat(service.check().state()).isEqualTo(Health.State.STARTING);
        Thread.ofPlatform().name(service.name()).start(ended);
        until(() -> service.check().equals(Health.UP));
    }
}
