package io.waybill.monitor;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.StreamsService;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import java.util.Map;

/** Watches the deadlines of all files, and writes a dead letter for each file that is given up. */
public final class TimeoutMonitor implements Service {
    public static final String NAME = "timeout-monitor";

    private final StreamsService streams;
    private final MonitorMetrics metrics;

    public TimeoutMonitor(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
        metrics = new MonitorMetrics(meters);
        var topology = new MonitorTopology(config, topics, DueIndex.Budget.DEFAULT, metrics, clock);
        streams = new StreamsService(NAME, config, topics.deadLetters(), topology, Map::of, meters, clock);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run() throws InterruptedException {
        metrics.show();
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
