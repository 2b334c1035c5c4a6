package io.waybill.launcher.cli.action;

import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.Context;
import io.waybill.runtime.api.FilterRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code waybill cancel}: stops open files. */
@Command(
        name = "cancel",
        description = {
                "Stops files that are PENDING or STARTED: one file by its id, or all files that match the filters. They"
                        + " become FAILED as CANCELLED, and you can redrive them later. If the cancellation comes too"
                        + " late and the file had been delivered, the file is COMPLETED, and 'waybill show' says so. If"
                        + " the worker cannot find out, the file is IN_DOUBT; then use 'waybill resolve'.",
                "The exit code is 1 if a file was refused. The other files are cancelled in any case."
        },
        footer = {
                "",
                "Examples:",
                "  waybill cancel mfrggzdfmztwq2lkmnxw4zlt2y --reason 'sent by mistake'",
                "  waybill cancel --route invoices --status PENDING --dry-run",
                "  waybill cancel --route invoices --until 2026-01-31T00:00:00Z --reason 'superseded by the new run'"
        })
public final class CancelCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private final BulkOptions options = new BulkOptions();

    public CancelCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        FilterRequest filter = options.filter(context, null);
        try (var api = ApiClient.of(context)) {
            return new BulkFiles(context.terminal(), api, "cancel", options)
                    .run(filter, BulkFiles.Wish.PLAIN)
                    .number();
        }
    }
}
