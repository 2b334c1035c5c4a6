package io.waybill.worker;

import io.waybill.runtime.config.DestinationConfig;

/** Where a destination's files lie, in words: two of the same text are the same place. */
final class Endpoint {
    private Endpoint() {}

    static String of(DestinationConfig destination) {
        return destination.user() + "@" + destination.host() + ":" + destination.port() + destination.root();
    }
}
