package io.waybill.launcher.environment;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.waybill.domain.Texts;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * Message and key-value pairs of an event, on one line of text whatever they contain. {@code logback.xml} names this
 * class.
 */
public final class LogText extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        var text = new StringBuilder(Texts.printable(String.valueOf(event.getFormattedMessage())));
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> text.append(' ')
                    .append(Texts.printable(pair.key))
                    .append("=\"")
                    .append(Texts.exact(String.valueOf(pair.value)).replace("\"", "\\\""))
                    .append('"'));
        }
        return text.toString();
    }
}
