package io.waybill.launcher.cli.audit;

import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.audit.ChainCheck;
import io.waybill.domain.audit.ChainCheck.Proof;
import io.waybill.domain.audit.VerifyingKey;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.audit.ActionAnswer;
import io.waybill.runtime.audit.AuditReader;
import io.waybill.runtime.service.ExitCode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waybill audit}: who did what, and whether it is proven. */
@Command(
        name = "audit",
        description = {
                "Lists who did what: each action on files, destinations and routes, also refused ones, from the topic audit.",
                "With --verify it checks the whole audit: changed, missing and reordered records, and signatures. It says"
                        + " how far each partition is proven, and ends with exit code 1 if one is broken."
        },
        footer = {
                "",
                "Examples:",
                "  waybill audit --since yesterday",
                "  waybill audit --since 90d --what redrive --by ann --csv > redrives.csv",
                "  waybill audit --target mfrggzdfmztwq2lkmnxw4zlt2y --since 400d --json",
                "  waybill audit --verify --key audit.pub"
        })
public final class AuditCommand implements Callable<Integer> {
    private static final int MOST = 1_000_000;

    private final Context context;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "Only actions of then or later: 2026-01-31T12:00:00Z, 2026-01-31, yesterday, or 2h for two hours"
                    + " ago. Default: 24h")
    private String since = "24h";

    @Nullable
    @Option(names = "--until", paramLabel = "TIME", description = "Only actions before this time.")
    private String until;

    @Option(names = "--by", paramLabel = "NAME", description = "Only actions of this person or program.")
    private String by = "";

    @Option(names = "--what", paramLabel = "ACTION", description = "Only this action, such as redrive.")
    private String what = "";

    @Option(
            names = "--target",
            paramLabel = "NAME",
            description = "Only actions on this: the id of a file, or the name of a destination or route.")
    private String target = "";

    @Option(names = "--csv",
            description = "Print comma-separated values. Cells that a spreadsheet would take for a formula"
                    + " begin with an apostrophe.")
    private boolean csv;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10000",
            description = "At most the newest N actions. Default: 10000")
    private int limit = 10_000;

    @Option(names = "--verify", description = "Check the whole audit instead of listing it.")
    private boolean verify;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "With --verify: a public key that signed checkpoints, in PEM. May be repeated. Default: that of"
                    + " audit.signingKey")
    private List<Path> keys = new ArrayList<>();

    public AuditCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > MOST) {
            throw CommandException.usage("--limit must be from 1 to " + MOST + ", was " + limit);
        }
        if (verify && (csv || until != null || !(by + what + target).isEmpty())) {
            throw CommandException.usage("--verify checks the whole audit: leave out --csv, --until, --by, --what and"
                    + " --target, which choose what a list shows");
        }
        if (!verify && !keys.isEmpty()) {
            throw CommandException.usage("--key is of use with --verify only");
        }
        try (var clients = new AuditClients(context);
                var reader = clients.reader()) {
            return verify ? verify(reader, clients.keys(keys)) : list(reader);
        }
    }

    private int verify(AuditReader reader, List<VerifyingKey> signers) {
        List<ChainCheck> checks =
                reader.partitions().stream().map(partition -> new ChainCheck(partition, signers)).toList();
        reader.read(reader.partitions(), Optional.empty(), new AuditReader.Taker() {
            @Override
            public void read(int partition, long offset, @Nullable String key, AuditRecord record) {
                checks.get(partition).next(offset, key, record);
            }

            @Override
            public void unreadable(int partition, long offset, String why) {
                checks.get(partition).unreadable(offset, why);
            }
        });
        Instant now = context.environment().clock().instant();
        List<Proof> proofs = checks.stream().map(check -> check.proof(now)).toList();
        new ProofReport(context.terminal(), signers).print(proofs);
        return (proofs.stream().anyMatch(Proof::broken) ? ExitCode.FAILED : ExitCode.DONE).number();
    }

    private int list(AuditReader reader) {
        Instant from = context.instant("--since", since);
        Instant to = until == null ? Instant.MAX : context.instant("--until", until);
        var newest = new PriorityQueue<AuditEntry>(Comparator.comparing(AuditEntry::at));
        int matched = read(reader, from, to, newest);
        List<AuditEntry> entries =
                newest.stream().sorted(Comparator.comparing(AuditEntry::at)).toList();
        print(entries, from);
        if (matched > entries.size()) {
            context.terminal().note(entries.size() + " of " + matched + ", the newest; --limit N lists N of them");
        }
        return ExitCode.DONE.number();
    }

    private int read(AuditReader reader, Instant from, Instant to, PriorityQueue<AuditEntry> newest) {
        var matched = new int[1];
        reader.read(reader.partitions(), Optional.of(from), new AuditReader.Taker() {
            @Override
            public void read(int partition, long offset, @Nullable String key, AuditRecord record) {
                if (record.content() instanceof AuditRecord.Entry(var entry) && matches(entry, from, to)) {
                    matched[0]++;
                    newest.add(entry);
                    if (newest.size() > limit) {
                        newest.remove();
                    }
                }
            }

            @Override
            public void unreadable(int partition, long offset, String why) {
                context.terminal().note("record " + offset + " of partition " + partition + " cannot be read; 'waybill"
                        + " audit --verify' says more");
            }
        });
        return matched[0];
    }

    private boolean matches(AuditEntry entry, Instant from, Instant to) {
        return !entry.at().isBefore(from)
                && entry.at().isBefore(to)
                && (by.isEmpty() || entry.who().equals(by))
                && (what.isEmpty() || entry.what().equals(what))
                && (target.isEmpty() || entry.target().name().equals(target));
    }

    private void print(List<AuditEntry> entries, Instant from) {
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            terminal.result(entries.stream().map(ActionAnswer::of).toList());
        } else if (csv) {
            csv(terminal, entries);
        } else if (entries.isEmpty()) {
            terminal.result("no actions since " + from);
        } else {
            var table = new Table("AT", "WHO", "ROLE", "WHAT", "~TARGET", "OUTCOME", "~REASON");
            entries.forEach(entry -> table.row(
                    entry.at().toString(),
                    entry.who(),
                    entry.role(),
                    entry.what(),
                    entry.target().toString(),
                    entry.outcome().toString(),
                    words(entry)));
            terminal.result(table);
        }
    }

    private static String words(AuditEntry entry) {
        String reason = entry.reason().isEmpty() || entry.detail().isEmpty()
                ? entry.reason() + entry.detail()
                : entry.reason() + " (" + entry.detail() + ")";
        AuditEntry.Counts counts = entry.counts();
        return counts == null
                ? reason
                : reason + " [" + counts.accepted() + " accepted, " + counts.refused() + " refused, "
                        + counts.leftOut() + " left out]";
    }

    private static void csv(Terminal terminal, List<AuditEntry> entries) {
        terminal.result(Csv.line(
                "at", "who", "role", "what", "targetKind", "target", "outcome", "reason", "detail", "requestId",
                "source",
                "accepted", "refused", "leftOut"));
        for (AuditEntry entry : entries) {
            AuditEntry.Counts counts = entry.counts();
            terminal.result(Csv.line(
                    entry.at().toString(),
                    entry.who(),
                    entry.role(),
                    entry.what(),
                    entry.target().kind(),
                    entry.target().name(),
                    entry.outcome().toString(),
                    entry.reason(),
                    entry.detail(),
                    entry.requestId(),
                    entry.source(),
                    counts == null ? "" : String.valueOf(counts.accepted()),
                    counts == null ? "" : String.valueOf(counts.refused()),
                    counts == null ? "" : String.valueOf(counts.leftOut())));
        }
    }
}
