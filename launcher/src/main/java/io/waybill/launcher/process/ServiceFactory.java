package io.waybill.launcher.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.ingest.IngestService;
import io.waybill.monitor.TimeoutMonitor;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.sftp.SftpConnector;
import io.waybill.state.StateProcessor;
import io.waybill.store.ObjectStore;
import io.waybill.worker.TransferWorker;
import io.waybill.worker.metrics.MicrometerWorkerMetrics;

/** Builds services, all of one configuration. */
record ServiceFactory(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
    Service create(ServiceName name) {
        return switch (name) {
            case INGEST_SERVICE ->
                IngestService.from(config, topics, () -> ObjectStore.catalog(config.s3()), meters, clock);
            case STATE_PROCESSOR -> new StateProcessor(config, topics, meters, clock);
            case TRANSFER_WORKER ->
                new TransferWorker(
                        config,
                        topics,
                        () -> ObjectStore.reader(config.s3()),
                        SftpConnector::new,
                        new MicrometerWorkerMetrics(meters),
                        clock);
            case TIMEOUT_MONITOR -> new TimeoutMonitor(config, topics, meters, clock);
        };
    }
}
