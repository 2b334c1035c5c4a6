package io.waybill.launcher.run;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.topic.Topics;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/** Builds services, all of one configuration. */
record ServiceFactory(WaybillConfig config, Topics topics, MeterRegistry meters, InstantSource clock) {
    Service create(ServiceName name) {
        return switch (name) {
            case INGEST_SERVICE, STATE_PROCESSOR, TRANSFER_WORKER, TIMEOUT_MONITOR -> new Idle(name.toString());
        };
    }

    private static final class Idle implements Service {
        private final String name;
        private final CountDownLatch closed = new CountDownLatch(1);

        Idle(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void run() throws InterruptedException {
            closed.await();
        }

        @Override
        public Health check() {
            return Health.UP;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
