package io.waybill.runtime.config;

import java.util.List;

/** A configuration that nothing can run with. The message has a line for every fault; programs end with exit code 2. */
public final class BadConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    public BadConfigurationException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** The faults, each with its place. */
    public List<String> problems() {
        return problems;
    }
}
