package io.waybill.launcher.environment;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.domain.Texts;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * An event as one line of JSON: when, how grave, which service and worker, the message, and then its key-value pairs,
 * all at the top. A pair whose key is the name of another field has an underscore after it. {@code logback.xml} names
 * this class.
 */
public final class LogJson extends EncoderBase<ILoggingEvent> {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final byte[] NOTHING = {};

    private final ThrowableProxyConverter traces = new ThrowableProxyConverter();

    @Override
    public void start() {
        traces.start();
        super.start();
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("instant", event.getInstant().toString());
        fields.put("level", event.getLevel().toString());
        Map<String, String> process = event.getLoggerContextVO().getPropertyMap();
        String service = LogOrigin.service(event.getLoggerName(), process);
        if (!service.isEmpty()) {
            fields.put("service", service);
        }
        String worker = process.getOrDefault(LogOrigin.WORKER, "");
        if (!worker.isEmpty()) {
            fields.put("worker", worker);
        }
        fields.put("message", String.valueOf(event.getFormattedMessage()));
        fields.put("loggerName", event.getLoggerName());
        fields.put("threadName", event.getThreadName());
        fields.put("timestamp", event.getTimeStamp());
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> add(fields, pair));
        }
        if (event.getThrowableProxy() != null) {
            fields.put("throwable", traces.convert(event));
        }
        return (line(fields) + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
    }

    private static void add(Map<String, Object> fields, KeyValuePair pair) {
        Object value = pair.value instanceof Number || pair.value instanceof Boolean
                ? pair.value
                : String.valueOf(pair.value);
        // The service that an event names is more exact than the one that its logger belongs to.
        boolean free = !fields.containsKey(pair.key) || pair.key.equals("service") || pair.key.equals("worker");
        fields.put(free ? pair.key : pair.key + "_", value);
    }

    private static String line(Map<String, Object> fields) {
        try {
            // What is left to escape stands within texts, where JSON has the same escapes.
            return Texts.printable(JSON.writeValueAsString(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("fields are texts, numbers and flags", e);
        }
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
