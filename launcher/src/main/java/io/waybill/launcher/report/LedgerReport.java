package io.waybill.launcher.report;

import io.waybill.domain.Attempt;
import io.waybill.domain.FileId;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Target;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.ledger.LedgerView;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Prints ledgers, for people or as JSON. */
public final class LedgerReport {
    /** This is longer than a destination's breaker stays open. */
    private static final Duration LONGEST_PREPARED = Duration.ofMinutes(15);

    private final Terminal terminal;
    private final Instant now;

    /**
     * @param now the time from which ages are counted
     */
    public LedgerReport(Terminal terminal, Instant now) {
        this.terminal = terminal;
        this.now = now;
    }

    /** A file that has begun and not ended. */
    private record Item(String mark, FileId id, Attempt attempt, long bytes, Instant at, Target target) {}

    private static List<Item> items(LedgerView view) {
        return view.marks().values().stream()
                .flatMap(LedgerReport::item)
                .sorted(Comparator.comparing(Item::at))
                .toList();
    }

    private static Stream<Item> item(LedgerMark mark) {
        return switch (mark) {
            case Prepared it ->
                Stream.of(new Item("PREPARED", it.id(), it.attempt(), it.bytes(), it.at(), it.target()));
            case Staging it ->
                Stream.of(new Item("STAGING", it.id(), it.attempt(), it.safeBytes(), it.at(), it.target()));
            case Position _ -> Stream.empty();
        };
    }

    public void print(Collection<LedgerView> views) {
        if (terminal.json()) {
            terminal.result(views.stream().map(this::json).toList());
            return;
        }
        var table = new Table(
                ">PARTITION", ">POSITION", ">END", ">LAG", ">AHEAD", ">PREPARED", ">STAGING", ">GROUP LAG", "~STATE");
        views.forEach(view -> table.row(
                String.valueOf(view.partition()),
                text(view.position().map(Position::next)),
                String.valueOf(view.work().end()),
                text(lag(view)),
                text(view.position().map(Position::doneAhead)),
                String.valueOf(view.prepared().size()),
                String.valueOf(view.staging().size()),
                text(groupLag(view)),
                state(view)));
        terminal.result(table);
        printItems(views);
        if (views.stream().anyMatch(view -> view.hold().isPresent())) {
            terminal.result("");
            terminal.result("Workers do not work on a partition on hold until you say where to continue; see"
                    + " 'waybill ledger mend --help'.");
        }
    }

    /**
     * A file gets its name in the moment after it is prepared. A file that takes longer stops all other files for the
     * same path.
     */
    private String state(LedgerView view) {
        long undecided = view.prepared().stream()
                .filter(mark -> Duration.between(mark.at(), now).compareTo(LONGEST_PREPARED) > 0)
                .count();
        return view.hold()
                .map(reason -> "HOLD: " + reason)
                .orElse(undecided == 0 ? "ok"
                        : "UNDECIDED: " + undecided + " PREPARED for more than "
                                + LONGEST_PREPARED.toMinutes() + " min");
    }

    private void printItems(Collection<LedgerView> views) {
        if (views.stream().allMatch(view -> view.marks().isEmpty())) {
            return;
        }
        var table = new Table(">PARTITION", "MARK", "FILE", ">ATTEMPT", ">BYTES", ">AGE", "~TARGET");
        views.forEach(view -> items(view).forEach(item -> table.row(
                String.valueOf(view.partition()),
                item.mark,
                item.id.value(),
                item.attempt.toString(),
                String.valueOf(item.bytes),
                ageSeconds(item) + " s",
                item.target.destination() + ":" + Terminal.exact(item.target.path().value()))));
        terminal.result("");
        terminal.result(table);
    }

    private long ageSeconds(Item item) {
        return Math.max(0, Duration.between(item.at, now).toSeconds());
    }

    /**
     * The number of offsets that are not done. It includes the markers of transactions. It is empty if nobody knows it.
     */
    private static Optional<Long> lag(LedgerView view) {
        return view.hold().isPresent()
                ? Optional.empty()
                : view.position()
                        .map(position -> Math.max(0, view.work().end() - position.next() - position.doneAhead()));
    }

    private static Optional<Long> groupLag(LedgerView view) {
        return boxed(view.groupOffset()).map(offset -> Math.max(0, view.work().end() - offset));
    }

    private static Optional<Long> boxed(OptionalLong number) {
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }

    private static String text(Optional<Long> number) {
        return number.map(String::valueOf).orElse("-");
    }

    /** Keys with unknown values are present with null, so that a reader sees that the value is not known. */
    public Map<String, @Nullable Object> json(LedgerView view) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("partition", view.partition());
        json.put("position", view.position().map(Position::next).orElse(null));
        json.put("doneAhead", view.position().map(Position::doneAhead).orElse(null));
        json.put("start", view.work().start());
        json.put("end", view.work().end());
        json.put("lag", lag(view).orElse(null));
        json.put("groupOffset", boxed(view.groupOffset()).orElse(null));
        json.put("groupLag", groupLag(view).orElse(null));
        json.put("hold", view.hold().orElse(null));
        json.put("unreadable", view.unreadable().size());
        json.put("items", items(view).stream().map(this::json).toList());
        return json;
    }

    private Map<String, Object> json(Item item) {
        var json = new LinkedHashMap<String, Object>();
        json.put("mark", item.mark);
        json.put("id", item.id.value());
        json.put("sending", item.attempt.sending());
        json.put("attempt", item.attempt.number());
        json.put("bytes", item.bytes);
        json.put("ageSeconds", ageSeconds(item));
        json.put("destination", item.target.destination().value());
        json.put("path", item.target.path().value());
        return json;
    }
}
