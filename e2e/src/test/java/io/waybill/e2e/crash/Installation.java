package io.waybill.e2e.crash;

import static io.waybill.e2e.Conditions.await;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.Closing;
import io.waybill.testkit.SftpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A whole Waybill around workers that a test starts and breaks, with eyes on it. Two destinations on one server: what is
 * delivered to "calm" stays there, what is delivered to "greedy" is taken away the moment it appears.
 */
@SuppressWarnings("try") // close() throws what the parts throw, an interruption too
final class Installation implements AutoCloseable {
    /** Where the partner takes everything away. */
    static final Set<String> EMPTIED = Set.of("greedy");

    /** Their six lanes lie in the six partitions of the work, one in each. */
    private static final List<String> DIRECTORIES = List.of("calm", "greedy");
    private static final Duration SESSION = Duration.ofSeconds(2);
    private static final int MOST_OPEN = 60;
    private static final Duration PACE = Duration.ofMillis(80);
    private static final Duration STORE_GONE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** Longer than a worker waits before it tries again: work on a file that was cancelled has its end then. */
    private static final Duration QUIET = Duration.ofSeconds(6);

    private final Closing closing = new Closing();
    private final Path directory;
    private final Jvm jvm;
    private final Scenario scenario;
    private final SftpServer sftp;
    private final Observer observer;
    private final Partner partner;
    private final StackProcess stack;
    private final WaybillConfig config;
    private final WorkerGroup group;
    private final LoadGenerator load;
    private final TopicTail tail;
    private final Operator operator;
    private final Queue<DirectoryEvent> directoryEvents = new ConcurrentLinkedQueue<>();

    /** One whose files are put once, at OpenSSH. */
    Installation(Path directory, long seed) throws Exception {
        this(directory, Scenario.PLAIN, seed);
    }

    /**
     * @param seed of the files, and of what the operator does
     */
    Installation(Path directory, Scenario scenario, long seed) throws Exception {
        this.directory = directory;
        this.scenario = scenario;
        boolean complete = false;
        try {
            jvm = Jvm.in(Files.createDirectories(directory.resolve("jvm")));
            sftp = closing.add(scenario.profile().start(directory.resolve("ssh")));
            partner = new Partner(
                    sftp.files(), Files.createDirectories(sftp.files().resolveSibling("taken-away")), EMPTIED,
                    scenario.profile().appearing());
            observer = closing.add(Observer.start(
                    sftp.files(), List.of("calm", "calm/.waybill", "greedy", "greedy/.waybill"), this::see));
            stack = closing.add(StackProcess.start(jvm, directory.resolve("data"), userFile()));
            config = stack.configuration();
            group = closing.add(new WorkerGroup(config));
            group.shortenSessions(SESSION);
            load = closing.add(new LoadGenerator(config, DIRECTORIES, seed, scenario.lives()));
            tail = closing.add(new TopicTail(config));
            operator = closing.add(new Operator(config, tail.latest()::values, seed));
            complete = true;
        } finally {
            if (!complete) {
                closing.close();
            }
        }
    }

    private void see(DirectoryEvent directoryEvent) {
        partner.see(directoryEvent);
        directoryEvents.add(directoryEvent);
    }

    private Path userFile() throws IOException {
        var yaml = new StringBuilder("destinations:\n");
        for (String name : DIRECTORIES) {
            yaml.append(sftp.destination().below(sftp.files().resolve(name)).yaml(name)).append("""
                        maxConnections: 3
                        inFlight: 4
                        connectTimeout: 20s
                        stallTimeout: 10s
                    """);
        }
        yaml.append("routes:\n");
        for (String name : DIRECTORIES) {
            yaml.append("""
                      %s:
                        source: { bucket: %s, prefix: %s/ }
                        deliver: { destination: %s, path: "/{name}", createDirectories: true }
                        retry: { maxAttempts: 100000, backoff: 200ms, maxBackoff: 2s }
                    """.formatted(name, LoadGenerator.BUCKET, name, name));
        }
        return Files.writeString(directory.resolve("user.yaml"), yaml);
    }

    /** As an operator who pauses everything, or resumes it. */
    void ask(String what) throws IOException, InterruptedException {
        for (String name : DIRECTORIES) {
            operator.ask(name, what);
        }
    }

    /** A worker that is not started; whoever asked closes it. */
    WorkerProcess worker(String id, Protocol protocol) {
        return new WorkerProcess(jvm, stack.configurationFile(), id, protocol);
    }

