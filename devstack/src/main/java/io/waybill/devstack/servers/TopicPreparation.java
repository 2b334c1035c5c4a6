package io.waybill.devstack.servers;

/** Makes the topics exist, once Kafka answers and before anything writes to them. */
@FunctionalInterface
public interface TopicPreparation {
    /** Creates what is missing; must tolerate topics of a former run. */
    void prepare(String bootstrapServers) throws Exception;
}
