package io.waybill.launcher.cli.action;

import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.runtime.api.FilterRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code waybill resend}: delivers files once more. */
@Command(
        name = "resend",
        description = {
                "Delivers files once more that are COMPLETED: one file by its id, or all files that match the filters."
                        + " Each gets a new sending, and its final name appears once more at the destination. The route's"
                        + " onConflict says what happens to a file that still has the name. If a newer version of the"
                        + " object is there or on its way, the resend is refused, and the refusal names that version."
                        + " If the sending fails, the receipt of the delivery before stays.",
                "Importers are not told, unless you give --announce. Filters need --since: only files whose last change"
                        + " was then or later, and before the command began or --until.",
                "Files that are FAILED or TIMED_OUT are sent again by 'waybill redrive'. Waybill resends a file that has"
                        + " been sent 5 times only with --force.",
                "The exit code is 1 if a file was refused. The other files are resent in any case."
        },
        footer = {
                "",
                "Examples:",
                "  waybill resend mfrggzdfmztwq2lkmnxw4zlt2y --reason 'acme deleted it'",
                "  waybill resend --route invoices --since 2026-01-31T00:00:00Z --dry-run",
                "  waybill resend --route invoices --since yesterday --rate 20 --reason 'acme restored a backup'",
                "  waybill resend mfrggzdfmztwq2lkmnxw4zlt2y --announce --reason 'the importer lost it, too'"
        })
public final class ResendCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private final BulkOptions options = new BulkOptions();

    @Option(names = "--announce", description = "Tells the importers once more: a second record in ready-files.")
    private boolean announce;

    @Option(names = "--force", description = "Resends also files that have been sent 5 times or more.")
    private boolean force;

    public ResendCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        FilterRequest filter = options.filter(context, null);
        if (!filter.equals(FilterRequest.ALL) && filter.since() == null) {
            throw CommandException.usage("since when? Give --since, so that not all files are resent that were ever"
                    + " delivered");
        }
        try (var api = ApiClient.of(context)) {
            return new BulkFiles(context.terminal(), api, "resend", options)
                    .run(bounded(filter), new BulkFiles.Wish(force, announce))
                    .number();
        }
    }

    /** What is delivered while the command runs was not lost. */
    private FilterRequest bounded(FilterRequest filter) {
        return filter.since() == null || filter.until() != null
                ? filter
                : filter.before(context.environment().clock().instant().toString());
    }
}
