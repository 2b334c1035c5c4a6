package io.waybill.state;

import io.javalin.config.RoutesConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.http.HttpRoutes;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.streams.StreamsService;
import io.waybill.runtime.topic.Topics;
import java.time.InstantSource;
import java.util.Map;

/** Keeps the state of every file, and answers for it over HTTP. */
public final class StateProcessor implements Service, HttpRoutes {
    public static final String NAME = "state-processor";

    private final StreamsService streams;

    public StateProcessor(WaybillConfig config, Topics topics, MeterRegistry meters, InstantSource clock) {
        var tallies = new Tallies();
        var topology = new StateTopology(config, topics, meters, tallies, clock);
        streams = new StreamsService(NAME, config, topics.deadLetters(), topology, Map.of(), meters, clock);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void addTo(RoutesConfig routes) {}

    @Override
    public void run() throws InterruptedException {
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
