package io.waybill.runtime.config;

import java.util.List;
import java.util.Optional;

/**
 * A configuration that no process can run with. The message has a line for every fault; programs end with exit code 2.
 */
public class BadConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    public BadConfigurationException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** The configuration fault that caused a failure, if there is one. */
    public static Optional<BadConfigurationException> behind(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BadConfigurationException bad) {
                return Optional.of(bad);
            }
        }
        return Optional.empty();
    }

    /** The faults, each with its place. */
    public List<String> problems() {
        return problems;
    }
}
