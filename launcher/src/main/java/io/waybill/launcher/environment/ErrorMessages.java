package io.waybill.launcher.environment;

import io.waybill.domain.Texts;
import io.waybill.launcher.process.ServiceFailureException;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.text.Reasons;
import io.waybill.store.StoreException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** The messages for a user about an exception that ended a command. */
public final class ErrorMessages {
    private ErrorMessages() {}

    /**
     * @param message for people; one line, or one line for each fault of a configuration
     */
    public record Fault(ExitCode exitCode, String message) {}

    /** Returns the fault behind an exception. */
    public static Fault of(Throwable thrown) {
        return switch (thrown) {
            case CommandException expected -> new Fault(expected.exitCode(), message(expected));
            case BadConfigurationException bad -> new Fault(ExitCode.BAD_CONFIGURATION, message(bad));
            case StoreException store -> new Fault(ExitCode.FAILED, message(store));
            case ServiceFailureException service -> new Fault(ExitCode.of(service), message(service));
            case ExecutionException wrapper when wrapper.getCause() != null -> of(wrapper.getCause());
            case TimeoutException late -> new Fault(ExitCode.FAILED, "Kafka does not answer: " + Reasons.of(late));
            case KafkaException kafka -> new Fault(ExitCode.FAILED, "Kafka: " + Reasons.of(kafka));
            case IOException io -> new Fault(ExitCode.FAILED, Reasons.of(io));
            default ->
                new Fault(ExitCode.FAILED, "a fault of Waybill: " + Reasons.of(thrown) + "; --debug shows where");
        };
    }

    private static String message(Throwable thrown) {
        return Texts.masked(String.valueOf(thrown.getMessage()));
    }
}
