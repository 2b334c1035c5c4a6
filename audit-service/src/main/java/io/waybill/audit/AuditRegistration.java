package io.waybill.audit;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.audit.AuditSettings;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import java.util.Optional;

/** Makes the audit-service of a process. */
public final class AuditRegistration implements ServiceRegistration {
    @Override
    public String name() {
        return AuditService.NAME;
    }

    @Override
    public boolean streamsApplication() {
        return true;
    }

    @Override
    public Optional<OwnSection<?>> section() {
        return Optional.of(AuditSettings.SECTION);
    }

    @Override
    public Service create(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
        return new AuditService(config, topics, meters, clock);
    }
}
