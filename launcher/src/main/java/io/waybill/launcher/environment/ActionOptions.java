package io.waybill.launcher.environment;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that changes something: why, and who wants it. */
public final class ActionOptions {
    @Nullable
    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "The reason. The history of each file, or the dead letter, records it.")
    private String reason;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who asks. The history of each file, or the dead letter, records it."
                    + " Default: the owner of the token, else the user of this process")
    private String by = "";

    /**
     * The reason.
     *
     * @param otherwise the text if the user gives none
     */
    public String reason(String otherwise) {
        return reason == null ? otherwise : reason;
    }

    /** The reason, or a text that says where the action came from. */
    public String reason() {
        return reason("asked for on the command line");
    }

    /** The name that the user gives; empty if the user gives none. */
    public String by() {
        return by;
    }
}
