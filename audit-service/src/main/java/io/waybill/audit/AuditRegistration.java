package io.waybill.audit;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.audit.AuditSettings;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import io.waybill.runtime.rights.Grants;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import java.util.List;

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
    public List<OwnSection<?>> sections() {
        return List.of(AuditSettings.SECTION);
    }

    @Override
    public List<Grant> grants(String prefix, Topics topics) {
        return new Grants()
                .reads(topics.auditEntries())
                .writes(topics.audit(), topics.deadLetters())
                .streams(prefix + name(), AuditTopology.STORES.toArray(String[]::new))
                .all();
    }

    @Override
    public Service create(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
        return new AuditService(config, topics, meters, clock);
    }
}
