package io.waybill.state;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;

/** Makes the state-processor of a process. */
public final class StateRegistration implements ServiceRegistration {
    @Override
    public String name() {
        return StateProcessor.NAME;
    }

    @Override
    public boolean streamsApplication() {
        return true;
    }

    @Override
    public Service create(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
        return new StateProcessor(config, topics, meters, clock);
    }
}
