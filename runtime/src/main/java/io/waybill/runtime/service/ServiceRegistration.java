package io.waybill.runtime.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;

/** What a service says of itself, so that a process can run it and knows nothing more of it. Each service has one. */
public interface ServiceRegistration {
    /** As {@link Service#name()}; {@code waybill run} takes it. */
    String name();

    /** Whether it is an application of Kafka Streams, whose id is the prefix of all topics and its name. */
    boolean streamsApplication();

    /**
     * Makes the service; no I/O.
     *
     * @param topics shared; must outlive the service
     */
    Service create(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock);
}
