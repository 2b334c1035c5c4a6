package io.waybill.e2e.crash;

import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Proof;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file's history, told step by step for the tests of checkers. Its content is "whole" unless told otherwise. */
final class Told {
    static final String ID = "abcdefghijklmnopqrstuvwxyz";

    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final String WHOLE = "whole";

    private final String directory;
    private final List<Sighting> sightings = new ArrayList<>();
    private final Map<Long, String> contents = new HashMap<>();
    private final List<FileState> states = new ArrayList<>();
    private final List<FileEvent> events = new ArrayList<>();
    private final List<ReadyFile> ready = new ArrayList<>();
    private Optional<String> lying = Optional.empty();

    private Told(String directory) {
        this.directory = directory;
    }

    /** Sent to where files stay. */
    static Told file() {
        return new Told("calm");
    }

    /** Sent to where the partner takes files away. */
    static Told takenFile() {
        return new Told("greedy");
    }

    Told staged(String attempt) {
        return sees(Sighting.Kind.CREATE, directory + "/.waybill", ID + "-" + attempt, Optional.empty());
    }

    Told published(String attempt) {
        return published(attempt, WHOLE);
    }

    Told published(String attempt, String content) {
        contents.put((long) sightings.size(), content);
        if (directory.equals("calm")) {
            lying = Optional.of(content);
        }
        return sees(Sighting.Kind.MOVED_TO, directory, "f", Optional.of(ID + "-" + attempt));
    }

    Told created() {
        return sees(Sighting.Kind.CREATE, directory, "f", Optional.empty());
    }

    private Told sees(Sighting.Kind kind, String where, String name, Optional<String> from) {
        sightings.add(new Sighting(sightings.size(), kind, where, name, from));
        return this;
    }

    Told vanished() {
        lying = Optional.empty();
        return this;
    }

    Told queued() {
        return is(new Phase.Queued(Stage.DELIVERY, Attempt.FIRST, THEN));
    }

    Told completed() {
        return is(new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, false));
    }

    Told completedLate() {
        return is(new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, true));
    }

    Told timedOut() {
        return is(new Phase.TimedOut(Stage.DELIVERY, Attempt.FIRST, io.waybill.domain.DeadlineKind.UNFINISHED));
    }

    Told failed(FailureKind kind) {
        return is(new Phase.Failed(Stage.DELIVERY, Attempt.FIRST, new Failure(kind, "told so")));
    }

    private Told is(Phase phase) {
        states.add(new FileState(
                new FileId(ID), new RouteName("route"), source(), null, null, phase, null, states.size() + 1, THEN,
                THEN));
        return this;
    }

    Told reported(Attempt attempt) {
        events.add(new FileEvent.Completed(new FileId(ID), THEN, Stage.DELIVERY, attempt, receipt()));
        return this;
    }

    Told ready() {
        ready.add(new ReadyFile(new FileId(ID), new RouteName("route"), source(), null, receipt(), THEN));
        return this;
    }

    private SourceObject source() {
        return new SourceObject("crash", directory + "/f", null, "etag", 5, THEN);
    }

    private static Receipt receipt() {
        return new Receipt(new RemotePath("/f"), 5, WHOLE, Proof.SIZE, DestinationClass.A, Duration.ZERO);
    }

    /** What a checker says of it. */
    List<String> judgedBy(Checker checker) {
        var file = new FileHistory(
                new Sent(directory, "f", 5, WHOLE, true), sightings, contents, lying, states, events, ready);
        return checker.faults(file).toList();
    }
}
