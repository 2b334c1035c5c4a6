package io.waybill.devstack.servers;

/** Creates the topics, after Kafka answers and before anything writes to them. */
@FunctionalInterface
public interface TopicPreparation {
    /** Creates the missing topics. It must accept topics of a former run. */
    void prepare(String bootstrapServers) throws Exception;
}
