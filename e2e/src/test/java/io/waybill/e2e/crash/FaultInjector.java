package io.waybill.e2e.crash;

import io.waybill.e2e.crash.WorkerProcess.Disarmed;
import io.waybill.e2e.crash.WorkerProcess.Ended;
import io.waybill.e2e.crash.WorkerProcess.Hit;
import io.waybill.e2e.crash.WorkerProcess.Ready;
import io.waybill.e2e.crash.WorkerProcess.Word;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.function.BooleanSupplier;

/**
 * Injects faults into one worker, one at a time, while other injectors do so to theirs. Only a restart of the broker has the
 * whole installation for itself.
 */
final class FaultInjector {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int LONGEST_OVERSLEEP_MILLIS = 1500;

    /** Each of three workers delivers a third of them, and replaces some. */
    private static final int FILES_WITHOUT_FAULT = 120;

    private final Installation installation;
    private final WorkerProcess worker;
    private final Schedule schedule;
    private final ReadWriteLock broker;
    private final FaultLog log;
    private final BooleanSupplier enough;
    private final Random random;
    private final Map<Integer, Fault> armed = new LinkedHashMap<>();

    /**
     * @param broker held for reading by whoever needs the broker while it acts
     * @param enough whether to begin nothing more
     */
    FaultInjector(
            Installation installation,
            WorkerProcess worker,
            Schedule schedule,
            ReadWriteLock broker,
            FaultLog log,
            BooleanSupplier enough,
            Random random) {
        this.installation = installation;
        this.worker = worker;
        this.schedule = schedule;
        this.broker = broker;
        this.log = log;
        this.enough = enough;
        this.random = random;
    }

    /** Works until it is enough or the schedule is empty; the worker is whole then. */
    void run() throws IOException, InterruptedException {
        schedule.lurking().forEach(this::arm);
        while (!enough.getAsBoolean()) {
            Optional<Fault> next = schedule.next();
            if (next.isEmpty()) {
                break;
            }
            arm(next.get());
            until(next.get());
        }
        awaitStragglers();
        List.copyOf(armed.values()).forEach(worker::disarm);
        while (!armed.isEmpty()) {
            Optional<Word> word = worker.hear(PATIENCE);
            if (word.isPresent()) {
                obey(word.get(), Duration.ZERO);
            } else {
                // It does not even answer: as whoever watches over processes does.
                log.ended(worker.id() + " hung");
                armed.clear();
                startAnew();
            }
        }
    }

    /**
     * Gives faults whose points were not reached yet another chance, until enough files came to an end without one of them.
     * Files are counted, not seconds: while the broker is down, nothing reaches any point.
     */
    private void awaitStragglers() throws IOException, InterruptedException {
        long ended = installation.ended();
        while (!armed.isEmpty() && !enough.getAsBoolean() && installation.ended() - ended < FILES_WITHOUT_FAULT) {
            Optional<Word> word = worker.hear(LOOK);
            if (word.isPresent()) {
                obey(word.get(), Duration.ZERO);
                ended = installation.ended();
            }
        }
    }

    private void arm(Fault fault) {
        armed.put(fault.id(), fault);
        worker.arm(fault);
    }

    /**
     * Does whatever becomes due until this fault has happened. If its point is not reached for a while, it stays armed, and
     * the next one is armed beside it.
     */
    private void until(Fault fault) throws IOException, InterruptedException {
        long began = System.nanoTime();
        while (armed.containsKey(fault.id())) {
            Optional<Word> word = worker.hear(PATIENCE);
            Duration waited = Duration.ofNanos(System.nanoTime() - began);
            if (word.isPresent()) {
                obey(word.get(), waited);
            }
            if (word.isEmpty() || waited.compareTo(LONGEST) > 0) {
                return;
            }
        }
    }

    private void obey(Word word, Duration waited) throws IOException, InterruptedException {
        switch (word) {
            case Ready _ -> {}
            case Hit(int id) -> {
                Fault fault = armed.remove(id);
                if (fault != null) {
                    happen(fault, waited);
                }
            }
            case Disarmed(int id) -> {
                Fault fault = armed.remove(id);
                if (fault != null) {
                    log.missed(fault);
                }
            }
            case Ended _ -> {
                log.ended(worker.id());
                startAnew();
            }
        }
    }

    private void happen(Fault fault, Duration waited) throws IOException, InterruptedException {
        long began = System.nanoTime();
        switch (fault.action()) {
            case KILL -> startAnew();
            case PAUSE -> pause(fault);
            case SFTP_RESTART -> {
                installation.sftp().restart();
                worker.release(fault);
            }
            case BROKER_RESTART -> restartBroker(fault);
            case CUT, REFUSED, UNKNOWN, TIMEOUT -> {}
        }
        log.done(new FaultLog.Done(fault, worker.id(), waited, Duration.ofNanos(System.nanoTime() - began)));
        if (!enough.getAsBoolean()) {
            schedule.lurkingAt(fault.point()).ifPresent(this::arm);
        }
    }

    private void startAnew() throws InterruptedException {
        worker.kill();
        worker.start(List.copyOf(armed.values()));
    }

    private void pause(Fault fault) throws InterruptedException {
        broker.readLock().lock();
        try {
            worker.suspend();
            installation.group().awaitWithout(worker.id());
            // Others have its partitions now; how far they are is left to chance.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_OVERSLEEP_MILLIS)));
            worker.release(fault);
        } finally {
            worker.resume();
            broker.readLock().unlock();
        }
    }

    private void restartBroker(Fault fault) throws IOException, InterruptedException {
        broker.writeLock().lock();
        try {
            installation.stack().kill();
            if (fault.nth() == 1) {
                worker.release(fault);
            }
            installation.stack().startAgain();
            worker.release(fault);
        } finally {
            broker.writeLock().unlock();
        }
    }
}
