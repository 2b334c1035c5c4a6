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
import java.util.OptionalLong;

/** A file's history, told step by step for the tests of checkers. Its content is "whole" unless told otherwise. */
final class Told {
    static final String ID = "abcdefghijklmnopqrstuvwxyz";

    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final String WHOLE = "whole";

    private final String directory;
    private final int own;
    private final List<Version> versions = new ArrayList<>();
    private final List<Appearance> path = new ArrayList<>();
    private final List<Sighting> sightings = new ArrayList<>();
    private final Map<Long, String> contents = new HashMap<>();
    private final List<FileState> states = new ArrayList<>();
    private final List<FileEvent> events = new ArrayList<>();
    private final List<ReadyFile> ready = new ArrayList<>();
    private Optional<String> lying = Optional.empty();

    private Told(String directory, int own, int all) {
        this.directory = directory;
        this.own = own;
        for (int i = 1; i <= all; i++) {
            versions.add(new Version(i, i == own ? WHOLE : "version " + i, OptionalLong.of(i), i == all));
        }
    }

    /** One of several versions of a key, each written in a second of its own. */
    static Told version(int own, int all) {
        return new Told("calm", own, all);
    }

    /** Sent to where files stay. */
    static Told file() {
        return new Told("calm", 1, 1);
    }

    /** Sent to where the partner takes files away. */
    static Told takenFile() {
        return new Told("greedy", 1, 1);
    }

    Told staged(String attempt) {
        return sees(Sighting.Kind.CREATE, directory + "/.waybill", ID + "-" + attempt, Optional.empty());
    }

    Told published(String attempt) {
        return published(attempt, WHOLE);
    }

    Told published(String attempt, String content) {
        return appears(content, ID + "-" + attempt, Optional.of(versions.get(own - 1)), false);
    }

    /** Another version got the final name. */
    Told publishedOther(int number) {
        Version other = versions.get(number - 1);
        return appears(other.sha256(), "other-1.1", Optional.of(other), false);
    }

    /** It got its name back. */
    Told putBack() {
        return appears(WHOLE, "other-1.1.aside", Optional.of(versions.get(own - 1)), true);
    }

    private Told appears(String content, String from, Optional<Version> version, boolean putBack) {
        contents.put((long) sightings.size(), content);
        if (directory.equals("calm")) {
            lying = Optional.of(content);
        }
        sees(Sighting.Kind.MOVED_TO, directory, "f", Optional.of(from));
        path.add(new Appearance(sightings.getLast(), version, putBack));
        return this;
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

    /** Sent again by an operator. */
    Told redriven(int sending) {
        return is(new Phase.Queued(Stage.DELIVERY, new Attempt(sending, 1), THEN));
    }

    Told cancelAsked() {
        events.add(new FileEvent.CancelRequested(new FileId(ID), THEN, 1, "ann", "told so"));
        return this;
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
                new Sent(directory, "f", own, 5, WHOLE, "etag", true), versions, sightings, path, contents, lying,
                states, events, ready);
        return checker.faults(file).toList();
    }
}
