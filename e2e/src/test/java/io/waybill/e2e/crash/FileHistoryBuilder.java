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
import org.jspecify.annotations.Nullable;

/** Builds a file's history step by step, for the tests of checkers. Its content is "whole" unless said otherwise. */
final class FileHistoryBuilder {
    static final String ID = "abcdefghijklmnopqrstuvwxyz";

    private static final String OTHER_ID = "o".repeat(26);
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final String WHOLE = "whole";

    private final String directory;
    private final int own;
    private final List<Version> versions = new ArrayList<>();
    private final List<Appearance> path = new ArrayList<>();
    private final List<DirectoryEvent> directoryEvents = new ArrayList<>();
    private final Map<Long, String> contents = new HashMap<>();
    private final List<FileState> states = new ArrayList<>();
    private final List<FileEvent> events = new ArrayList<>();
    private final List<ReadyFile> ready = new ArrayList<>();
    private Optional<String> lying = Optional.empty();

    private FileHistoryBuilder(String directory, int own, int all) {
        this.directory = directory;
        this.own = own;
        for (int i = 1; i <= all; i++) {
            versions.add(new Version(i, i == own ? WHOLE : "version " + i, OptionalLong.of(i), i == all));
        }
    }

    /** One of several versions of a key, each written in a second of its own. */
    static FileHistoryBuilder version(int own, int all) {
        return new FileHistoryBuilder("calm", own, all);
    }

    /** Sent to where files stay. */
    static FileHistoryBuilder file() {
        return new FileHistoryBuilder("calm", 1, 1);
    }

    /** Sent to where the partner takes files away. */
    static FileHistoryBuilder takenFile() {
        return new FileHistoryBuilder("greedy", 1, 1);
    }

    FileHistoryBuilder staged(String attempt) {
        return sees(DirectoryEvent.Kind.CREATE, directory + "/.waybill", ID + "-" + attempt, Optional.empty());
    }

    FileHistoryBuilder published(String attempt) {
        return published(attempt, WHOLE);
    }

    FileHistoryBuilder published(String attempt, String content) {
        return appears(content, ID + "-" + attempt, Optional.of(versions.get(own - 1)), false);
    }

    /** Another version got the final name. */
    FileHistoryBuilder publishedOther(int number) {
        Version other = versions.get(number - 1);
        return appears(other.sha256(), OTHER_ID + "-1.1", Optional.of(other), false);
    }

    /** It got its name back. */
    FileHistoryBuilder putBack() {
        return appears(WHOLE, "other-1.1.aside", Optional.of(versions.get(own - 1)), true);
    }

    private FileHistoryBuilder appears(String content, String from, Optional<Version> version, boolean putBack) {
        contents.put((long) directoryEvents.size(), content);
        if (directory.equals("calm")) {
            lying = Optional.of(content);
        }
        sees(DirectoryEvent.Kind.MOVED_TO, directory, "f", Optional.of(from));
        path.add(new Appearance(directoryEvents.getLast(), version, putBack));
        return this;
    }

    FileHistoryBuilder created() {
        return sees(DirectoryEvent.Kind.CREATE, directory, "f", Optional.empty());
    }

    private FileHistoryBuilder sees(DirectoryEvent.Kind kind, String where, String name, Optional<String> from) {
        directoryEvents.add(new DirectoryEvent(directoryEvents.size(), kind, where, name, from));
        return this;
    }

    FileHistoryBuilder vanished() {
        lying = Optional.empty();
        return this;
    }

    FileHistoryBuilder queued() {
        return is(new Phase.Queued(Stage.DELIVERY, Attempt.FIRST, THEN));
    }

    FileHistoryBuilder completed() {
        return is(new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, false));
    }

    FileHistoryBuilder completedLate() {
        return is(new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, true));
    }

    FileHistoryBuilder timedOut() {
        return is(new Phase.TimedOut(Stage.DELIVERY, Attempt.FIRST, io.waybill.domain.DeadlineKind.UNFINISHED));
    }

    FileHistoryBuilder failed(FailureKind kind) {
        return is(new Phase.Failed(Stage.DELIVERY, Attempt.FIRST, new Failure(kind, "told so")));
    }

    /** Sent again by an operator. */
    FileHistoryBuilder redriven(int sending) {
        return is(new Phase.Queued(Stage.DELIVERY, new Attempt(sending, 1), THEN));
    }

    FileHistoryBuilder cancelAsked() {
        events.add(new FileEvent.CancelRequested(new FileId(ID), THEN, 1, "ann", "told so"));
        return this;
    }

    /** Wanted once more by an operator, after it was delivered. */
    FileHistoryBuilder resent(int sending, boolean announce) {
        events.add(new FileEvent.ResendRequested(new FileId(ID), THEN, sending - 1, "ann", "lost", announce));
        return is(new Phase.Queued(Stage.DELIVERY, new Attempt(sending, 1), THEN), receipt());
    }

    FileHistoryBuilder completed(int sending) {
        return is(new Phase.Completed(Stage.DELIVERY, new Attempt(sending, 1), false));
    }

    private FileHistoryBuilder is(Phase phase) {
        return is(phase, null);
    }

    private FileHistoryBuilder is(Phase phase, @Nullable Receipt receipt) {
        states.add(new FileState(
                new FileId(ID), new RouteName("route"), source(), null, null, phase, receipt, states.size() + 1, THEN,
                THEN));
        return this;
    }

    FileHistoryBuilder reported(Attempt attempt) {
        events.add(new FileEvent.Completed(new FileId(ID), THEN, Stage.DELIVERY, attempt, receipt()));
        return this;
    }

    FileHistoryBuilder ready() {
        ready.add(new ReadyFile(new FileId(ID), new RouteName("route"), source(), null, receipt(), THEN));
        return this;
    }

    private SourceObject source() {
        return new SourceObject("crash", directory + "/f", null, "etag", 5, THEN);
    }

    private static Receipt receipt() {
        return new Receipt(new RemotePath("/f"), 5, WHOLE, Proof.SIZE, DestinationClass.ATOMIC_DURABLE, Duration.ZERO);
    }

    /** What a checker says of it. */
    List<String> judgedBy(Checker checker) {
        var file = new FileHistory(
                new Sent(directory, "f", own, 5, WHOLE, "etag", true), versions, directoryEvents, path, contents, lying,
                states, events, ready);
        return checker.faults(file).toList();
    }
}
