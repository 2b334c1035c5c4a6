package io.waybill.e2e.deploy;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link RequiresDeployChecks}. */
final class DeployChecksCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return DeployChecks.scripts().isPresent()
                ? ConditionEvaluationResult.enabled("the packages of deploy/checks are here")
                : Programs.skipLoudly(
                        context,
                        "node 20, npm and a registry with the packages of deploy/checks/package-lock.json");
    }
}
