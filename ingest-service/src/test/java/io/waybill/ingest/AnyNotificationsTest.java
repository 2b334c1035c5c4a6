package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.IngestRetry.Place;
import io.waybill.domain.IngestRetry.Skip;
import io.waybill.domain.SourceFilter;
import io.waybill.ingest.IngestLoop.IngestParts;
import io.waybill.ingest.parked.ParkedObjects;
import io.waybill.runtime.config.WaybillConfig.NotificationKeys;
import io.waybill.runtime.time.Backoff;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.testkit.CaughtWarnings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to the store, the group and the commits meanwhile, each object of a notification arrives once, unless a
 * person skips the notification; then what is left of it ends in a letter.
 */
@Timeout(60)
class AnyNotificationsTest {
    private static final int LIVES = Integer.getInteger("waybill.ingest.lives", 12);
    private static final int DEEDS = 25;
    private static final List<String> BUCKETS = List.of("outbound", "other");

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(
            BatchResult.class, IngestLoop.class, EventPublisher.class, ParkedObjects.class);

    private final FakeCatalog store = new FakeCatalog();
    private final UnsteadyCluster cluster = new UnsteadyCluster();
    private final AtomicLong ahead = new AtomicLong();
    private final AtomicInteger parked = new AtomicInteger();
    private final ProcessClock clock = ProcessClock.of(
            () -> Fixture.NOW.plusNanos(ahead.get()), () -> ProcessClock.system().nanos() + ahead.get());
    private final IngestService service = new IngestService(
            cluster,
            () -> store,
            new IngestParts(
                    new Routing(List.of(
                            Fixture.route("all", ""),
                            Fixture.route("other", new SourceFilter("other", "", "")))),
                    FakeCluster.TOPICS,
                    NotificationKeys.AUTO,
                    new Lookups.Policy(8, Duration.ofSeconds(10), Duration.ofMillis(100)),
                    new ParkedObjects.Policy(
                            2, 3, new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)), Duration.ofHours(24)),
                    new Unrouted(),
                    new IngestMetrics() {
                        @Override
                        public void committed(BatchCounts counts) {
                            // The log says more.
                        }

                        @Override
                        public void waiting(Map<String, Integer> sizes, boolean anyPaused, Set<String> now) {
                            parked.set(sizes.values().stream().mapToInt(Integer::intValue).sum());
                        }
                    },
                    clock));
    private final FutureTask<Void> ended = new FutureTask<>(() -> {
        service.run();
        return null;
    });
    private final Map<Place, List<String>> notified = new LinkedHashMap<>();
    private final Set<Place> skipped = new LinkedHashSet<>();

    static List<Integer> seeds() {
        return IntStream.range(0, LIVES).boxed().toList();
    }

    @AfterEach
    void stop() {
        service.close();
        await().pollInterval(Duration.ofMillis(1)).until(ended::isDone);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldBringEachObjectToOneEnd(int seed) {
        var random = new SplittableRandom(seed);
        Thread.ofPlatform().name(service.name()).start(ended);
        for (int deed = 0; deed < DEEDS; deed++) {
            happen(random);
            long after = cluster.polls.get() + random.nextInt(4);
            until(() -> cluster.polls.get() >= after);
        }
        calmDown();

        until(() -> cluster.allRead() && parked.get() == 0 && isComplete());
        assertThat(cluster.arrivals()).doesNotHaveDuplicates();
        notified.forEach((place, keys) -> assertThat(letters(place))
                .as("letters of %s", place)
                .isLessThanOrEqualTo(skipped.contains(place) ? keys.size() : 0));
    }

    private long letters(Place place) {
        return cluster.letters().stream().filter(origin -> origin.endsWith("-" + place)).count();
    }

    private void happen(SplittableRandom random) {
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> send(random);
            case 4, 5 -> cluster.commits.add(UnsteadyCluster.Commit.values()[random.nextInt(
                    UnsteadyCluster.Commit.values().length)]);
            case 6 -> cluster.owns(random.nextBoolean() ? List.of(FakeCluster.FIRST) : List.of(FakeCluster.SECOND));
            case 7 -> cluster.owns(List.of(FakeCluster.FIRST, FakeCluster.SECOND));
            case 8 -> store.away.add(BUCKETS.get(random.nextInt(BUCKETS.size())));
            case 9 -> store.away.clear();
            case 10, 11 -> {
                // What comes of the parked objects may not be committed.
                cluster.commits.add(UnsteadyCluster.Commit.values()[random.nextInt(
                        UnsteadyCluster.Commit.values().length)]);
                store.forbidden.clear();
            }
            case 12 -> ahead.addAndGet(Duration.ofSeconds(random.nextInt(200)).toNanos());
            default -> skip(random);
        }
    }

    private void send(SplittableRandom random) {
        var keys = new ArrayList<String>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String key = "object-" + notified.size() + "-" + i + ".csv";
            keys.add(key);
            if (random.nextInt(3) == 0) {
                store.forbidden.add(key);
            }
        }
        byte[] value = Notifications.created(BUCKETS.get(random.nextInt(BUCKETS.size())), keys);
        notified.put(cluster.send(random.nextInt(2), value), keys);
    }

    private void skip(SplittableRandom random) {
        if (!notified.isEmpty()) {
            Place place = List.copyOf(notified.keySet()).get(random.nextInt(notified.size()));
            skipped.add(place);
            cluster.skip(new Skip(place, clock.instant(), "ann", "not ours"));
        }
    }

    private void calmDown() {
        cluster.commits.clear();
        store.away.clear();
        store.forbidden.clear();
        cluster.owns(List.of(FakeCluster.FIRST, FakeCluster.SECOND));
    }

    private boolean isComplete() {
        ahead.addAndGet(Duration.ofSeconds(1).toNanos());
        List<String> arrived = cluster.arrivals();
        return notified.entrySet().stream()
                .allMatch(each -> arrived.containsAll(each.getValue())
                        || skipped.contains(each.getKey()) && letters(each.getKey()) > 0);
    }

    /** Waits for a condition, or for the end of the service, which is then as good as it gets. */
    private void until(BooleanSupplier condition) {
        try {
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> condition.getAsBoolean() || ended.isDone());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(described(), e);
        }
        assertThat(condition.getAsBoolean()).withFailMessage(() -> "the service ended first: " + ended).isTrue();
    }

    private String described() {
        List<String> open = notified.entrySet().stream()
                .filter(each -> !cluster.arrivals().containsAll(each.getValue()))
                .map(each -> each + (skipped.contains(each.getKey()) ? " skipped" : ""))
                .toList();
        return "open are " + open + ", " + parked + " are parked, letters are of " + cluster.letters() + ", all read: "
                + cluster.allRead() + ", health: " + service.check();
    }
}
