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
                "Shows the progress of each partition of work: the position (everything before it is done), the end,"
                        + " the offsets that are not done, those done ahead of the position, the uploaded files that"
                        + " are about to get their final names (PREPARED), the large uploads under way (STAGING), and"
                        + " the lag of the workers' consumer group.",
                "Workers do not work on a partition that is on HOLD, because its ledger does not say where to continue."
                        + " The exit code is 1 if a partition is on HOLD."
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
