package io.waybill.launcher.cli.live;

import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.runtime.api.live.ScalingAnswer;
import io.waybill.runtime.service.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code waybill scaling}: shows how many workers there is work for. */
@Command(
        name = "scaling",
        description = {
                "Shows how many workers there is work for: what 'GET /v1/scaling' tells those that scale workers.",
                "A lane is one of a destination's connections, and has at most one worker. It is wanted if one of its files is"
                        + " being sent, or if one is due, is not paused, and its destination is not down for every worker."
        },
        footer = {"", "Examples:", "  waybill scaling", "  waybill scaling --json"})
public final class ScalingCommand implements Callable<Integer> {
    private final Context context;

    public ScalingCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ScalingAnswer scaling;
        try (var api = ApiClient.of(context)) {
            scaling = api.scaling().orElseThrow(() -> CommandException.failed(
                    "the server there cannot tell it; is it Waybill of this version?"));
        }
        context.terminal().result(
                scaling,
                counted(scaling.lanesWanted(), "lane") + " wanted, " + counted(scaling.workers(), "worker") + "; "
                        + scaling.open() + " open, " + scaling.sending() + " being sent");
        return ExitCode.DONE.number();
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
