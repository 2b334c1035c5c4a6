package io.waybill.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.http.HttpEndpoint;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.state.approval.ApprovalSettings;
import io.waybill.state.audit.AuditTrail;
import io.waybill.testkit.CaughtWarnings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the gate refuses, as the whole state-processor hears it. It does not run, so each entry of the audit counts as one
 * that could not be written.
 */
final class RefusedRequestsTest {
    private static final String VIEWER = "vera-token-0123456789";

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(AuditTrail.class);

    @TempDir
    private Path directory;

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @ParameterizedTest
    @CsvSource({VIEWER + ", 403, 1", "a-token-that-nobody-has, 401, 1"})
    void shouldAuditWhatTheGateRefuses(String token, int status, int entries) throws Exception {
        assertThat(status(token, "/v1/redrive")).isEqualTo(status);

        assertThat(meters.get("waybill.audit.lost").counter().count()).isEqualTo(entries);
    }

    @Test
    void shouldNotAuditWhoHasNoLoginAtAll() throws Exception {
        assertThat(status("", "/v1/redrive")).isEqualTo(401);

        assertThat(meters.get("waybill.audit.lost").counter().count()).isZero();
    }

    private int status(String token, String path) throws Exception {
        WaybillConfig config = WaybillConfig.parse(
                "test",
                """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                streams: { stateDirectory: %s }
                http: { host: 127.0.0.1, port: 0, auth: tokens, tokens: { vera: { secret: env:VERA, role: viewer } } }
                """.formatted(directory),
                new Overrides(Map.of(), Map.of("VERA", VIEWER)),
                List.of(ApprovalSettings.SECTION));
        Topics topics = Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry()));
        var processor = new StateProcessor(config, topics, meters, ProcessClock.system());
        try (var endpoint = new HttpEndpoint(
                config.http(), Map::of, meters, processor.routes(), ProcessClock.system());
                var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.start() + path))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{}"));
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            return client.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }
}
