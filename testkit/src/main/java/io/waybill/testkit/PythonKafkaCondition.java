package io.waybill.testkit;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link RequiresPythonKafka}. */
final class PythonKafkaCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return PythonKafka.interpreter().isPresent()
                ? ConditionEvaluationResult.enabled("python3 is here, with confluent_kafka, avro and boto3")
                : Skipped.loudly(
                        context,
                        "python3 with confluent_kafka, avro and boto3: install the packages"
                                + " python3-confluent-kafka, python3-avro and python3-boto3");
    }
}
