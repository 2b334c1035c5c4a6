package io.waybill.launcher.cli;

import io.waybill.domain.FileId;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.audit.AuditEntry.Target;
import io.waybill.launcher.cli.audit.AuditClients;
import io.waybill.launcher.environment.ActionOptions;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.LedgerReport;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.ledger.LedgerView;
import io.waybill.runtime.ledger.LedgerView.Unreadable;
import io.waybill.runtime.service.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waybill ledger mend}: sets where a partition continues, and removes marks that cannot be read. */
@Command(
        name = "mend",
        description = {
                "Sets the offset at which workers continue a partition that is on hold. They never do the items before"
                        + " that offset that are not done. They do again the items from that offset on that were done,"
                        + " so partners may get those files twice. They settle PREPARED files in any case.",
                "If marks cannot be read and never will be, --drop-unreadable removes them. Alone it keeps the position.",
                "Changes nothing without --yes. The command works only while the group of the workers has no member, also"
                        + " if the partition is on hold."
        },
        footer = {
                "",
                "Examples:",
                "  waybill ledger mend 3 --to 1200",
                "  waybill ledger mend 3 --to 1200 --yes",
                "  waybill ledger mend 3 --to-end --yes --json",
                "  waybill ledger mend 3 --drop-unreadable --yes"
        })
final class LedgerMendCommand implements Callable<Integer> {
    /** As {@link LedgerMark#key(FileId, int)} makes them. */
    private static final Pattern FILE_MARK = Pattern.compile("[a-z2-7]{26}-[0-9]+");

    private static final String GIVE =
            "give an offset: --to OFFSET, --to-beginning or --to-end; or --drop-unreadable";

    private final Context context;

    @Parameters(paramLabel = "PARTITION", description = "The partition's number.")
    private int partition;

    @ArgGroup(multiplicity = "0..1")
    private @Nullable Where where;

    /** The user gives one of these three options, or none. */
    static final class Where {
        @Option(names = "--to", paramLabel = "OFFSET", description = "Continue at this offset of the work.")
        private @Nullable Long offset;

        @Option(names = "--to-beginning", description = "Continue at the first record that still exists: do all again.")
        private boolean beginning;

        @Option(names = "--to-end", description = "Continue at the end: skip all records, done or not.")
        private boolean end;

        private long in(LedgerView view) {
            if (offset == null && beginning == end) {
                throw CommandException.usage(GIVE);
            }
            return offset != null ? offset : beginning ? view.work().start() : view.work().end();
        }
    }

    @Option(
            names = "--drop-unreadable",
            description = "Remove marks that cannot be read. If one was of a file that was PREPARED, Waybill forgets that"
                    + " the partner may have this file.")
    private boolean drop;

    @Option(names = "--yes", description = "Write the position. Without it the command only prints the consequences.")
    private boolean yes;

    @Mixin
    private final ActionOptions action = new ActionOptions();

    LedgerMendCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (where == null && !drop) {
            throw CommandException.usage(GIVE);
        }
        try (var ledgers = new Ledgers(context.configuration(), context.environment().clock())) {
            if (partition < 0 || partition >= ledgers.partitions()) {
                throw CommandException.usage(
                        "PARTITION: expected 0 to " + (ledgers.partitions() - 1) + ", was " + partition);
            }
            LedgerView before = ledgers.read(partition);
            Optional<Long> to = to(ledgers, before);
            checkNobodyWorks(ledgers, before);
            List<Unreadable> dropped = drop ? before.unreadable() : List.of();
            Terminal terminal = context.terminal();
            Home home = ledgers.home();
            to.ifPresent(offset -> meaning(ledgers.work(), before, home, offset).forEach(terminal::note));
            meaning(before, dropped).forEach(terminal::note);
            if (!yes) {
                throw CommandException.usage("nothing is changed; add --yes to do it");
            }
            try (var audit = new AuditClients(context)) {
                audit.write(
                        "ledger-mend", new Target("partition", String.valueOf(partition)), action.by(), action.reason(),
                        to.map(offset -> "to " + offset).orElse("position kept") + ", " + dropped.size()
                                + " marks removed");
            }
            ledgers.write(
                    partition, dropped, to.map(offset -> Position.at(offset, home.clusterId(), home.topicId())));
            return told(ledgers.read(partition));
        }
    }

    /** Where to continue, if the user said so. */
    private Optional<Long> to(Ledgers ledgers, LedgerView view) {
        if (where == null) {
            if (view.unreadable().stream().anyMatch(mark -> mark.name().equals(LedgerMark.POSITION_KEY))) {
                throw CommandException
                        .usage("the position itself cannot be read, so that Waybill does not know where to"
                                + " continue; add --to OFFSET, --to-beginning or --to-end");
            }
            return Optional.empty();
        }
        long to = where.in(view);
        if (to < view.work().start() || to > view.work().end()) {
            throw CommandException.usage("--to: expected an offset from " + view.work().start() + " to "
                    + view.work().end() + ", as partition " + view.partition() + " of " + ledgers.work()
                    + " has them, was " + to);
        }
        return Optional.of(to);
    }

    /**
     * A worker that works on the partition knows its position, and would overwrite a new one. That this command sees a hold
     * does not show that no worker works: a mark of a newer version holds an older command only.
     */
    private static void checkNobodyWorks(Ledgers ledgers, LedgerView view) {
        List<String> workers = ledgers.workers();
        if (!workers.isEmpty()) {
            String hold = view.hold().isEmpty() ? "" : " although it is on hold here";
            throw CommandException
                    .failed("workers are running (" + String.join(", ", workers) + "), and one of them may"
                            + " be at work on partition " + view.partition() + hold + "; stop all workers first");
        }
    }

    /** The effect of forgetting marks, or of keeping them. */
    private List<String> meaning(LedgerView view, List<Unreadable> dropped) {
        if (view.unreadable().isEmpty()) {
            return drop ? List.of("all marks of partition " + partition + " can be read; none is removed") : List.of();
        }
        if (!drop) {
            return List.of("marks that cannot be read keep the partition on hold: " + view.unreadable().size()
                    + "; --drop-unreadable removes them");
        }
        return dropped.stream()
                .map(mark -> "removed: " + mark.reason() + (FILE_MARK.matcher(mark.name()).matches()
                        ? "; if this file was PREPARED, the partner may have it, and get it a second time"
                        : ""))
                .toList();
    }

    /** The effect of the new position. It counts offsets only if the old position belongs to this topic. */
    private static List<String> meaning(String work, LedgerView view, Home home, long to) {
        var lines = new ArrayList<String>();
        lines.add("partition " + view.partition() + " of " + work + " (offsets " + view.work().start() + " to "
                + view.work().end() + ") is to continue at " + to
                + view.hold().map(reason -> "; it is on hold: " + reason).orElse(""));
        Position position = view.position()
                .filter(known -> known.clusterId().equals(home.clusterId()) && known.topicId().equals(home.topicId()))
                .orElse(null);
        if (position == null) {
            lines.add("the ledger does not say what is done: workers never do the items before " + to
                    + " that are not done, and do again the items from " + to + " on that were done");
        } else {
            lines.add("offsets before " + to + " that are not done, and that workers never do: "
                    + (Math.max(0, to - position.next()) - doneIn(position, position.next(), to)));
            lines.add("offsets from " + to + " on that were done, and that workers do again: "
                    + (Math.max(0, position.next() - to) + doneIn(position, to, Long.MAX_VALUE)));
        }
        if (!view.prepared().isEmpty()) {
            lines.add("PREPARED files, which workers settle in any case: " + view.prepared().size());
        }
        return lines;
    }

    /** The number of offsets in a span that are done ahead of the position. */
    private static long doneIn(Position position, long from, long to) {
        return position.done().stream()
                .mapToLong(range -> Math.max(0, Math.min(range.to(), to) - Math.max(range.from(), from)))
                .sum();
    }

    private int told(LedgerView after) {
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            terminal.result(new LedgerReport(terminal, context.environment().clock().instant()).json(after));
        } else {
            terminal.result("partition " + partition + " continues at "
                    + after.position().map(Position::next).orElse(0L)
                    + after.hold().map(reason -> ", but is still on hold: " + reason).orElse("")
                    + (after.unreadable().isEmpty() ? "" : "; --drop-unreadable removes marks that cannot be read"));
        }
        return (after.hold().isEmpty() ? ExitCode.DONE : ExitCode.FAILED).number();
    }
}
