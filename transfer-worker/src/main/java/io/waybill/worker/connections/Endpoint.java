package io.waybill.worker.connections;

import io.waybill.runtime.config.DestinationConfig;

/** The place of a destination's files, as text. Two equal texts name the same place. */
public final class Endpoint {
    private Endpoint() {}

    /** The text that ledgers contain: user, host, port and root. */
    public static String of(DestinationConfig destination) {
        return destination.user() + "@" + destination.host() + ":" + destination.port() + destination.root();
    }
}
