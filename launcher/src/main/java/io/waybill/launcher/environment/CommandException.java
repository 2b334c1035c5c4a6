package io.waybill.launcher.environment;

import io.waybill.runtime.service.ExitCode;

/** Ends a command. The message alone explains the reason to the user. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    private CommandException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The command could not do what the user asked for. */
    public static CommandException failed(String message) {
        return new CommandException(ExitCode.FAILED, message);
    }

    /** The user's request makes no sense, or the configuration does not allow it. */
    public static CommandException usage(String message) {
        return new CommandException(ExitCode.BAD_CONFIGURATION, message);
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
