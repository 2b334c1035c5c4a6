package io.waybill.monitor;

import static io.waybill.monitor.MonitorUnderTest.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.AttemptFailure;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.Deadline;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Decision;
import io.waybill.domain.Delivery;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Lifecycle;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.Phase;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Resolution;
import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.domain.Timeouts;
import io.waybill.domain.Window;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.DueKey;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * Some files under the real rules, and a monitor that reads what they decide. States reach it late and again; what it
 * says reaches the rules late, again, in another order or never; it is restarted with what it left.
 */
final class SeveralLives implements AutoCloseable {
    private static final int FILES = 5;
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofHours(3), Duration.ofHours(1), Duration.ofMinutes(10));
    private static final String ROUTES =
            """
            routes:
              invoices:
                source: { bucket: outbound }
                import: { required: true, heartbeat: 10m }
                timeouts: { unclaimed: 3h, unfinished: 1h }
            """;
    private static final Route ROUTE = new Route(
            new RouteName("invoices"),
            new SourceFilter("outbound", "invoices/", ""),
            new Delivery(
                    new DestinationName("acme"), PathTemplate.parse("/{name}"), ConflictPolicy.REPLACE, Proof.SIZE,
                    false),
            new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofMinutes(10)),
            TIMEOUTS,
            true,
            Route.DEFAULT_RETENTION);
    private static final Receipt RECEIPT = new Receipt(
            new RemotePath("/a"), 42, "0".repeat(64), Proof.SIZE, DestinationClass.ATOMIC_DURABLE,
            Duration.ofMillis(250));

    private final Lifecycle rules = new Lifecycle(ROUTE);
    private final Random random;
    private final Map<FileId, FileState> table = new HashMap<>();
    private final Deque<FileState> untold = new ArrayDeque<>();
    private final List<FileState> told = new ArrayList<>();
    private final Map<FileId, FileState> newestTold = new HashMap<>();
    private final List<DeadlineReached> said = new ArrayList<>();
    private final Set<String> saidOnce = new HashSet<>();
    private final List<DeadLetter> letters = new ArrayList<>();
    private MonitorUnderTest monitor;

    SeveralLives(long seed) throws IOException {
        random = new Random(seed);
        monitor = started(START);
    }

    private static MonitorUnderTest started(Instant start) throws IOException {
        return new MonitorUnderTest(
                Files.createTempDirectory("any-life"), start, new DueIndex.Budget(2, Duration.ofHours(1)), ROUTES);
    }

    void step() throws IOException {
        switch (random.nextInt(20)) {
            case 0 -> restart();
            case 1 -> tellAgain();
            case 2, 3, 4 -> pass(Duration.ofSeconds(random.nextInt(7200)));
            case 5, 6, 7 -> hear();
            default -> happens(event(random.nextInt(FILES)));
        }
        if (random.nextInt(4) != 0) {
            tell();
        }
    }

    /** Lets time alone act until nothing moves. */
    void end() {
        for (int round = 0; round < 40 && open(table) > 0; round++) {
            tell();
            pass(Duration.ofDays(1));
            said.forEach(this::happens);
            said.clear();
        }
        tell();
        letters.addAll(monitor.deadLetters());
        assertThat(open(table)).as("files that time alone did not end").isZero();
    }

    private static long open(Map<FileId, FileState> files) {
        return files.values().stream()
                .filter(file -> file.phase() instanceof Phase.Open)
                .count();
    }

    void eachOpenFileHasOneDeadlineAndNoOtherFileHasAny() {
        List<FileId> open = newestTold.values().stream()
                .filter(file -> file.phase() instanceof Phase.Open)
                .map(FileState::id)
                .toList();

        assertThat(monitor.scheduled()).extracting(DueKey::id).containsExactlyInAnyOrderElementsOf(open);
    }

    void eachTimeAFileWasGivenUpThereIsOneLetter() {
        List<FileState> givenUp = told.stream()
                .filter(file -> file.status() == Status.FAILED || file.status() == Status.TIMED_OUT)
                // It was given up before it was forgotten.
                .filter(file -> !file.forgotten())
                .toList();

        // Letters tell neither what is known of earlier sendings nor the policy.
        assertThat(letters.stream().map(letter -> ((DeadLetter.GivenUp) letter).file()))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("sendings", "onConflict")
                .containsExactlyElementsOf(givenUp);
        assertThat(letters).allSatisfy(letter -> {
            var file = (DeadLetter.GivenUp) letter;
            AttemptFailure last = file.file().failures().all().getLast();
            assertThat(last.until()).isEqualTo(file.file().changedAt());
            assertThat(last.attempt()).isEqualTo(file.file().phase().attempt());
        });
    }

    private void restart() throws IOException {
        letters.addAll(monitor.deadLetters());
        MonitorUnderTest next = started(monitor.now());
        next.restore(monitor);
        monitor.close();
        monitor = next;
    }

    private void tellAgain() {
        if (!told.isEmpty()) {
            told.subList(random.nextInt(told.size()), told.size()).forEach(file -> monitor.told(file));
        }
    }

    private void tell() {
        while (!untold.isEmpty()) {
            FileState file = untold.removeFirst();
            told.add(file);
            newestTold.put(file.id(), file);
            monitor.told(file);
        }
    }

    private void pass(Duration time) {
        monitor.passes(time);
        for (DeadlineReached reached : monitor.said()) {
            FileState file = Objects.requireNonNull(newestTold.get(reached.id()));
            assertThat(reached.stateVersion()).isEqualTo(file.version());
            Window window = Window.of(file, (Phase.Open) file.phase());
            Deadline deadline = window.deadline(TIMEOUTS);
            boolean again = !saidOnce.add(reached.id() + "-" + reached.stateVersion());
            boolean tooLate = again && window.claimBy(TIMEOUTS).compareTo(reached.at()) <= 0;
            assertThat(reached.kind())
                    .isEqualTo(deadline.kind() == DeadlineKind.RETRY_DUE && tooLate
                            ? DeadlineKind.UNCLAIMED
                            : deadline.kind());
            assertThat(reached.at()).isAfterOrEqualTo(deadline.at());
            said.add(reached);
        }
    }

    private void hear() {
        if (!said.isEmpty()) {
            DeadlineReached reached = said.get(random.nextInt(said.size()));
            happens(reached);
            if (random.nextBoolean()) {
                said.remove(reached);
            }
        }
    }

    private void happens(FileEvent event) {
        if (rules.apply(table.get(event.id()), event) instanceof Decision.Moved(var file, _)) {
            table.put(file.id(), file);
            untold.add(file);
        }
    }

    private FileEvent event(int number) {
        FileId id = MonitorUnderTest.id(number);
        Instant now = monitor.now();
        FileState file = table.get(id);
        if (file == null) {
            var source = new SourceObject("outbound", "invoices/" + number, "v1", "e1", 42, START);
            return new FileEvent.Arrived(id, now, ROUTE.name(), source);
        }
        Stage stage = file.phase().stage();
        Attempt attempt = file.phase().attempt();
        return switch (random.nextInt(13)) {
            case 0, 1 -> new FileEvent.Started(id, now, stage, attempt, "w");
            case 2 -> new FileEvent.Completed(id, now, stage, attempt, stage == Stage.DELIVERY ? RECEIPT : null);
            case 3, 4 -> {
                FailureKind[] kinds = {FailureKind.STALLED, FailureKind.FORBIDDEN, FailureKind.IN_DOUBT};
                yield new FileEvent.Failed(
                        id, now, stage, attempt, new Failure(kinds[random.nextInt(3)], "as it goes"));
            }
            case 5 -> new FileEvent.Deferred(id, now, stage, attempt, now.plusSeconds(1 + random.nextInt(20_000)),
                    new Failure(FailureKind.UNREACHABLE, "down"));
            case 6 -> new FileEvent.Heartbeat(id, now, stage, attempt, "w");
            case 7 -> new FileEvent.CancelRequested(id, now, attempt.sending(), "ann", "stop");
            case 8 -> new FileEvent.ResolveRequested(id, now, attempt.sending(), "ann", "asked", Resolution.RESEND);
            case 9, 10 ->
                new FileEvent.ResendRequested(id, now, attempt.sending(), "ann", "once more", random.nextBoolean());
            case 11 -> new FileEvent.ForgetRequested(id, now, attempt.sending(), "ann", "asked");
            default -> new FileEvent.RedriveRequested(id, now, attempt.sending(), "ann", "again");
        };
    }

    @Override
    public void close() {
        monitor.close();
    }
}
