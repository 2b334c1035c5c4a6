package io.waybill.e2e.secured;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** Searches everything that is logged, from DEBUG on, for texts that must not be there. */
final class LogSearch extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    /** Loggers whose DEBUG lines are too many to be worth it. */
    private static final Map<String, Level> LOGGERS = Map.of(
            "io.waybill", Level.DEBUG,
            "org.apache.kafka.clients", Level.DEBUG,
            "org.apache.kafka.common", Level.DEBUG,
            "org.apache.kafka.streams", Level.INFO,
            "org.eclipse.jetty", Level.INFO);

    private final List<String> secrets = new CopyOnWriteArrayList<>();
    private final List<String> found = new CopyOnWriteArrayList<>();
    private final AtomicLong searched = new AtomicLong();
    private final Map<String, Boolean> silenced = new ConcurrentHashMap<>();

    /** Begins to search. Nothing of it appears elsewhere. */
    static LogSearch begin() {
        var search = new LogSearch();
        search.start();
        LOGGERS.forEach((name, level) -> {
            Logger logger = (Logger) LoggerFactory.getLogger(name);
            search.silenced.put(name, logger.isAdditive());
            logger.setAdditive(false);
            logger.setLevel(level);
            logger.addAppender(search);
        });
        return search;
    }

    void lookFor(String secret) {
        secrets.add(secret);
    }

    @Override
    protected void append(ILoggingEvent event) {
        searched.incrementAndGet();
        String text = event.getFormattedMessage() + event.getKeyValuePairs()
                + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()));
        if (secrets.stream().anyMatch(text::contains)) {
            found.add(text);
        }
    }

    List<String> found() {
        return List.copyOf(found);
    }

    long searched() {
        return searched.get();
    }

    @Override
    public void close() {
        LOGGERS.keySet().forEach(name -> {
            Logger logger = (Logger) LoggerFactory.getLogger(name);
            logger.detachAppender(this);
            logger.setLevel(null);
            logger.setAdditive(silenced.getOrDefault(name, true));
        });
        stop();
    }
}
