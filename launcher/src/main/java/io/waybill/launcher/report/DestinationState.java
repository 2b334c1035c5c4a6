package io.waybill.launcher.report;

import io.waybill.launcher.terminal.Amounts;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.FileAnswer.HaltAnswer;
import io.waybill.runtime.api.live.DestinationAnswer;
import io.waybill.runtime.api.live.DestinationAnswer.WorkerAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What all workers together say about a destination, for people. */
record DestinationState(DestinationAnswer destination, Instant now) {
    /** Whether a person who watches must see it though nothing is under way there. */
    boolean unusual() {
        return !destination.halts().isEmpty() || worst().isPresent();
    }

    /** In a few words. */
    String words() {
        Optional<String> halted = destination.halts().stream().findFirst().map(HaltAnswer::text);
        return worst().map(this::words)
                .or(() -> halted.map(Terminal::printable))
                .orElse(destination.workers().isEmpty() ? "not tried" : "up");
    }

    /** The worker that cannot connect for the longest time; one that still has connections counts less. */
    private Optional<WorkerAnswer> worst() {
        return destination.workers().stream()
                .filter(worker -> worker.downSince() != null)
                .min(Comparator.comparing((WorkerAnswer worker) -> !worker.breaker().equals("OPEN"))
                        .thenComparing(worker -> Objects.requireNonNullElse(worker.downSince(), "")));
    }

    private String words(WorkerAnswer worker) {
        String since = age(worker.downSince()).map(age -> " for " + age).orElse("");
        return (worker.breaker().equals("OPEN") ? "down" : "takes no more connections") + since + ": "
                + Terminal.printable(Objects.requireNonNullElse(worker.failure(), ""));
    }

    private Optional<String> age(@Nullable String since) {
        try {
            return Optional.ofNullable(since).map(text -> Amounts.age(Duration.between(Instant.parse(text), now)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Whether a worker leaves it alone. */
    boolean down() {
        return destination.workers().stream().anyMatch(worker -> worker.breaker().equals("OPEN"));
    }

    String connections() {
        return sum(WorkerAnswer::connections) + " of " + destination.maxConnections();
    }

    long inFlight() {
        return sum(worker -> worker.files().size() + worker.moreFiles());
    }

    String rate() {
        return ProgressText.rate(sum(WorkerAnswer::bytesPerSecond));
    }

    private long sum(ToLongFunction<WorkerAnswer> part) {
        return destination.workers().stream().mapToLong(part).sum();
    }

    /** The class that the server has shown; empty if nobody knows. */
    String promised() {
        return destination.workers().stream()
                .flatMap(worker -> Optional.ofNullable(worker.destinationClass()).stream())
                .findFirst()
                .map(Terminal::printable)
                .orElse("");
    }
}
