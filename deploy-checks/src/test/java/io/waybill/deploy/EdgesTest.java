package io.waybill.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.npm.RequiresNpm;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The network policies open what Waybill needs, and nothing else. */
@RequiresNpm
final class EdgesTest {
    private static final Pattern EDGE =
            Pattern.compile("^    ([a-z-]+ -> [a-z-]+ (?:TCP|UDP)/[a-z0-9]+)$", Pattern.MULTILINE);

    /** Whoever opens an edge names it in the guide, where security people read it. */
    @Test
    void shouldOpenTheEdgesThatTheGuideNames() throws IOException {
        Edges edges = Edges.of(Overlays.manifests("production"));

        assertThat(edges.faults()).isEmpty();
        assertThat(edges.edges()).containsExactlyInAnyOrderElementsOf(
                EDGE.matcher(Files.readString(Overlays.K8S.resolve("README.md")))
                        .results()
                        .map(edge -> edge.group(1))
                        .toList());
    }

    /** It needs Kafka. Like all others it may ask for names and for schemas; nobody reaches it. */
    @Test
    void shouldOpenNothingButKafkaToTheJobThatMakesTopics() {
        Edges edges = Edges.of(Overlays.manifests(Overlays.OWN_TOPICS));

        assertThat(edges.faults()).isEmpty();
        assertThat(edges.edges()).filteredOn(edge -> edge.contains("topics")).containsExactlyInAnyOrder(
                "topics -> kube-system UDP/53",
                "topics -> kube-system TCP/53",
                "topics -> kafka TCP/9093",
                "topics -> kafka TCP/8443");
    }

    @Test
    void shouldOpenWhatTheConfigurationNeeds() {
        assertThat(Edges.missing(Overlays.manifests("production"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name: schema-registry     | name: schema-registry     | schema-registry.kafka.svc:8443 | schema-registry.kafka.svc:8444 | ingest-service -> kafka TCP/8444
            port: 9093                | port: 9092                | x                              | x                              | audit-service -> kafka TCP/9093
            host: sftp.acme.example   | host: sftp.acme.example   | root: /upload                  | port: 2222                     | transfer-worker -> outside TCP/2222
            """)
    void shouldNoticeAnEdgeThatIsMissing(String written, String mistake, String key, String other, String edge) {
        String rendered = Overlays.rendered("production");
        assertThat(rendered).contains(written);

        assertThat(Edges.missing(Manifests.of(rendered.replace(written, mistake).replace(key, other)))).contains(edge);
    }

    @Test
    void shouldNoticeAPodThatNoPolicyCloses() {
        String rendered = Overlays.rendered("production");

        assertThat(Edges.of(Overlays.manifests("dev")).faults())
                .contains("StatefulSet/waybill-transfer-worker: no policy closes Egress");
        assertThat(Edges.of(Manifests.of(rendered.replace("- 169.254.0.0/16", "- 169.255.0.0/16"))).edges())
                .contains("transfer-worker -> 0.0.0.0/0 TCP/22");
        assertThat(Edges.of(Manifests.of(rendered.replace("port: http\n      protocol", "port: web\n      protocol")))
                .faults())
                .anySatisfy(fault -> assertThat(fault).contains("has no port web"));
    }
}
