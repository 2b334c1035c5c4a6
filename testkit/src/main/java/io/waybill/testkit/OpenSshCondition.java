package io.waybill.testkit;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link RequiresOpenSsh}. */
final class OpenSshCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return OpenSshServer.available()
                ? ConditionEvaluationResult.enabled("sshd and ssh-keygen are here")
                : Skipped.loudly(context, "sshd and ssh-keygen: install the package openssh-server");
    }
}