    /**
     * Runs a worker once and ends it in order, so that those after it find their classes in an archive and start in a
     * fraction of the time; if one did so before, there is nothing to do.
     */
    void warmUp(Protocol protocol) throws InterruptedException {
        if (jvm.isWarm()) {
            return;
        }
        for (int i = 0; i < 20; i++) {
            load.put();
        }
        try (var first = worker("warm-up", protocol)) {
            first.start(List.of());
            first.awaitReady(Duration.ofMinutes(3));
            awaitEnds();
            first.end();
        }
    }

    SftpServer sftp() {
        return sftp;
    }

    StackProcess stack() {
        return stack;
    }

    WorkerGroup group() {
        return group;
    }

    LoadGenerator load() {
        return load;
    }

    /** Puts files, as long as few of them are open, until it is told to stop. */
    void putLoad(BooleanSupplier enough) {
        while (!enough.getAsBoolean()) {
            boolean few = open() < MOST_OPEN;
            Duration pause = few && !load.put() ? STORE_GONE : PACE;
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    Operator operator() {
        return operator;
    }

    /** Lets an operator interfere until it is enough, where the scenario has one. */
    void operate(BooleanSupplier enough) throws InterruptedException {
        if (scenario.lives()) {
            operator.work(enough);
        }
    }

    /** How many files are not at their end. */
    long open() {
        return load.sent().values().stream().filter(this::isOpen).count();
    }

    /** Whether every file that is not at its end waits for the end of a pause. */
    boolean openFilesArePaused() {
        return load.sent().values().stream().filter(this::isOpen).allMatch(this::isPaused);
    }

    private boolean isPaused(Sent one) {
        FileState state = tail.latest().get(one.identity());
        return state != null
                && state.phase() instanceof Phase.Waiting(_, _, _, _, var cause, var reason)
                && cause == Phase.Waiting.Cause.DEFERRAL
                && reason.detail().contains("paused by " + Operator.NAME);
    }

    /** When files started after an instant, in order. */
    List<Instant> startsAfter(Instant instant) throws InterruptedException {
        tail.catchUp();
        return tail.events().stream()
                .filter(FileEvent.Started.class::isInstance)
                .map(FileEvent::at)
                .filter(instant::isBefore)
                .sorted()
                .toList();
    }

    /** How many files are at their end. */
    long ended() {
        return load.accepted() - open();
    }

    /** Whether it was accepted for certain and has no end; an older version may be gone before anybody asks for it. */
    private boolean isOpen(Sent one) {
        FileState state = tail.latest().get(one.identity());
        return one.certain() && (state == null ? !load.isReplaced(one) : !state.status().terminal());
    }

    void awaitAllEnded() throws InterruptedException {
        awaitEnds();
        if (scenario.lives()) {
            awaitEnds("quiet after all have come to an end", () -> open() == 0 && tail.quietFor(QUIET));
        }
    }

    private void awaitEnds() throws InterruptedException {
        awaitEnds("all files to come to an end", () -> open() == 0);
    }

    private void awaitEnds(String what, Callable<Boolean> come) throws InterruptedException {
        try {
            await(what).atMost(PATIENCE).until(come);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    open() + " files did not come to an end, such as " + stuck() + "; the logs are in " + directory, e);
        }
    }

    private List<String> stuck() {
        return load.sent().values().stream()
                .filter(this::isOpen)
                .limit(5)
                .map(one -> one.key() + " " + tail.latest().get(one.identity()))
                .toList();
    }

    /** All that happened. Nothing may be under way any more. */
    History history() throws IOException, InterruptedException {
        tail.catchUp();
        observer.catchUp();
        return History.of(
                load.sent().values().stream()
                        .sorted(Comparator.comparing(Sent::name).thenComparingInt(Sent::version))
                        .toList(),
                new Seen(new ArrayList<>(directoryEvents), partner.contents(), lying()),
                scenario.profile().setsAside(),
                tail.states(),
                tail.events(),
                tail.ready());
    }

    private Map<String, String> lying() throws IOException {
        var lying = new HashMap<String, String>();
        for (String name : DIRECTORIES) {
            try (var files = Files.list(sftp.files().resolve(name))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    lying.put(name + "/" + file.getFileName(), Partner.digest(file));
                }
            }
        }
        return lying;
    }

    @Override
    public void close() throws Exception {
        closing.close();
    }
}
