package io.waybill.launcher.environment;

import io.waybill.runtime.time.ProcessClock;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the process was started in; handed in, so that a test can run a command in an environment of its own.
 *
 * @param outIsTerminal whether somebody looks at standard output as it is written
 * @param columns       width of the terminal, 20 or more
 * @param variables     environment variables
 * @param directory     where relative default files are looked for
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
