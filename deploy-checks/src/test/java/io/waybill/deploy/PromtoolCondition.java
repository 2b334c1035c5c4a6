package io.waybill.deploy;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link RequiresPromtool}. */
final class PromtoolCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Missing.has("promtool")
                ? ConditionEvaluationResult.enabled("promtool is here")
                : Missing.skip(context, "promtool: install the package prometheus");
    }
}
