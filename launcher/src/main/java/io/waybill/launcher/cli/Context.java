package io.waybill.launcher.cli;

import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What every command is given. Options are to be looked at only once the command line is parsed. */
record Context(Surroundings surroundings, GlobalOptions options) {
    private static final String VARIABLE = "WAYBILL_CONFIG";

    Terminal terminal() {
        return Terminal.of(surroundings, options);
    }

    Path data() {
        return surroundings.directory().resolve(options.data).toAbsolutePath().normalize();
    }

    /** The configuration of a command that talks to something that runs already. */
    WaybillConfig configuration() {
        return WaybillConfig.load(configurationFile(), overrides());
    }

    Overrides overrides() {
        return new Overrides(Map.copyOf(options.settings), surroundings.environment());
    }

    /** Where {@link #configuration()} reads. */
    Path configurationFile() {
        if (options.config != null) {
            return surroundings.directory().resolve(options.config);
        }
        String variable = surroundings.environment().getOrDefault(VARIABLE, "");
        if (!variable.isEmpty()) {
            return surroundings.directory().resolve(variable);
        }
        Path here = surroundings.directory().resolve("waybill.yaml");
        if (Files.exists(here)) {
            return here;
        }
        Path embedded = data().resolve("waybill.yaml");
        if (Files.exists(embedded)) {
            return embedded;
        }
        throw CommandException.usage("there is no configuration: no --config, no $" + VARIABLE
                + ", no waybill.yaml here, and no embedded stack in " + data()
                + ". Give --config FILE, or start the embedded stack with './waybill up'");
    }
}
