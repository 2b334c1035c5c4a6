package io.waybill.launcher.environment;

import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Decides how much is logged, and in which form. {@code logback.xml} reads both from system properties when the first
 * logger is made, so they must be set before that. Each log line names its level, time and keys, whichever command
 * runs.
 */
public final class Logs {
    private static final String LEVEL = "waybill.log.level";
    private static final String KAFKA = "waybill.log.kafka";
    private static final String RECOVERY = "waybill.log.recovery";
    private static final String FORMAT = "waybill.log.format";
    private static final String VARIABLE = "WAYBILL_LOG";

    private Logs() {}

    /**
     * Sets level and form for one command.
     *
     * @throws CommandException if the variable for the form has a value other than text or json
     */
    public static void settle(String command, ProcessEnvironment environment, boolean debug) {
        boolean service = command.equals("run");
        set(LEVEL, debug ? "DEBUG" : service ? "INFO" : "WARN");
        // A broker, its clients and a group that start together write warnings about one another for a while.
        set(KAFKA, debug || service ? "WARN" : "ERROR");
        set(RECOVERY, debug || service ? "WARN" : "OFF");
        set(FORMAT, service && json(environment) ? "JSON" : "TEXT");
    }

    private static boolean json(ProcessEnvironment environment) {
        String wanted = environment.variables().getOrDefault(VARIABLE, "");
        return switch (wanted) {
            case "json" -> true;
            case "text" -> false;
            case "" -> !environment.errIsTerminal();
            default -> throw CommandException.usage("$" + VARIABLE + " is text or json, was '" + wanted + "'");
        };
    }

    /**
     * Says what the process runs, for each line of JSON.
     *
     * @param worker the worker's id; empty if the process runs no worker
     */
    public static void identify(List<String> services, String worker) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.putProperty(LogOrigin.SERVICES, String.join(",", services));
            context.putProperty(LogOrigin.WORKER, worker);
        }
    }

    /** Suppresses all further lines, of every level. */
    public static void mute() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }

    /** A property that the user gives with -D keeps its value. */
    private static void set(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
