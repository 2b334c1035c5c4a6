package io.waybill.launcher.environment;

import io.waybill.runtime.service.ExitCode;

/** A command ends here, for a reason that its user can understand from the message alone. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    private CommandException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** What was asked for could not be done. */
    public static CommandException failed(String message) {
        return new CommandException(ExitCode.FAILED, message);
    }

    /** What was asked for makes no sense, or the configuration does not allow it. */
    public static CommandException usage(String message) {
        return new CommandException(ExitCode.BAD_CONFIGURATION, message);
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
