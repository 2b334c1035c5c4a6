package io.waybill.launcher.embedded;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Drops the one warning that a healthy broker writes at each start, about a connection to itself, under the
 * same logger as warnings of our own clients. Named in {@code logback.xml}.
 */
public final class BrokerNoise extends Filter<ILoggingEvent> {
    private static final String OWN_CONNECTION = "[NodeToControllerChannelManager ";

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getMessage().startsWith(OWN_CONNECTION) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
