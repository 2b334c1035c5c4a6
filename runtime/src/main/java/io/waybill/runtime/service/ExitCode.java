package io.waybill.runtime.service;

import io.waybill.runtime.config.BadConfigurationException;

/** How a program ends. The numbers are public. */
public enum ExitCode {
    DONE(0),
    FAILED(1),
    BAD_CONFIGURATION(2),
    DID_NOT_STOP(3);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The exit code of a program that this failure stopped. */
    public static ExitCode of(Throwable failure) {
        return BadConfigurationException.behind(failure).isPresent() ? BAD_CONFIGURATION : FAILED;
    }

    public int number() {
        return number;
    }
}
