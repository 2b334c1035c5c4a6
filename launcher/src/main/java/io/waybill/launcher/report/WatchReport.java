package io.waybill.launcher.report;

import io.waybill.launcher.terminal.Amounts;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.live.DestinationAnswer;
import io.waybill.runtime.api.live.DestinationAnswer.FileInFlightAnswer;
import io.waybill.runtime.api.live.DestinationAnswer.WorkerAnswer;
import io.waybill.runtime.api.live.DestinationsAnswer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What is under way at one moment, as a screen or as lines. */
public final class WatchReport {
    /** The most files of a screen, which must not be higher than a terminal. */
    private static final int MOST_FILES = 15;
    private static final int MOST_DESTINATIONS = 5;

    private final DestinationsAnswer answer;
    private final Instant now;

    public WatchReport(DestinationsAnswer answer, Instant now) {
        this.answer = answer;
        this.now = now;
    }

    private record Sent(String destination, FileInFlightAnswer file) {}

    private static Stream<Sent> sent(DestinationAnswer destination) {
        return destination.workers().stream()
                .flatMap(worker -> worker.files().stream())
                .map(file -> new Sent(destination.name(), file));
    }

    /** The largest files in flight. */
    static Table files(List<DestinationAnswer> destinations, int most) {
        var table = new Table("~FILE", "~TO", "STEP", ">DONE", ">RATE", ">LEFT", "~ID");
        destinations.stream()
                .flatMap(WatchReport::sent)
                .sorted(Comparator.comparingLong((Sent one) -> one.file().size())
                        .reversed()
                        .thenComparing(one -> one.file().id()))
                .limit(most)
                .forEach(one -> table.row(
                        Terminal.exact(one.file().name()),
                        one.destination(),
                        one.file().step(),
                        ProgressText.percent(one.file().done(), one.file().size()) + " of "
                                + Amounts.bytes(one.file().size()),
                        ProgressText.rate(one.file().bytesPerSecond()),
                        ProgressText.left(one.file().done(), one.file().size(), one.file().bytesPerSecond()),
                        one.file().id()));
        return table;
    }

    private long inFlight() {
        return answer.destinations().stream()
                .mapToLong(destination -> new DestinationState(destination, now).inFlight())
                .sum();
    }

    /** How many are under way, how fast, and by how many. */
    private List<String> counts() {
        long rate = answer.destinations().stream()
                .flatMap(destination -> destination.workers().stream())
                .mapToLong(WorkerAnswer::bytesPerSecond)
                .sum();
        var counts = new ArrayList<String>();
        counts.add(Amounts.count(inFlight(), "file") + " under way");
        if (rate > 0) {
            counts.add(ProgressText.rate(rate));
        }
        counts.add(Amounts.count(answer.workers(), "worker"));
        return counts;
    }

    private String heading() {
        return now.truncatedTo(ChronoUnit.SECONDS) + "  " + String.join(", ", counts());
    }

    /** A line that a narrow screen would cut becomes several: the counts are what people look for. */
    private List<String> heading(int columns) {
        String line = heading();
        return line.length() <= columns
                ? List.of(line)
                : Stream.concat(Stream.of(now.truncatedTo(ChronoUnit.SECONDS).toString()), counts().stream())
                        .toList();
    }

    /** The lines of a screen. */
    public List<String> screen(Terminal terminal) {
        var lines = new ArrayList<String>();
        heading(terminal.columns() - 1).stream().map(terminal::bold).forEach(lines::add);
        long shown = Math.min(MOST_FILES, answer.destinations().stream().flatMap(WatchReport::sent).count());
        if (shown > 0) {
            lines.addAll(files(answer.destinations(), MOST_FILES).lines(terminal.columns() - 1));
        }
        if (inFlight() > shown) {
            lines.add("(and " + (inFlight() - shown) + " more)");
        }
        unusual().limit(MOST_DESTINATIONS).map(WatchReport::line).map(terminal::yellow).forEach(lines::add);
        if (unusual().count() > MOST_DESTINATIONS) {
            lines.add("(and " + (unusual().count() - MOST_DESTINATIONS) + " more destinations)");
        }
        return lines;
    }

    private Stream<DestinationState> unusual() {
        return answer.destinations().stream()
                .map(destination -> new DestinationState(destination, now))
                .filter(DestinationState::unusual);
    }

    private static String line(DestinationState state) {
        return Terminal.printable(state.destination().name()) + "  " + state.words();
    }

    /** The same for a file or a pipe: a line for each file, and for each destination that is not as usual. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(heading());
        answer.destinations().stream()
                .flatMap(WatchReport::sent)
                .map(one -> "  " + one.file().id() + "  " + Terminal.exact(one.file().name()) + "  "
                        + one.destination() + "  " + Terminal.printable(one.file().step()) + "  "
                        + ProgressText.amount(one.file().done(), one.file().size()) + "  "
                        + ProgressText.rate(one.file().bytesPerSecond()))
                .map(String::stripTrailing)
                .forEach(lines::add);
        unusual().map(state -> "  " + line(state)).forEach(lines::add);
        return lines;
    }
}
