package io.waybill.testkit;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests that cannot run here. */
public final class Skipped {
    private static final String RULE = "!".repeat(100);

    private Skipped() {}

    /**
     * Skips a test, and says so.
     *
     * @param needs what it needs and how to get it
     */
    public static ConditionEvaluationResult loudly(ExtensionContext context, String needs) {
        // A skipped test is easily overlooked in a green build, so it says so where nobody can.
        String banner =
                RULE + "\n!! NOT RUN: " + context.getDisplayName() + "\n!! It needs " + needs + ".\n" + RULE;
        System.err.println(banner); // allow console: a line of the log is too quiet for this
        return ConditionEvaluationResult.disabled("missing: " + needs);
    }
}
