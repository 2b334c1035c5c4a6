package io.waybill.launcher.run;

import java.util.Arrays;
import java.util.Optional;

/** The services, by the names that people use. */
public enum ServiceName {
    INGEST_SERVICE("ingest-service"),
    STATE_PROCESSOR("state-processor"),
    TRANSFER_WORKER("transfer-worker"),
    TIMEOUT_MONITOR("timeout-monitor");

    private final String text;

    ServiceName(String text) {
        this.text = text;
    }

    /** The service of a name; empty if there is none. */
    public static Optional<ServiceName> of(String text) {
        return Arrays.stream(values()).filter(name -> name.text.equals(text)).findFirst();
    }

    @Override
    public String toString() {
        return text;
    }
}
