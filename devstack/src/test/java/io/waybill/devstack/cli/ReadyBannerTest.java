package io.waybill.devstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.devstack.process.EmbeddedProcess.Running;
import io.waybill.devstack.servers.StackEndpoints;
import io.waybill.launcher.process.Services;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadyBannerTest {
    private static String banner(String routes) {
        var config = WaybillConfig.parse("mine.yaml", """
                kafka: { bootstrap.servers: "127.0.0.1:9092" }
                schema.registry.url: http://127.0.0.1:8081
                routes:
                """ + routes, Overrides.NONE, Services.sections());
        var stack = new StackEndpoints(
                "127.0.0.1:9092",
                URI.create("http://127.0.0.1:8081"),
                URI.create("http://127.0.0.1:9000"),
                2022,
                "SHA256:x",
                Path.of("key"),
                Path.of("files"));
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        var running = new Running(config, stack, Path.of("data/waybill.yaml"), Optional.empty());
        ReadyBanner.print(new Terminal(stream, stream, false, false, false, 100), running, "1.0 s", "");
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldNameWhatTheRoutesOfTheUserTake() {
        assertThat(banner("""
                  invoices: { source: { bucket: outbound, prefix: "in voices/", suffix: .csv } }
                  orders: { source: { bucket: orders } }
                """))
                .contains("invoices: s3://outbound/in voices/*.csv to importers", "orders: s3://orders/* to importers")
                .contains("./waybill send --wait --route invoices --key 'in voices/README.md.csv' README.md\n")
                .contains("s3 cp README.md 's3://outbound/in voices/README.md.csv'\n")
                .doesNotContain("inbox");
    }

    @Test
    void shouldNeedNoNamesForOneRouteThatTakesEverything() {
        assertThat(banner("  inbox: { source: { bucket: inbox } }\n"))
                .contains("  ./waybill send --wait README.md\n", "s3 cp README.md s3://inbox/README.md\n");
    }
}
