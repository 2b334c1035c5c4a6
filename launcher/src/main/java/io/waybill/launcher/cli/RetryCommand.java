package io.waybill.launcher.cli;

import io.waybill.launcher.cli.notification.RecordRetry;
import io.waybill.launcher.environment.Context;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waybill retry}: tries again now. */
@Command(
        name = "retry",
        description = "Lets ingest read a notification again that became a dead letter of type RECORD, or whose object"
                + " waits for the store.",
        footer = {
                "",
                "Examples:",
                "  waybill retry --record 3@4711"
        })
final class RetryCommand implements Callable<Integer> {
    private final Context context;

    @Option(
            names = "--record",
            paramLabel = "PARTITION@OFFSET",
            required = true,
            description = "A notification, as the origin of its dead letter names it.")
    private String record = "";

    RetryCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return new RecordRetry(context).run(record);
    }
}
