package io.waybill.e2e.deploy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The programs of the system that these tests need. */
final class Programs {
    private static final String RULE = "!".repeat(100);

    private Programs() {}

    static boolean areHere(String... programs) {
        return Arrays.stream(programs).allMatch(Programs::isHere);
    }

    private static boolean isHere(String program) {
        String searched = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(searched.split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** Skips a test, and says so where nobody overlooks it. */
    static ConditionEvaluationResult skipLoudly(ExtensionContext context, String needs) {
        String banner =
                RULE + "\n!! NOT RUN: " + context.getDisplayName() + "\n!! It needs " + needs + ".\n" + RULE;
        System.err.println(banner); // allow console: a line of the log is too quiet for this
        return ConditionEvaluationResult.disabled("missing: " + needs);
    }
}
