package io.waybill.e2e.crash;

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
 * All that was seen of one file, each list in its own order.
 *
 * @param sent      what was put
 * @param sightings of its final name, and of every staging name that bears its id
 * @param contents  sha256 of what lay under the final name when it appeared there, by the sighting's number
 * @param lying     sha256 of what lies there at the end of the run; empty if nothing does
 */
record FileHistory(
        Sent sent,
        List<Sighting> sightings,
        Map<Long, String> contents,
        Optional<String> lying,
        List<FileState> states,
        List<FileEvent> events,
        List<ReadyFile> ready) {

    String key() {
        return sent.key();
    }

    /** Every time the final name appeared. */
    List<Sighting> publishes() {
        return sightings.stream().filter(Sighting::isFinal).filter(one -> one.kind() == Sighting.Kind.MOVED_TO)
                .toList();
    }

    /** What was found under the final name when it appeared. */
    String contentOf(Sighting publish) {
        return contents.getOrDefault(publish.number(), Partner.VANISHED);
    }

    boolean accepted() {
        return sent.certain() || !states.isEmpty();
    }

    boolean isCompleted() {
        return !states.isEmpty() && states.getLast().status() == Status.COMPLETED;
    }

    /** Why it could not be decided whether the file was delivered; empty if it could. */
    Optional<String> doubt() {
        return !states.isEmpty()
                && states.getLast().phase() instanceof Phase.Failed failed
                && failed.failure().kind() == FailureKind.IN_DOUBT
                        ? Optional.of(failed.failure().detail())
                        : Optional.empty();
    }

    /** For people. */
    List<String> told() {
        var lines = new ArrayList<String>();
        lines.add("sent " + sent);
        sightings.forEach(one -> lines.add("seen " + one + (contents.containsKey(one.number())
                ? " sha256 " + contents.get(one.number())
                : "")));
        events.forEach(event -> lines.add("event " + event));
        states.forEach(state -> lines.add("state " + state.version() + " " + state.changedAt() + " " + state.phase()));
        ready.forEach(file -> lines.add("ready " + file.readyAt()));
        lines.add("lying " + lying.orElse("nothing"));
        return lines;
    }
}
