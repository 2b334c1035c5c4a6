package io.waybill.e2e.crash;

import static io.waybill.e2e.Conditions.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Files flow, workers break, and in the end everything must be right.
 *
 * @param seed of the faults, the files and the operator
 */
record CrashRun(Path directory, Scenario scenario, Protocol protocol, int workers, long seed) {
    private static final Duration START = Duration.ofMinutes(3);

    /** However slow the machine is, a run comes to its end. */
    private static final Duration LEAST = Duration.ofMinutes(4);
    private static final Duration MOST_EACH = Duration.ofSeconds(6);

    /** Chooses the faults, when it is known which points a delivery without trouble passes. */
    interface Plan {
        Schedule schedule(List<String> passed, List<String> rare);
    }

    @SuppressWarnings("try") // closing may be interrupted, and says so
    CrashReport run(Plan plan) throws Exception {
        long began = System.nanoTime();
        try (var installation = new Installation(directory, scenario, seed)) {
            installation.warmUp(protocol);
            var crew = new ArrayList<WorkerProcess>();
            try {
                for (int i = 1; i <= workers; i++) {
                    crew.add(installation.worker("worker-" + i, protocol));
                }
                var log = new FaultLog();
                List<String> rare = injectFaults(installation, crew, plan, log);
                awaitAllEnded(installation, crew);
                for (WorkerProcess worker : crew) {
                    worker.end();
                }
                Duration taken = Duration.ofNanos(System.nanoTime() - began);
                return new CrashReport(
                        scenario.profile(),
                        protocol,
                        seed,
                        taken,
                        log,
                        rare,
                        installation.load().failures(),
                        installation.operator().askings(),
                        installation.history());
            } finally {
                crew.forEach(WorkerProcess::close);
            }
        }
    }

    private static void awaitAllEnded(Installation installation, List<WorkerProcess> crew) throws InterruptedException {
        try {
            installation.awaitAllEnded();
        } catch (AssertionError e) {
            for (WorkerProcess worker : crew) {
                worker.dumpThreads();
            }
            throw e;
        }
    }

    /** Returns the points that were never passed. */
    private List<String> injectFaults(Installation installation, List<WorkerProcess> crew, Plan plan, FaultLog log)
            throws InterruptedException, ExecutionException {
        var enough = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> loading = threads.submit(callable(() -> installation.putLoad(enough::get)));
            Future<?> operating = threads.submit(callable(() -> installation.operate(enough::get)));
            try {
                Schedule schedule = schedule(installation, crew, plan);
                long latest = System.nanoTime() + LEAST.plus(MOST_EACH.multipliedBy(schedule.size())).toNanos();
                BooleanSupplier done =
                        () -> enough.get() || log.count() >= schedule.size() || System.nanoTime() - latest > 0;
                ReadWriteLock broker = new ReentrantReadWriteLock(true);
                var working = new ArrayList<Future<?>>();
                for (WorkerProcess worker : crew) {
                    var random = new Random(seed + crew.indexOf(worker));
                    var injector = new FaultInjector(installation, worker, schedule, broker, log, done, random);
                    working.add(threads.submit(callable(() -> injectFaults(injector, enough))));
                }
                for (Future<?> one : working) {
                    one.get();
                }
            } finally {
                enough.set(true);
            }
            loading.get();
            operating.get();
        }
        Set<String> seen = seen(crew);
        return Schedule.points(seen).stream().filter(point -> !seen.contains(point)).toList();
    }

    /** One that fails leaves its worker in a state that nobody knows; so all end. */
    private static void injectFaults(FaultInjector injector, AtomicBoolean enough)
            throws IOException, InterruptedException {
        boolean complete = false;
        try {
            injector.run();
            complete = true;
        } finally {
            if (!complete) {
                enough.set(true);
            }
        }
    }

    private Schedule schedule(Installation installation, List<WorkerProcess> crew, Plan plan)
            throws InterruptedException {
        crew.forEach(worker -> worker.start(List.of()));
        for (WorkerProcess worker : crew) {
            worker.awaitReady(START);
        }
        installation.group().awaitMembers(crew.size());
        int before = installation.load().accepted();
        await("the first deliveries").until(() -> installation.load().accepted() > before + 20);
        Set<String> passed = seen(crew);
        List<String> rare =
                Schedule.points(passed).stream().filter(point -> !passed.contains(point)).toList();
        return plan.schedule(passed.stream().sorted().toList(), rare);
    }

    private static Set<String> seen(List<WorkerProcess> crew) {
        return crew.stream().flatMap(worker -> worker.seen().stream()).collect(Collectors.toCollection(HashSet::new));
    }

    private interface Task {
        void run() throws Exception;
    }

    private static Callable<Boolean> callable(Task task) {
        return () -> {
            task.run();
            return true;
        };
    }
}
