package io.waybill.launcher.cli;

import io.waybill.launcher.environment.Context;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.ConfigurationSchema;
import io.waybill.runtime.service.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code waybill config schema}: prints the JSON Schema of a configuration. */
@Command(
        name = "schema",
        description = "Prints the JSON Schema (draft 2020-12) of the configuration. With it an editor completes keys,"
                + " shows their meaning and marks mistakes. Reads no configuration.",
        footer = {
                "",
                "Examples:",
                "  waybill config schema > waybill.schema.json",
                "",
                "For an editor with the YAML language server, make this the first line of the configuration:",
                "  # yaml-language-server: $schema=waybill.schema.json"
        })
final class ConfigSchemaCommand implements Callable<Integer> {
    private final Context context;

    ConfigSchemaCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.terminal().result(ConfigurationSchema.text(Services.sections()));
        return ExitCode.DONE.number();
    }
}
