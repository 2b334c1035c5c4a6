package io.waybill.testkit;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link RequiresOpenSsh}. */
final class OpenSshCondition implements ExecutionCondition {
    private static final String RULE = "!".repeat(100);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (OpenSshServer.available()) {
            return ConditionEvaluationResult.enabled("sshd and ssh-keygen are here");
        }
        // A skipped test is easily overlooked in a green build, so it says so where nobody can.
        String banner = RULE + "\n!! NOT RUN: " + context.getDisplayName()
                + "\n!! It needs sshd and ssh-keygen: install the package openssh-server.\n" + RULE;
        System.err.println(banner); // allow console: a line of the log is too quiet for this
        return ConditionEvaluationResult.disabled("sshd or ssh-keygen is missing");
    }
}
