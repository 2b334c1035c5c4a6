package io.waybill.e2e.crash;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link RequiresInotify}. */
final class InotifyCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (Observer.available()) {
            return ConditionEvaluationResult.enabled("inotifywait is here");
        }
        System.err.println("!! NOT RUN: " + context.getDisplayName() // allow console: a log line is too quiet
                + ": install the package inotify-tools");
        return ConditionEvaluationResult.disabled("inotifywait is missing");
    }
}
