package io.waybill.testkit;

import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link RequiresUserNamespaces}, by trying. */
final class UserNamespacesCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (Commands.find("bwrap").isEmpty()) {
            return Skipped.loudly(context, "bwrap: install the package bubblewrap");
        }
        try {
            Commands.run(List.of(
                    "bwrap", "--unshare-user", "--unshare-pid", "--uid", "10001", "--ro-bind", "/", "/", "true"));
            return ConditionEvaluationResult.enabled("bwrap makes namespaces here");
        } catch (RuntimeException e) {
            return Skipped.loudly(context, "a kernel that lets this user make user namespaces: " + e.getMessage());
        }
    }
}
