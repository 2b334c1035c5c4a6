package io.waybill.launcher.process;

import io.waybill.runtime.config.WaybillConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

    /** The ids of the applications that the services are to Kafka Streams, as far as they use it. */
    public static List<String> applications(WaybillConfig config) {
        return Stream.of(STATE_PROCESSOR, TIMEOUT_MONITOR)
                .map(name -> config.topics().prefix() + name)
                .toList();
    }

    @Override
    public String toString() {
        return text;
    }
}
