package io.waybill.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import io.waybill.runtime.rights.Grants;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.sftp.SftpConnector;
import io.waybill.store.ObjectStore;
import io.waybill.worker.metrics.MicrometerWorkerMetrics;
import java.util.List;

/** Makes the transfer-worker of a process. */
public final class WorkerRegistration implements ServiceRegistration {
    @Override
    public String name() {
        return "transfer-worker";
    }

    @Override
    public boolean streamsApplication() {
        return false;
    }

    @Override
    public List<OwnSection<?>> sections() {
        return List.of(WorkerSettings.SECTION);
    }

    @Override
    public boolean usesStore() {
        return true;
    }

    @Override
    public List<Grant> grants(String prefix, Topics topics) {
        return new Grants()
                .reads(topics.transferWork(), topics.transferLedger(), topics.deliveryIndex(), topics.controls())
                .writes(
                        topics.transferLedger(),
                        topics.deliveryIndex(),
                        topics.controls(),
                        topics.workerStatus(),
                        topics.fileEvents(),
                        topics.deadLetters())
                .deletesRecords(topics.transferWork())
                .joins(WorkerClients.group(prefix))
                .hasTransactionsOf(WorkerClients.transactions(prefix))
                .all();
    }

    @Override
    public Service create(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
        return new TransferWorker(
                config,
                topics,
                () -> ObjectStore.reader(config.s3()),
                SftpConnector::new,
                new MicrometerWorkerMetrics(meters, config.destinations().keySet()),
                clock);
    }
}
