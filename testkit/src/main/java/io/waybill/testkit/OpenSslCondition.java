package io.waybill.testkit;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link RequiresOpenSsl}. */
final class OpenSslCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Commands.find("openssl").isPresent()
                ? ConditionEvaluationResult.enabled("openssl is here")
                : Skipped.loudly(context, "openssl: install the package openssl");
    }
}
