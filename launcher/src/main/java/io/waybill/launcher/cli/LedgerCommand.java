package io.waybill.launcher.cli;

import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.LedgerReport;
import io.waybill.runtime.ledger.LedgerView;
import io.waybill.runtime.service.ExitCode;
import java.util.Collection;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code waybill ledger}: shows the state of the partitions of work. */
@Command(
        name = "ledger",
        description = {
                "Shows where each partition of work stands: the position (everything before it is done), the end, what is"
                        + " not done, what is done ahead of the position, files that are uploaded and about to get"
                        + " their names (PREPARED), large uploads under way (STAGING), and what the group of the"
                        + " workers shows as its lag.",
                "A partition on HOLD is not worked on, because its ledger does not say where to go on. Exit code 1 if"
                        + " there is one."
        },
        footer = {
                "",
                "Examples:",
                "  waybill ledger",
                "  waybill ledger --json",
                "  waybill ledger mend 3 --to 1200"
        })
final class LedgerCommand implements Callable<Integer> {
    private final Context context;

    LedgerCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Collection<LedgerView> views;
        try (var ledgers = new Ledgers(context.configuration(), context.environment().clock())) {
            views = ledgers.read().values();
        }
        new LedgerReport(context.terminal(), context.environment().clock().instant()).print(views);
        boolean good = views.stream().allMatch(view -> view.hold().isEmpty());
        return (good ? ExitCode.DONE : ExitCode.FAILED).number();
    }
}
