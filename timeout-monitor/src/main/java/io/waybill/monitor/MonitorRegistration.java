package io.waybill.monitor;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import io.waybill.runtime.rights.Grants;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import java.util.List;

/** Makes the timeout-monitor of a process. */
public final class MonitorRegistration implements ServiceRegistration {
    @Override
    public String name() {
        return TimeoutMonitor.NAME;
    }

    @Override
    public boolean streamsApplication() {
        return true;
    }

    @Override
    public List<OwnSection<?>> sections() {
        return List.of(MonitorSettings.SECTION);
    }

    @Override
    public List<Grant> grants(String prefix, Topics topics) {
        return new Grants()
                .reads(topics.fileState(), topics.controls())
                .writes(topics.fileEvents(), topics.deadLetters())
                .streams(prefix + name(), MonitorTopology.STORES.toArray(String[]::new))
                .all();
    }

    @Override
    public Service create(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
        return new TimeoutMonitor(config, topics, meters, clock);
    }
}
