package io.waybill.deploy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Programs that tests need and that are not here. */
final class Missing {
    private static final String RULE = "!".repeat(100);

    private Missing() {}

    /** Whether a program is on the path. */
    static boolean has(String program) {
        String searched = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Arrays.stream(searched.split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /**
     * Skips a test, and says so where nobody overlooks it.
     *
     * @param needs what it needs and how to get it
     */
    static ConditionEvaluationResult skip(ExtensionContext context, String needs) {
        String banner = RULE + "\n!! NOT RUN: " + context.getDisplayName() + "\n!! It needs " + needs + ".\n" + RULE;
        System.err.println(banner); // allow console: a line of the log is too quiet for this
        return ConditionEvaluationResult.disabled("missing: " + needs);
    }
}
