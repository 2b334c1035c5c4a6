package io.waybill.audit;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.audit.AuditSettings;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.streams.StreamsService;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends the entries of the audit to chains, one for each partition, and signs the chains. */
public final class AuditService implements Service {
    public static final String NAME = "audit-service";

    private static final Logger LOG = LoggerFactory.getLogger(AuditService.class);

    private final StreamsService streams;
    private final AuditMetrics metrics;
    private final AuditSettings settings;

    public AuditService(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
        settings = config.of(AuditSettings.SECTION);
        metrics = new AuditMetrics(meters);
        streams = new StreamsService(
                NAME,
                config,
                topics.deadLetters(),
                new AuditTopology(topics, settings.signingKey(), metrics),
                Map::of,
                meters,
                clock);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run() throws InterruptedException {
        metrics.show();
        settings.signingKey().ifPresentOrElse(
                key -> LOG.atInfo().addKeyValue("key", key.id()).log("Checkpoints of the audit are signed"),
                () -> LOG.atInfo().log("Checkpoints of the audit are not signed: audit.signingKey is not given"));
        streams.run();
    }

    @Override
    public Health check() {
        return streams.check();
    }

    @Override
    public void close() {
        streams.close();
    }
}
