package io.waybill.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of the failure that stopped a service, and of a process that stops. */
final class ServiceProcessTest {
    @Test
    void shouldSayOnlyWhichKeyToChangeWhenAServiceFoundItsConfigurationUnfit() {
        var taken = new BadConfigurationException(List.of("worker.id: another process runs with 'a' as well"));

        RuntimeException told = ServiceProcess.toTell(new IllegalStateException("a service stopped: " + taken, taken));

        assertThat(told).hasMessage("worker.id: another process runs with 'a' as well");
        assertThat(ExitCode.of(told).number()).isEqualTo(2);
    }

    @Test
    void shouldSayWhatStoppedAServiceOtherwise() {
        RuntimeException told = ServiceProcess.toTell(new IllegalStateException("broken"));

        assertThat(told).isInstanceOf(ServiceFailureException.class).hasMessageContaining("broken");
        assertThat(ExitCode.of(told)).isEqualTo(ExitCode.FAILED);
    }

    @Test
    @Timeout(60)
    void shouldSayOverHttpThatItIsNotReadyFromTheStopOnUntilItHasDrained() throws Exception {
        WaybillConfig config = WaybillConfig.parse(
                "test",
                """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                http: { host: 127.0.0.1, port: 0, auth: none }
                """,
                Overrides.NONE,
                Services.sections());
        var quick = new Draining("quick");
        var busy = new Draining("busy");
        quick.drained.countDown();
        var address = new CompletableFuture<String>();
        try (var process = new ServiceProcess(
                config, List.of(quick, busy), ProcessClock.system(), Duration.ofSeconds(30));
                var http = HttpClient.newHttpClient()) {
            process.start((_, detail) -> address.complete(detail));
            String url = address.get();
            assertThat(get(http, url + "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(http, url + "/metrics").body())
                    .contains("waybill_draining{service=\"busy\"} 0", "waybill_draining{service=\"quick\"} 0");

            process.stop();

            HttpResponse<String> ready = get(http, url + "/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("STOPPING", "was asked to stop");
            assertThat(get(http, url + "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(http, url + "/metrics").body()).contains("waybill_draining{service=\"busy\"} 1");
            quick.thread().join();
            assertThat(get(http, url + "/metrics").body())
                    .contains("waybill_draining{service=\"busy\"} 1", "waybill_draining{service=\"quick\"} 0");
            assertThat(get(http, url + "/readyz").statusCode()).isEqualTo(503);

            busy.drained.countDown();
            assertThat(process.awaitEnd()).isEqualTo(ExitCode.DONE);
        }
    }

    private static HttpResponse<String> get(HttpClient http, String address) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }

    /** A service that, when it is asked to stop, has something left to do. */
    private static final class Draining implements ServiceRegistration, Service {
        final CountDownLatch drained = new CountDownLatch(1);
        private final CountDownLatch asked = new CountDownLatch(1);
        private final CompletableFuture<Thread> thread = new CompletableFuture<>();
        private final String name;

        Draining(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean streamsApplication() {
            return false;
        }

        @Override
        public List<Grant> grants(String prefix, Topics topics) {
            return List.of();
        }

        @Override
        public Service create(WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
            return this;
        }

        @Override
        public void run() throws InterruptedException {
            thread.complete(Thread.currentThread());
            asked.await();
            drained.await();
        }

        Thread thread() {
            return thread.join();
        }

        @Override
        public Health check() {
            return Health.UP;
        }

        @Override
        public void close() {
            asked.countDown();
        }
    }
}
