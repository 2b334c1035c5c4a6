package io.waybill.runtime;

import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Silences classes while a test makes them warn, so that a green run prints only what nobody expected. The testkit, which
 * has more than this for all others, stands on this module.
 */
public final class CaughtLogs implements BeforeEachCallback, AfterEachCallback {
    private final List<Logger> loggers;

    private CaughtLogs(List<Logger> loggers) {
        this.loggers = loggers;
    }

    /** Silences these classes. To be registered as a field of the test. */
    public static CaughtLogs of(Class<?>... classes) {
        return new CaughtLogs(
                Stream.of(classes).map(each -> (Logger) LoggerFactory.getLogger(each)).toList());
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        loggers.forEach(logger -> logger.setAdditive(false));
    }

    @Override
    public void afterEach(ExtensionContext test) {
        loggers.forEach(logger -> logger.setAdditive(true));
    }
}
