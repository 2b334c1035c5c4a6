package io.waybill.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.ingest.source.SourceSettings;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import io.waybill.runtime.rights.Grants;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.store.ObjectStore;
import java.util.List;

/** Makes the ingest-service of a process. */
public final class IngestRegistration implements ServiceRegistration {
    @Override
    public String name() {
        return "ingest-service";
    }

    @Override
    public boolean streamsApplication() {
        return false;
    }

    @Override
    public List<OwnSection<?>> sections() {
        return List.of(IngestSettings.SECTION, SourceSettings.SECTION);
    }

    @Override
    public boolean usesStore() {
        return true;
    }

    @Override
    public List<Grant> grants(String prefix, Topics topics) {
        return new Grants()
                .reads(topics.s3Notifications(), topics.ingestRetry())
                .writes(topics.s3Notifications(), topics.ingestRetry(), topics.fileEvents(), topics.deadLetters())
                .joins(ClusterClients.group(prefix))
                .hasTransactionsOf(ClusterClients.transactions(prefix))
                .all();
    }

    @Override
    public Service create(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
        return IngestService.from(config, topics,
                () -> ObjectStore.catalog(config.s3(), config.of(SourceSettings.SECTION).seal()), meters, clock);
    }
}
