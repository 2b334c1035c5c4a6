package io.waybill.deploy;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link RequiresNetworkNamespaces}, by trying. */
final class NetworkNamespacesCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        try {
            String obstacle = ClusterNetwork.obstacle();
            return obstacle.isEmpty()
                    ? ConditionEvaluationResult.enabled("networks can be made here")
                    : Missing.skip(context,
                            "iproute2, nftables, python3 and a kernel that lets this user make namespaces (" + obstacle
                                    + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Missing.skip(context, "a run that nobody interrupts");
        }
    }
}
