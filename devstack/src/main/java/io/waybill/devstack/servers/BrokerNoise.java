package io.waybill.devstack.servers;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Drops the one warning that a healthy broker writes at each start, about a connection to itself, under the
 * same logger as warnings of our own clients. Named in {@code logback-devstack.xml}.
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
