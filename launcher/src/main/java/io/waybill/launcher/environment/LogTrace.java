package io.waybill.launcher.environment;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.waybill.domain.Texts;
import java.util.stream.Collectors;

/**
 * The stack trace of an event, as text. A message of an exception may have several lines. Each line after the first
 * begins with a tab, so that none looks like an event. {@code logback.xml} names this class.
 */
public final class LogTrace extends ThrowableProxyConverter {
    @Override
    public String convert(ILoggingEvent event) {
        String trace = super.convert(event);
        return trace.isEmpty() ? trace
                : trace.lines()
                        .map(line -> "\t" + Texts.printable(line.stripLeading()))
                        .collect(Collectors.joining(System.lineSeparator(), "", System.lineSeparator()))
                        .substring(1);
    }
}
