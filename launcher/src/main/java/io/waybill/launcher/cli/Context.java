package io.waybill.launcher.cli;

import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.config.Durations;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** What every command is given. Options are to be looked at only once the command line is parsed. */
public record Context(Surroundings surroundings, GlobalOptions options) {
    private static final String VARIABLE = "WAYBILL_CONFIG";

    /** Where the command's words go. */
    public Terminal terminal() {
        boolean live = options.json ? surroundings.errIsTerminal() : surroundings.outIsTerminal();
        // By no-color.org: any value but an empty one.
        boolean unwanted = !surroundings.environment().getOrDefault("NO_COLOR", "").isEmpty();
        boolean dumb = "dumb".equals(surroundings.environment().get("TERM"));
        boolean coloured = live && !options.noColor && !unwanted && !dumb;
        return new Terminal(
                surroundings.out(), surroundings.err(), options.json, live, coloured, surroundings.columns());
    }

    /** Where the embedded stack keeps its state; absolute. */
    public Path data() {
        return surroundings.directory().resolve(options.data).toAbsolutePath().normalize();
    }

    /** The configuration of a command that talks to something that runs already. */
    WaybillConfig configuration() {
        return WaybillConfig.load(configurationFile(), overrides());
    }

    /** What flags and environment say above the file. */
    public Overrides overrides() {
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

    /** The time that an option gives, as configurations write it. */
    public static Duration duration(String option, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(option + ": " + e.getMessage());
        }
    }
}
