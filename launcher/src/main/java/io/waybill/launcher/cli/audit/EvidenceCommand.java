package io.waybill.launcher.cli.audit;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.audit.AuditEntry.Target;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.audit.ChainPart;
import io.waybill.domain.audit.Checkpoint;
import io.waybill.launcher.cli.audit.Evidence.Document;
import io.waybill.launcher.cli.audit.Evidence.Proven;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.client.FileIds;
import io.waybill.launcher.environment.ActionOptions;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.MoveAnswer;
import io.waybill.runtime.audit.AuditReader;
import io.waybill.runtime.audit.ChainParts;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.time.Pause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waybill evidence}: what an auditor takes away about one file. */
@Command(
        name = "evidence",
        description = {
                "Prints all that Waybill knows about a file as one JSON: history, receipt with SHA-256 and proof, host keys,"
                        + " and the audit's entries with the signed checkpoint that proves them. It waits for that"
                        + " checkpoint, up to a minute.",
                "With --check it verifies such a file. It needs the file and the public key, and nothing else."
        },
        footer = {
                "",
                "Examples:",
                "  waybill evidence mfrggzdfmztwq2lkmnxw4zlt2y --reason 'audit 2026' > evidence.json",
                "  waybill evidence --check evidence.json --key audit.pub"
        })
public final class EvidenceCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final Duration BETWEEN = Duration.ofSeconds(2);
    /** By how much clocks may differ. */
    private static final Duration SLACK = Duration.ofMinutes(10);

    private static final int TRIES = 3;

    private final Context context;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "The file's id.")
    private String id = "";

    @Nullable
    @Option(names = "--check", paramLabel = "FILE", description = "Check this evidence instead of making any.")
    private Path check;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "With --check: the public key in PEM. May be repeated.")
    private List<Path> keys = new ArrayList<>();

    @Mixin
    private final ActionOptions action = new ActionOptions();

    public EvidenceCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (id.isEmpty() == (check == null)) {
            throw CommandException.usage("give the ID of a file, or --check FILE --key FILE");
        }
        return check == null ? make(FileIds.parse(id)) : check(check);
    }

    private int check(Path file) {
        if (keys.isEmpty()) {
            throw CommandException.usage("--check needs --key FILE: the public key, from somebody you trust");
        }
        String text;
        try {
            text = Files.readString(context.environment().directory().resolve(file));
        } catch (IOException e) {
            throw CommandException.failed(file + " cannot be read");
        }
        EvidenceCheck.Result result = new EvidenceCheck(AuditClients.keys(context, keys)).check(text);
        Terminal terminal = context.terminal();
        result.faults().forEach(fault -> terminal.note(Terminal.printable(fault)));
        boolean good = result.faults().isEmpty();
        terminal.result(result, good
                ? "good: the evidence about file " + Terminal.printable(result.file()) + " with its " + result.entries()
                        + " entries of the audit is signed, and is as it was at " + result.until()
                : "BROKEN: the evidence proves nothing");
        return (good ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private int make(FileId file) throws InterruptedException {
        FileAnswer state;
        List<MoveAnswer> history;
        try (var api = ApiClient.of(context)) {
            state = api.file(file).orElseThrow(() -> FileIds.unknown(file));
            history = api.history(file).orElseThrow(() -> FileIds.unknown(file)).history();
        }
        try (var clients = new AuditClients(context);
                var reader = clients.reader()) {
            for (int i = 0; i < TRIES; i++) {
                Optional<Evidence> evidence = made(clients, reader, file, state, history);
                if (evidence.isPresent()) {
                    context.terminal().result(evidence.get().text());
                    return ExitCode.DONE.number();
                }
            }
        }
        throw CommandException.failed("the audit of file " + file + " does not come to rest; try again later");
    }

    /** Empty if entries of before came into the chain only after the document had named those that are there. */
    private Optional<Evidence> made(
            AuditClients clients, AuditReader reader, FileId file, FileAnswer state, List<MoveAnswer> history)
            throws InterruptedException {
        int partition = reader.partition(file.value());
        Instant now = context.environment().clock().instant();
        var document = new Document(
                now.toString(),
                state,
                history,
                hostKeys(clients, state),
                partition,
                read(reader, partition, Optional.empty(), file).records().stream()
                        .map(record -> record.link().sequence())
                        .toList());
        String request = clients.write(
                Evidence.WHAT, Target.file(file.value()), action.by(), action.reason(), Evidence.digest(document));
        long seal = await(reader, partition, now.minus(SLACK), file, request);
        List<Proven> proven = read(reader, partition, Optional.empty(), file).parts().stream()
                .filter(part -> part.record().link().sequence() <= seal)
                .map(Proven::of)
                .toList();
        return proven.size() == document.entries().size() + 1
                ? Optional.of(new Evidence(Evidence.FORM, document, proven))
                : Optional.empty();
    }

    private static List<String> hostKeys(AuditClients clients, FileAnswer file) {
        String name = file.destination();
        DestinationConfig destination =
                name == null ? null : clients.config().destinations().get(new DestinationName(name));
        return destination == null ? List.of() : destination.hostKeys();
    }

    private static ChainParts read(AuditReader reader, int partition, Optional<Instant> since, FileId file) {
        var parts = new ChainParts(record -> record.content() instanceof AuditRecord.Entry(var entry)
                && entry.target().equals(Target.file(file.value())));
        reader.read(List.of(partition), since, parts);
        return parts;
    }

    /** Waits for the checkpoint after the entry with the document's digest. Returns the number of that entry. */
    private long await(AuditReader reader, int partition, Instant since, FileId file, String request)
            throws InterruptedException {
        context.environment().err().println("waiting for the next checkpoint of the audit, up to a minute");
        long deadline = context.environment().clock().after(LONGEST);
        while (!context.environment().clock().isOver(deadline)) {
            Optional<ChainPart> found = read(reader, partition, Optional.of(since), file).parts().stream()
                    .filter(part -> part.record().content() instanceof AuditRecord.Entry(var entry)
                            && entry.requestId().equals(request))
                    .findFirst();
            if (found.isPresent()) {
                warn(found.get());
                return found.get().record().link().sequence();
            }
            Pause.full().take(BETWEEN);
        }
        throw CommandException.failed("the audit has no checkpoint after " + LONGEST.toMinutes()
                + " minutes; does the audit-service run?");
    }

    private void warn(ChainPart part) {
        if (part.checkpoint().content() instanceof Checkpoint checkpoint
                && !checkpoint.signed()) {
            context.environment()
                    .err()
                    .println("the checkpoint is not signed, so the evidence proves nothing: set audit.signingKey");
        }
    }
}
