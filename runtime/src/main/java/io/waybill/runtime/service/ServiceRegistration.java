package io.waybill.runtime.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import java.util.List;

/** A service's description of itself. A process needs nothing else to run the service. Each service has one. */
public interface ServiceRegistration {
    /** As {@link Service#name()}; {@code waybill run} takes it. */
    String name();

    /** Whether it is an application of Kafka Streams; its application id is then the topic prefix and its name. */
    boolean streamsApplication();

    /** The sections of the configuration that this service alone reads; empty if it reads shared ones only. */
    default List<OwnSection<?>> sections() {
        return List.of();
    }

    /** Whether it asks the object store. */
    default boolean usesStore() {
        return false;
    }

    /**
     * What the service may do in Kafka: all that it needs, and no more. A cluster with access lists refuses everything
     * else.
     *
     * @param prefix that all names of topics, groups and transactions begin with
     */
    List<Grant> grants(String prefix, Topics topics);

    /**
     * Makes the service; no I/O.
     *
     * @param config was read with the service's {@link #sections}
     * @param topics shared; must outlive the service
     */
    Service create(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock);
}
