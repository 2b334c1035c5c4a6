package io.waybill.monitor;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.domain.Suspension;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.halt.ControlsFollower;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.StreamsService;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the deadlines of all files, and writes a dead letter for each file that is given up. */
public final class TimeoutMonitor implements Service {
    public static final String NAME = "timeout-monitor";

    private static final Logger LOG = LoggerFactory.getLogger(TimeoutMonitor.class);
    /** After this time it counts as if nothing were paused, so that a topic that cannot be read stops no retries. */
    private static final int MOST_SLICES = 600;
    private static final Duration SLICE = Duration.ofMillis(100);

    private final StreamsService streams;
    private final ControlsFollower controls;
    private volatile boolean closed;
    private final MonitorMetrics metrics;

    public TimeoutMonitor(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
        metrics = new MonitorMetrics(meters);
        var topology = new MonitorTopology(config, topics, DueIndex.Budget.DEFAULT, metrics, clock);
        controls = new ControlsFollower(NAME, new ClientSettings(config.kafka()), topics, (_, record) -> {
            if (record instanceof Suspension suspension) {
                topology.halts().heard(suspension);
            }
        });
        streams = new StreamsService(NAME, config, topics.deadLetters(), topology, Map::of, meters, clock);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run() throws InterruptedException {
        metrics.show();
        try (controls) {
            controls.start();
            if (!knowsWhatIsPaused()) {
                LOG.atWarn()
                        .addKeyValue("service", NAME)
                        .log("The monitor does not know what is paused; the time of pauses counts until it does");
            }
            streams.run();
        }
    }

    private boolean knowsWhatIsPaused() throws InterruptedException {
        for (int slices = 0; slices < MOST_SLICES; slices++) {
            if (closed || controls.awaitRead(SLICE)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Health check() {
        return controls.fault().map(Health::down).orElseGet(streams::check);
    }

    @Override
    public void close() {
        closed = true;
        controls.close();
        streams.close();
    }
}
