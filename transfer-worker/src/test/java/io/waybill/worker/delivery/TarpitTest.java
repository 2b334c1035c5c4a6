package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Target;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.UnknownOutcome;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.SftpConnector;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.RogueSftpServer;
import io.waybill.worker.Works;
import io.waybill.worker.connections.ConnectionPool;
import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.metrics.WorkerMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ten partners, of whom one keeps whoever comes. */
@Timeout(120)
final class TarpitTest {
    private static final int FILES = 20;
    private static final int LANES = 4;
    private static final int AT_ONCE = 4;
    private static final String TARPIT = "tarpit";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(
            named("org.apache.sshd.client.session.ClientSessionImpl"),
            named("io.waybill.worker.connections.Breaker"));

    @TempDir
    private Path directory;

    private final FakeStore store = new FakeStore();
    private final SftpConnector connector = new SftpConnector();
    private final Map<String, RogueSftpServer> good = new ConcurrentHashMap<>();
    private final List<AutoCloseable> trap = new ArrayList<>();
    private boolean sprung;
    private final Map<TransferWork, Outcome> outcomes = new ConcurrentHashMap<>();

    /** How the tenth keeps its callers. The first two never let anybody in. */
    private enum Trap {
        SAYS_NOTHING,
        TALKS_BEFORE_THE_PROTOCOL,
        ANSWERS_NOTHING
    }

    /** It warns that the tenth is down. */
    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void startTheGoodOnes() {
        for (int i = 1; i <= 9; i++) {
            RogueSftpServer server = RogueSftpServer.start(directory.resolve("p" + i));
            good.put("p" + i, server);
        }
    }

    @AfterEach
    void stop() {
        connector.close();
        springOpen();
        good.values().forEach(RogueSftpServer::close);
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverToNineWhileTheTenthKeepsWhoeverComes(Trap kind) throws Exception {
        Map<DestinationName, DestinationConfig> destinations = destinations(kind);
        try (var pool = new ConnectionPool(connector, WorkerMetrics.NONE, ProcessClock.system())) {
            var delivery = new DestinationDelivery(
                    destinations, store, pool, WorkerMetrics.NONE, ProcessClock.system());
            LaneScheduler scheduler = Works.scheduler(AT_ONCE, Thread::startVirtualThread);
            // The trap first, so that whatever it could take, it takes.
            List<TransferWork> trapped = submit(TARPIT, scheduler, delivery);
            List<TransferWork> free = good.keySet().stream()
                    .sorted()
                    .flatMap(name -> submit(name, scheduler, delivery).stream())
                    .toList();

            await().atMost(LIMIT).until(() -> outcomes.keySet().containsAll(free));

            assertThat(free).hasSize(9 * FILES)
                    .allSatisfy(work -> assertThat(outcomes.get(work)).isInstanceOf(Outcome.Delivered.class));
            assertThat(good).allSatisfy((name, server) -> {
                assertThat(server.files().resolve("in").toFile().listFiles((_, file) -> file.endsWith(".csv")))
                        .hasSize(FILES);
                assertThat(server.mostChannels()).as(name).isLessThanOrEqualTo(LANES);
            });
            assertThat(outcomes.keySet()).as("the trap still holds its own").doesNotContainAnyElementsOf(trapped);
            springOpen();
            await().atMost(LIMIT).until(() -> outcomes.keySet().containsAll(trapped));
            assertThat(trapped).allSatisfy(work -> assertThat(kind(outcomes.get(work)))
                    .isIn(FailureKind.UNREACHABLE, FailureKind.CONNECTION_LOST));
            assertThat(scheduler.stop(LIMIT)).isTrue();
        }
    }

    private static FailureKind kind(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Deferred deferred -> deferred.reason().kind();
            case Outcome.NotDelivered not -> not.failure().kind();
            default -> throw new AssertionError("unexpected " + outcome);
        };
    }

    private List<TransferWork> submit(String destination, LaneScheduler scheduler, DestinationDelivery delivery) {
        List<TransferWork> all = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            String key = destination + "/" + i + ".csv";
            TransferWork plain = deliver(store.put(key, key.getBytes(StandardCharsets.US_ASCII)), "/in/" + i + ".csv");
            var work = new TransferWork(
                    plain.id(), plain.route(), plain.attempt(), plain.source(),
                    new Target(new DestinationName(destination), new RemotePath("/in/" + i + ".csv")),
                    plain.onConflict(), plain.verify(), true);
            var lane = new Lane(new DestinationName(destination), i % LANES);
            all.add(work);
            scheduler.submit(lane, work.target().path(),
                    () -> outcomes.put(work, delivery.deliver(work, lane, new FakeJournal())));
        }
        return all;
    }

    private Map<DestinationName, DestinationConfig> destinations(Trap kind) throws IOException {
        List<DestinationConfig> all = new ArrayList<>();
        good.forEach((name, server) -> all.add(Destinations.named(name, Destinations.of(server))));
        all.add(Destinations.named(TARPIT, trapped(kind)));
        return all.stream().collect(Collectors.toMap(DestinationConfig::name, Function.identity()));
    }

    private DestinationConfig trapped(Trap kind) throws IOException {
        RogueSftpServer server = RogueSftpServer.start(directory.resolve(TARPIT));
        server.swallowAnswersTo("limits");
        keep(server);
        if (kind == Trap.ANSWERS_NOTHING) {
            return patient(server, server.port());
        }
        var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        keep(listener);
        Thread.ofVirtual().start(() -> accept(listener, kind));
        return patient(server, listener.getLocalPort());
    }

    /** Nothing ends a wait while the test runs. */
    private static DestinationConfig patient(RogueSftpServer server, int port) {
        return new DestinationConfig(
                new DestinationName(TARPIT),
                "127.0.0.1",
                port,
                RogueSftpServer.USER,
                Optional.empty(),
                Optional.of(Secret.of(RogueSftpServer.PASSWORD)),
                List.of(server.hostKey()),
                "/",
                LANES,
                AT_ONCE,
                false,
                Staging.DEFAULT,
                PATIENCE,
                PATIENCE,
                PATIENCE,
                StandardCharsets.UTF_8,
                UnknownOutcome.HOLD,
                PATIENCE,
                Flow.DEFAULT);
    }

    private void keep(AutoCloseable each) {
        synchronized (trap) {
            trap.add(each);
            if (sprung) {
                close(each);
            }
        }
    }

    private static void close(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void accept(ServerSocket listener, Trap kind) {
        try {
            while (true) {
                Socket caller = listener.accept();
                keep(caller);
                if (kind == Trap.TALKS_BEFORE_THE_PROTOCOL) {
                    caller.getOutputStream().write("Please hold the line.\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException e) {
            // The test is over.
            return;
        }
    }

    /** Everybody who is kept is let go. */
    private void springOpen() {
        synchronized (trap) {
            sprung = true;
            // First of all nobody else gets in.
            trap.forEach(TarpitTest::close);
        }
    }
}
