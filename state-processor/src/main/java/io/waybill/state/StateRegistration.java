package io.waybill.state;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import io.waybill.runtime.rights.Grants;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.state.approval.ApprovalSettings;
import io.waybill.state.table.StateTopology;
import java.util.List;

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
    public List<OwnSection<?>> sections() {
        return List.of(ApprovalSettings.SECTION);
    }

    @Override
    public List<Grant> grants(String prefix, Topics topics) {
        return new Grants()
                .reads(
                        topics.fileEvents(),
                        topics.controls(),
                        topics.workerStatus(),
                        topics.transferLedger(),
                        topics.deadLetters(),
                        topics.audit())
                .writes(
                        topics.fileEvents(),
                        topics.fileState(),
                        topics.transferWork(),
                        topics.controls(),
                        topics.workerStatus(),
                        topics.readyFiles(),
                        topics.auditEntries(),
                        topics.deadLetters())
                .asksForEnds(topics.s3Notifications())
                .streams(prefix + name(), StateTopology.LOGGED_STORES.toArray(String[]::new))
                .asksForPositions(GroupLag.groups(prefix).values().toArray(String[]::new))
                .all();
    }

    @Override
    public Service create(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
        return new StateProcessor(config, topics, meters, clock);
    }
}
