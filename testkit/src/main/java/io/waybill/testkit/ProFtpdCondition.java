package io.waybill.testkit;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link RequiresProFtpd}. */
final class ProFtpdCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return ProFtpdServer.available()
                ? ConditionEvaluationResult.enabled("proftpd, mod_sftp and ssh-keygen are here")
                : Skipped.loudly(
                        context,
                        "proftpd with mod_sftp, and ssh-keygen: install the packages proftpd-core,"
                                + " proftpd-mod-crypto and openssh-client");
    }
}
