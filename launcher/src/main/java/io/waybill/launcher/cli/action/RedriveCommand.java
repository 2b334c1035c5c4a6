package io.waybill.launcher.cli.action;

import io.waybill.domain.FailureKind;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.Context;
import io.waybill.runtime.api.FilterRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code waybill redrive}: sends given-up files again. */
@Command(
        name = "redrive",
        description = {
                "Sends files again that are FAILED or TIMED_OUT: one file by its id, or all files that match the"
                        + " filters. If an earlier delivery succeeded after all, the worker finds it before it sends"
                        + " anything. Waybill does not redrive a file that is IN_DOUBT: see 'waybill resolve'. It"
                        + " redrives a file that has been redriven 5 times only with --force.",
                "A filter does not mean files that are CANCELLED, SUPERSEDED or SOURCE_GONE, unless --failure names that"
                        + " kind.",
                "The exit code is 1 if a file was refused. The other files are redriven in any case."
        },
        footer = {
                "",
                "Examples:",
                "  waybill redrive mfrggzdfmztwq2lkmnxw4zlt2y --reason 'partner made room'",
                "  waybill redrive --destination acme --failure DISK_FULL --dry-run",
                "  waybill redrive --destination acme --failure DISK_FULL --rate 20 --reason 'partner made room'",
                "  waybill redrive --status TIMED_OUT --since 2026-01-31T00:00:00Z --until 2026-02-01T00:00:00Z"
        })
public final class RedriveCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private final BulkOptions options = new BulkOptions();

    @Nullable
    @Option(
            names = "--failure",
            paramLabel = "KIND",
            description = "Only files with this failure: ${COMPLETION-CANDIDATES}.")
    private FailureKind failure;

    @Option(names = "--force", description = "Redrives also files that have been redriven 5 times or more.")
    private boolean force;

    public RedriveCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        FilterRequest filter = options.filter(context, failure);
        try (var api = ApiClient.of(context)) {
            return new BulkFiles(context.terminal(), api, "redrive", options)
                    .run(filter, new BulkFiles.Wish(force, false))
                    .number();
        }
    }
}
