package io.waybill.e2e.crash;

import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that was seen of one version of one key, each list in its own order.
 *
 * @param sent            what was put
 * @param versions        all that were put of its key
 * @param directoryEvents of its final name, which all versions share, and of every staging name that bears its id
 * @param path            what appeared under the final name, of whichever version
 * @param contents        sha256 of what lay under the final name when it appeared there, by the directory event's number
 * @param lying           sha256 of what lies there at the end of the run; empty if nothing does
 */
record FileHistory(
        Sent sent,
        List<Version> versions,
        List<DirectoryEvent> directoryEvents,
        List<Appearance> path,
        Map<Long, String> contents,
        Optional<String> lying,
        List<FileState> states,
        List<FileEvent> events,
        List<ReadyFile> ready) {

    /** For people. */
    String name() {
        return versions.size() == 1 ? sent.key() : sent.key() + " version " + sent.version();
    }

    /** Itself among the versions of its key. */
    Version version() {
        return versions.get(sent.version() - 1);
    }

    /** Every time it got the final name, and whatever got it of which nobody knows what it is. */
    List<DirectoryEvent> publishes() {
        return path.stream()
                .filter(one -> !one.putBack() && one.version().map(version()::equals).orElse(true))
                .map(Appearance::directoryEvent)
                .toList();
    }

    /** What was found under the final name when it appeared. */
    String contentOf(DirectoryEvent publish) {
        return contents.getOrDefault(publish.number(), Partner.VANISHED);
    }

    /**
     * Whether what was found when this was published is right. Whoever looks comes a moment late, and may find what
     * appeared next, or nothing if that was set aside or taken away in the meantime.
     */
    boolean showedItself(DirectoryEvent publish) {
        String found = contentOf(publish);
        boolean overtaken = path.stream()
                .filter(one -> one.directoryEvent().number() > publish.number())
                .anyMatch(one -> found.equals(Partner.VANISHED)
                        || one.version().map(Version::sha256).filter(found::equals).isPresent());
        boolean takenEarly = found.equals(Partner.VANISHED) && contents.containsValue(sent.sha256());
        return found.equals(sent.sha256()) || overtaken || takenEarly;
    }

    boolean accepted() {
        return sent.certain() || !states.isEmpty();
    }

    boolean isCompleted() {
        return !states.isEmpty() && states.getLast().status() == Status.COMPLETED;
    }

    /** Why it failed; empty if it did not. */
    private Optional<Failure> failure() {
        return !states.isEmpty() && states.getLast().phase() instanceof Phase.Failed(_, _, var failure)
                ? Optional.of(failure)
                : Optional.empty();
    }

    private boolean failedAs(FailureKind kind) {
        return failure().filter(failure -> failure.kind() == kind).isPresent();
    }

    /** Why it could not be decided whether the file was delivered; empty if it could. */
    Optional<String> doubt() {
        return failure().filter(failure -> failure.kind() == FailureKind.IN_DOUBT).map(Failure::detail);
    }

    boolean isSuperseded() {
        return failedAs(FailureKind.SUPERSEDED);
    }

    /** Whether it is cancelled, and somebody asked for that. */
    boolean isCancelled() {
        return failedAs(FailureKind.CANCELLED) && events.stream().anyMatch(FileEvent.CancelRequested.class::isInstance);
    }

    /** Whether a later version of its key is there, so that nobody waits for this one. */
    boolean isReplaced() {
        return !version().current();
    }

    /** How often an operator wanted it delivered once more after it was delivered. */
    long resends() {
        return events.stream().filter(FileEvent.ResendRequested.class::isInstance).count();
    }

    /** How often an operator wanted the importers told of that. */
    long announcements() {
        return events.stream()
                .filter(event -> event instanceof FileEvent.ResendRequested resend && resend.announce())
                .count();
    }

    /** How often an operator had it sent again, by a redrive or a resend. */
    int redrives() {
        return states.stream()
                .mapToInt(state -> state.phase().attempt().sending() - 1)
                .max()
                .orElse(0);
    }

    /** Publishes after a version that was put later, which the store tells no order of. */
    long disorders() {
        return publishes().stream()
                .filter(publish -> path.stream()
                        .filter(one -> one.directoryEvent().number() < publish.number())
                        .flatMap(one -> one.version().stream())
                        .anyMatch(earlier -> earlier.follows(version()) && !earlier.isNewerThan(version())))
                .count();
    }

    /** How often an older file was set aside so that this one could get its name. */
    long setAside() {
        return directoryEvents.stream()
                .filter(one -> one.kind() == DirectoryEvent.Kind.MOVED_TO || one.kind() == DirectoryEvent.Kind.CREATE)
                .filter(one -> Execution.isAside(one.name()))
                .count();
    }

    /** How often this was given its name back. */
    long putBack() {
        return path.stream()
                .filter(one -> one.putBack() && one.version().filter(version()::equals).isPresent())
                .count();
    }

    /** For people. */
    List<String> told() {
        var lines = new ArrayList<String>();
        lines.add("sent " + sent);
        versions.forEach(version -> lines.add("put " + version));
        directoryEvents.forEach(one -> lines.add("seen " + one + (contents.containsKey(one.number())
                ? " sha256 " + contents.get(one.number())
                : "")));
        events.forEach(event -> lines.add("event " + event));
        states.forEach(state -> lines.add("state " + state.version() + " " + state.changedAt() + " " + state.phase()));
        ready.forEach(file -> lines.add("ready " + file.readyAt()));
        lines.add("lying " + lying.orElse("nothing"));
        return lines;
    }
}
