package io.waybill.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Catches what a test makes some classes log, which is what they warn of, so that a green run prints only what nobody
 * expected. Fails nothing by itself. After a test that failed, everything caught is printed. To be registered as a field of
 * the test; catches from all threads.
 */
public final class CaughtWarnings implements BeforeEachCallback, AfterEachCallback {
    private final List<Logger> loggers;
    private final Caught caught = new Caught();
    private final @Nullable Level level;

    private CaughtWarnings(List<Logger> loggers, @Nullable Level level) {
        this.loggers = loggers;
        this.level = level;
    }

    /** Catches what these classes log while a test runs. */
    public static CaughtWarnings of(Class<?>... classes) {
        return new CaughtWarnings(loggers(classes), null);
    }

    /**
     * Catches what classes log that the test cannot see.
     *
     * @param classes their whole names
     */
    public static CaughtWarnings named(String... classes) {
        return new CaughtWarnings(loggers(classes), null);
    }

    /** Catches also what these classes log at INFO. */
    public static CaughtWarnings namedWithInfo(String... classes) {
        return new CaughtWarnings(loggers(classes), Level.INFO);
    }

    private static List<Logger> loggers(String... classes) {
        return Stream.of(classes)
                .map(each -> (Logger) LoggerFactory.getLogger(each))
                .toList();
    }

    /** Catches also what these classes log at INFO. */
    public static CaughtWarnings withInfo(Class<?>... classes) {
        return new CaughtWarnings(loggers(classes), Level.INFO);
    }

    private static List<Logger> loggers(Class<?>... classes) {
        return Stream.of(classes)
                .map(each -> (Logger) LoggerFactory.getLogger(each))
                .toList();
    }

    /** Catches and drops what these classes log until it is closed, where a test has no extensions, as one of jqwik has none. */
    public static Scope during(Class<?>... classes) {
        var warnings = of(classes);
        warnings.begin();
        return warnings::end;
    }

    /** Ends the catching. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        begin();
    }

    private void begin() {
        caught.start();
        loggers.forEach(logger -> {
            logger.addAppender(caught);
            logger.setAdditive(false);
            if (level != null) {
                logger.setLevel(level);
            }
        });
    }

    @Override
    public void afterEach(ExtensionContext test) {
        detach();
        if (test.getExecutionException().isPresent()) {
            caught.events
                    .forEach(event -> ((Logger) LoggerFactory.getLogger(event.getLoggerName())).callAppenders(event));
        }
        drop();
    }

    private void end() {
        detach();
        drop();
    }

    private void detach() {
        loggers.forEach(logger -> {
            logger.detachAppender(caught);
            logger.setAdditive(true);
            if (level != null) {
                logger.setLevel(null);
            }
        });
    }

    private void drop() {
        caught.stop();
        caught.events.clear();
    }

    /** What was logged so far: the sentence, then each key with its value as {@code key=value}, divided by blanks. */
    public List<String> lines() {
        return caught.events.stream().map(CaughtWarnings::line).toList();
    }

    /** How many of them came with a stack trace. */
    public long traces() {
        return caught.events.stream().filter(event -> event.getThrowableProxy() != null).count();
    }

    private static String line(ILoggingEvent event) {
        var line = new StringBuilder(event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> line.append(' ').append(pair.key).append('=').append(pair.value));
        }
        return line.toString();
    }

    private static final class Caught extends AppenderBase<ILoggingEvent> {
        private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    }
}
