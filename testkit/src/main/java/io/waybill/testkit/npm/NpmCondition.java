package io.waybill.testkit.npm;

import io.waybill.testkit.Skipped;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link RequiresNpm}. */
final class NpmCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return NpmTools.directory().isPresent()
                ? ConditionEvaluationResult.enabled("npm is here")
                : Skipped.loudly(context,
                        "npm, for kubectl and the types of Kubernetes: install the packages npm and nodejs");
    }
}
