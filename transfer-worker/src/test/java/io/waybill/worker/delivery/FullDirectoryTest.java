package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.TransferWork;
import io.waybill.sftp.SftpConnector;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.Destinations;
import io.waybill.worker.HandClock;
import io.waybill.worker.connections.ConnectionPool;
import io.waybill.worker.metrics.WorkerMetrics;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A destination whose disk is full: its files wait and lose no attempts, and it is asked seldom. */
final class FullDirectoryTest extends DestinationDeliveryFixture {
    private static final int NO_SPACE = 14;
    private static final DestinationName ACME = new DestinationName("acme");

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.named("io.waybill.worker.connections.RoomBreaker");

    private final SftpConnector connector = new SftpConnector();
    private final HandClock time = new HandClock();
    private final List<Place> recovered = new ArrayList<>();
    private final ConnectionPool pool = new ConnectionPool(
            connector, WorkerMetrics.NONE, time, _ -> true, new Random(1), recovered::add);
    private DestinationDelivery delivery;

    @BeforeEach
    void fill() {
        start();
        server.refuse("write", NO_SPACE);
        var destination = Destinations.of(server);
        delivery =
                new DestinationDelivery(Map.of(destination.name(), destination), store, pool, WorkerMetrics.NONE, time);
    }

    @AfterEach
    void closeConnections() {
        pool.close();
        connector.close();
    }

    private Outcome deliverTo(String path) {
        return delivery.deliver(work(path), LANE, new FakeJournal());
    }

    private TransferWork work(String path) {
        return deliver(store.put("object" + path, content(10)), path);
    }

    private void fillUp() {
        assertThat(failureOf(deliverTo("/a")).kind()).isEqualTo(FailureKind.DISK_FULL);
        assertThat(failureOf(deliverTo("/b")).kind()).isEqualTo(FailureKind.DISK_FULL);
        assertDeferred(deliverTo("/c"), true);
        assertThat(warnings.lines())
                .singleElement()
                .asString()
                .startsWith("A directory has no room left; its files wait destination=acme directory=/");
    }

    private static void assertDeferred(Outcome outcome, boolean begun) {
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Deferred.class, deferred -> {
            assertThat(deferred.reason().kind()).isEqualTo(FailureKind.DISK_FULL);
            assertThat(deferred.begun()).isEqualTo(begun);
        });
    }

    @Test
    void shouldLetTheFilesWaitWhenThreeInARowFindNoRoom() {
        fillUp();
        long asked = server.requests("write");

        assertDeferred(deliverTo("/d"), false);
        assertThat(server.requests("write")).isEqualTo(asked);
    }

    @Test
    void shouldNotTakeOneLargeFileForAFullDisk() {
        var large = work("/a");
        for (int i = 0; i < 10; i++) {
            assertThat(failureOf(delivery.deliver(large, LANE, new FakeJournal())).kind())
                    .isEqualTo(FailureKind.DISK_FULL);
        }
    }

    @Test
    void shouldCountAgainAfterAFileFoundRoom() {
        for (int i = 0; i < 3; i++) {
            server.refuse("write", NO_SPACE);
            assertThat(deliverTo("/a" + i)).isInstanceOf(Outcome.NotDelivered.class);
            assertThat(deliverTo("/b" + i)).isInstanceOf(Outcome.NotDelivered.class);
            server.behave();
            assertThat(deliverTo("/c" + i)).isInstanceOf(Outcome.Delivered.class);
        }
        assertThat(recovered).isEmpty();
    }

    @Test
    void shouldSendOneFileAfterAWhileAndReleaseTheOthersWhenItFindsRoom() {
        fillUp();
        time.pass(Duration.ofSeconds(6));
        assertDeferred(deliverTo("/d"), true);
        assertDeferred(deliverTo("/e"), false);

        time.pass(Duration.ofSeconds(11));
        server.behave();
        assertThat(deliverTo("/f")).isInstanceOf(Outcome.Delivered.class);

        assertThat(recovered).containsExactly(new Place.Destination(ACME));
        assertThat(deliverTo("/g")).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void shouldSendOtherFilesWhileALargeOneStillShowsWhetherThereIsRoom() throws Exception {
        fillUp();
        time.pass(Duration.ofSeconds(6));
        pool.rooms().admit(ACME, "/");
        assertDeferred(deliverTo("/d"), false);

        time.pass(Duration.ofSeconds(6));
        server.behave();

        assertThat(deliverTo("/d")).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void shouldSendToOtherDirectoriesMeanwhile() throws Exception {
        fillUp();
        server.behave();
        Files.createDirectory(served.resolve("other"));

        assertThat(deliverTo("/other/a")).isInstanceOf(Outcome.Delivered.class);
        assertDeferred(deliverTo("/d"), false);
    }

    @Test
    void shouldTryAtOnceWhenSomebodySaysSo() {
        fillUp();
        server.behave();

        assertThat(pool.release(ACME, Release.Cause.ASKED)).isTrue();

        assertThat(deliverTo("/d")).isInstanceOf(Outcome.Delivered.class);
    }
}
