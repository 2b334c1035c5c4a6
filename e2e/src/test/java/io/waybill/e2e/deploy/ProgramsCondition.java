package io.waybill.e2e.deploy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link RequiresPrograms}. */
final class ProgramsCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        // The condition of a class is asked for its methods as well, and they need not have one of their own.
        List<String> missing = context.getElement().stream()
                .flatMap(element -> Arrays.stream(element.getAnnotationsByType(RequiresPrograms.class)))
                .flatMap(needed -> Arrays.stream(needed.value()))
                .filter(program -> !Programs.areHere(program))
                .toList();
        return missing.isEmpty()
                ? ConditionEvaluationResult.enabled("all programs are here")
                : Programs.skipLoudly(context, String.join(", ", missing));
    }
}
