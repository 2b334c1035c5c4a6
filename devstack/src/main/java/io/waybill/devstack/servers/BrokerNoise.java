package io.waybill.devstack.servers;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Drops the only warning that a healthy broker writes at each start. It is about a connection to the broker itself, and
 * its logger is also that of warnings of our own clients. {@code logback-devstack.xml} names this class.
 */
public final class BrokerNoise extends TurboFilter {
    private static final String OWN_CONNECTION = "[NodeToControllerChannelManager ";

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable thrown) {
        return format != null && format.startsWith(OWN_CONNECTION) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
