package io.waybill.benchmarks;

import io.waybill.domain.Attempt;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Files by number, and what happens to them. Of a table of old files the first {@value #OPEN} are PENDING, one of a
 * thousand of the rest is FAILED, one of ten thousand TIMED_OUT, and all others are COMPLETED.
 */
public final class FileLoad {
    /** Routes, each with a destination of its own. */
    static final int ROUTES = 10;
    /** Old files that something still happens to, at random places of the table, since ids are hashes. */
    public static final int OPEN = 9_000;

    private static final int BATCH = 500;

    private final long old;
    private final Instant at;
    private final SplittableRandom random = new SplittableRandom(11);
    private long nextOpen;
    private long nextNew;

    /**
     * @param old files in the table
     */
    public FileLoad(long old, Instant at) {
        this.old = old;
        this.at = at;
        this.nextNew = old;
    }

    /** All that happened to an old file. */
    public List<FileEvent> story(long number) {
        Arrived arrived = arrived(number);
        FileId id = arrived.id();
        if (number < OPEN) {
            return List.of(arrived);
        }
        if (number % 10_000 == 1) {
            return List.of(arrived, new DeadlineReached(id, at, DeadlineKind.UNCLAIMED, 1));
        }
        var started = started(id);
        return number % 1_000 == 0
                ? List.of(arrived, started, new Failed(
                        id, at, Stage.DELIVERY, Attempt.FIRST, new Failure(FailureKind.FORBIDDEN, "may not write")))
                : List.of(arrived, started, completed(id, number));
    }

    /**
     * Events of a day: three quarters are of new files, each arriving, started and completed; a fifth are replays of
     * arrivals, and the rest the ends of old files, both at random places of the table.
     */
    List<FileEvent> events(int count) {
        var events = new ArrayList<FileEvent>(count);
        while (events.size() < count) {
            long first = nextNew;
            nextNew += BATCH;
            for (long number = first; number < nextNew; number++) {
                events.add(arrived(number));
            }
            for (int i = 0; i < BATCH * 4 / 5; i++) {
                events.add(arrived(random.nextLong(old)));
            }
            for (long number = first; number < nextNew; number++) {
                events.add(started(arrived(number).id()));
            }
            for (int i = 0; i < BATCH / 10 && nextOpen < Math.min(OPEN, old); i++, nextOpen++) {
                FileId id = arrived(nextOpen).id();
                events.add(started(id));
                events.add(completed(id, nextOpen));
            }
            for (long number = first; number < nextNew; number++) {
                events.add(completed(arrived(number).id(), number));
            }
        }
        return events.subList(0, count);
    }

    private Arrived arrived(long number) {
        var route = new RouteName("route-" + number % ROUTES);
        var source = new SourceObject(
                "outbound", "route-" + number % ROUTES + "/2026/01/31/invoice-" + number + ".csv", null,
                "\"9b2cf535f27731c974343645a3985328\"", 48_213, at);
        return new Arrived(
                FileId.of(route, source.bucket(), source.key(), source.version()), at, route, source);
    }

    private Started started(FileId id) {
        return new Started(id, at, Stage.DELIVERY, Attempt.FIRST, "worker-1");
    }

    private Completed completed(FileId id, long number) {
        var receipt = new Receipt(
                new RemotePath("/incoming/invoice-" + number + ".csv"),
                48_213,
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                Proof.SIZE,
                DestinationClass.ATOMIC_DURABLE,
                Duration.ofMillis(70));
        return new Completed(id, at, Stage.DELIVERY, Attempt.FIRST, receipt);
    }
}
