package io.waybill.launcher.cli.approval;

import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.ActionOptions;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.FileView;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.ReleaseRequest;
import io.waybill.runtime.api.approval.ApprovalAnswer;
import io.waybill.runtime.service.ExitCode;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waybill approvals}: lists requests that wait for a second person, and says that person's word. */
@Command(
        name = "approvals",
        description = {
                "Lists requests about many files that wait for a second person, and those that had one. With an ID and"
                        + " --approve or --reject it decides about one.",
                "Nobody approves their own request; they may reject it. The one who asked then sends the same command"
                        + " again with --approval ID."
        },
        footer = {
                "",
                "Examples:",
                "  waybill approvals",
                "  waybill approvals 0e2a8f5e-6a0e-4c0a-9a55-0d6f3b0f2c11 --approve --reason 'counted with acme'"
        })
public final class ApprovalsCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "The approval to decide about.")
    private String id = "";

    @Option(names = "--approve", description = "Permits the request.")
    private boolean approve;

    @Option(names = "--reject", description = "Forbids the request.")
    private boolean reject;

    @Mixin
    private final ActionOptions action = new ActionOptions();

    public ApprovalsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (approve && reject || id.isEmpty() == (approve || reject)) {
            throw CommandException.usage("give an ID with either --approve or --reject, or nothing to list them");
        }
        try (var api = ApiClient.of(context)) {
            if (id.isEmpty()) {
                list(api);
            } else {
                decide(api);
            }
        }
        return ExitCode.DONE.number();
    }

    private void list(ApiClient api) {
        ApprovalAnswer.All all = api.approvals().orElseThrow(() -> CommandException.failed(
                "the server there knows no approvals; is it Waybill of this version?"));
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            terminal.result(all);
        } else if (all.approvals().isEmpty()) {
            terminal.result("nothing waits for a second person");
        } else {
            var table = new Table("ASKED", "STANDING", "WHAT", "FILES", "BY", "~REASON", "ID");
            all.approvals().forEach(one -> table.row(
                    FileView.seconds(one.at()),
                    standing(one),
                    one.action() + " " + described(one),
                    String.valueOf(one.files()),
                    one.by(),
                    one.reason(),
                    one.id()));
            terminal.result(table);
        }
    }

    /** Time ends an approval, nobody else. */
    private static String standing(ApprovalAnswer one) {
        return one.decidedBy() == null || one.standing().equals("EXPIRED")
                ? one.standing()
                : one.standing() + " by " + one.decidedBy();
    }

    /** All that is asked for: who says yes must know it. */
    private static String described(ApprovalAnswer one) {
        if (one.unreadable() != null) {
            return "? (" + one.unreadable() + ")";
        }
        return Stream.concat(
                one.filter().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(part -> part.getKey() + "=" + part.getValue()),
                Stream.of(one.force() ? "--force" : "", one.announce() ? "--announce" : ""))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private void decide(ApiClient api) {
        String word = approve ? "approve" : "reject";
        ApprovalAnswer answer = api.decide(id, word, new ReleaseRequest(api.by(action.by()), action.reason()))
                .orElseThrow(() -> CommandException.failed("there is no approval " + Terminal.printable(id)
                        + "; 'waybill approvals' lists those of the last days"));
        context.terminal().result(answer, approve
                ? Terminal.printable(answer.by()) + " may now send: waybill " + Terminal.printable(answer.action())
                        + " --approval " + Terminal.printable(answer.id())
                : "rejected; nothing is done");
    }
}
