package io.waybill.launcher.cli.action;

import io.waybill.domain.FileId;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.client.FileIds;
import io.waybill.launcher.environment.ActionOptions;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.runtime.api.ResolveRequest;
import io.waybill.runtime.service.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waybill resolve ID}: ends the doubt whether a file was delivered. */
@Command(
        name = "resolve",
        description = "Ends the doubt about a file that FAILED as IN_DOUBT. The destination does not show whether this"
                + " file was delivered. Ask the partner, then enter the partner's answer.",
        footer = {
                "",
                "Examples:",
                "  waybill resolve mfrggzdfmztwq2lkmnxw4zlt2y --delivered --reason 'Bob of acme has imported it'",
                "  waybill resolve mfrggzdfmztwq2lkmnxw4zlt2y --resend --reason 'acme restored a backup'"
        })
public final class ResolveCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "ID", description = "The file's id.")
    private String id = "";

    @ArgGroup(multiplicity = "1")
    private final Outcome outcome = new Outcome();

    /** The user gives one of these two options. */
    static final class Outcome {
        @Option(names = "--delivered",
                description = "The partner has the file. It becomes COMPLETED, with no other proof.")
        private boolean delivered;

        @Option(names = "--resend",
                description = "The partner does not have the file, or accepts a second copy. Waybill sends it again.")
        private boolean resend;
    }

    @Mixin
    private final ActionOptions action = new ActionOptions();

    public ResolveCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        FileId file = FileIds.parse(id);
        if (outcome.delivered == outcome.resend) {
            throw CommandException.usage("give the partner's answer: --delivered or --resend");
        }
        String resolution = outcome.resend ? "resend" : "delivered";
        try (var api = ApiClient.of(context)) {
            var answer = api.resolve(file, request(api, resolution))
                    .orElseThrow(() -> FileIds.unknown(file));
            context.terminal().result(
                    answer,
                    "resolution of " + file + " as " + resolution + " requested; 'waybill show " + file
                            + "' shows the outcome");
        }
        return ExitCode.DONE.number();
    }

    private ResolveRequest request(ApiClient api, String resolution) {
        return new ResolveRequest(
                resolution, api.by(action.by()), action.reason("resolved on the command line"), null);
    }
}
