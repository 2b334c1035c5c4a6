package io.waybill.launcher.environment;

import io.waybill.launcher.process.ServiceFailureException;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.service.ExitCode;
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
            case TimeoutException late -> new Fault(ExitCode.FAILED, "Kafka does not answer: " + deepest(late));
            case KafkaException kafka -> new Fault(ExitCode.FAILED, "Kafka: " + deepest(kafka));
            case IOException io -> new Fault(ExitCode.FAILED, deepest(io));
            default -> new Fault(ExitCode.FAILED, "unexpected " + thrown + "; --debug shows where");
        };
    }

    private static String message(Throwable thrown) {
        return String.valueOf(thrown.getMessage());
    }

    /** The outer exception of a wrapped failure says the least. */
    private static String deepest(Throwable thrown) {
        var text = new StringBuilder(text(thrown));
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            if (text.indexOf(text(cause)) < 0) {
                text.append(": ").append(text(cause));
            }
        }
        return text.toString();
    }

    private static String text(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }
}
