package io.waybill.worker.connections;

import io.waybill.runtime.config.DestinationConfig;

/** Where a destination's files lie, in words: two of the same text are the same place. */
public final class Endpoint {
    private Endpoint() {}

    /** As it is written into ledgers: user, host, port and root. */
    public static String of(DestinationConfig destination) {
        return destination.user() + "@" + destination.host() + ":" + destination.port() + destination.root();
    }
}
