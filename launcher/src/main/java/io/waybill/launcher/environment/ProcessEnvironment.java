package io.waybill.launcher.environment;

import io.waybill.runtime.time.ProcessClock;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * The surroundings of the process. The caller passes them in, so that a test can run a command in other surroundings.
 *
 * @param outIsTerminal whether a person reads standard output while it is written
 * @param columns       width of the terminal, 20 or more
 * @param variables     environment variables
 * @param directory     where the command looks for relative default files
 */
public record ProcessEnvironment(
        PrintStream out,
        PrintStream err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        int columns,
        Map<String, String> variables,
        Path directory,
        ProcessClock clock,
        Interruption interruption) {}
