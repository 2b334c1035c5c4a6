package io.waybill.runtime.service;

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

    public int number() {
        return number;
    }
}
