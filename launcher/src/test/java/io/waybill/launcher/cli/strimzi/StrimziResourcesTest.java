package io.waybill.launcher.cli.strimzi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.launcher.cli.rights.AclListing;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Topics and users, as Strimzi's operators get them. */
final class StrimziResourcesTest {
    private static final Path GENERATED = Path.of("..", "deploy", "k8s", "components", "strimzi", "kafka.yaml");

    private static WaybillConfig config(String topics) {
        return WaybillConfig.parse(
                "test",
                """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                """ + topics,
                Overrides.NONE,
                Services.sections());
    }

    private static List<Map<String, Object>> resources(String topics) {
        return new StrimziResources(config(topics), "kafka", "waybill-").all();
    }

    private static Map<?, ?> map(Object value, String key) {
        return (Map<?, ?>) ((Map<?, ?>) value).get(key);
    }

    /** Whoever changes a topic or a right writes the file anew: {@code ./waybill topics --strimzi}. */
    @Test
    void shouldPrintWhatTheManifestsHave() throws IOException {
        String printed = resources("").stream()
                .flatMap(one -> BlockYaml.document(one).stream())
                .collect(Collectors.joining("\n", "", "\n"));

        assertThat(printed).isEqualToNormalizingNewlines(Files.readString(GENERATED));
    }

    @Test
    void shouldGiveEachUserTheRightsOfItsAccessList() {
        var acls = new AclListing(config(""), "waybill-").json();

        assertThat(resources("")).filteredOn(one -> one.get("kind").equals("KafkaUser"))
                .hasSize(Services.names().size())
                .flatExtracting(one -> (List<?>) map(map(one, "spec"), "authorization").get("acls"))
                .hasSameSizeAs(acls);
    }

    /** Kubernetes refuses such a name, and Kafka does not. */
    @Test
    void shouldNameATopicWithCapitalsAndUnderscoresInItsSpec() {
        assertThat(resources("topics: { prefix: Mft_, workPartitions: 6, replication: 1 }"))
                .filteredOn(one -> map(one, "metadata").get("name").equals("mft-transfer-work"))
                .singleElement()
                .satisfies(one -> {
                    assertThat(map(one, "spec").get("topicName")).isEqualTo("Mft_transfer-work");
                    assertThat(map(one, "spec").get("partitions")).isEqualTo(6);
                    assertThat(map(one, "spec").get("replicas")).isEqualTo(1);
                    assertThat(map(map(one, "spec"), "config").get("retention.ms")).isEqualTo("-1");
                    assertThat(map(map(one, "spec"), "config").get("min.insync.replicas")).isEqualTo("1");
                });
    }

    @Test
    void shouldRefuseNamesThatKubernetesRefuses() {
        assertThatThrownBy(() -> new StrimziResources(config(""), "My Kafka", "waybill-"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--cluster gives 'My Kafka'");
        assertThatThrownBy(() -> new StrimziResources(config(""), "kafka", "CN=").all())
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--principal-prefix gives 'CN=ingest-service'");
    }

    @Test
    void shouldQuoteWhatYamlWouldTakeForSomethingElse() {
        assertThat(BlockYaml.document(Map.of("on", List.of("no", "1", "a: b", "plain", "\"", 7, true))))
                .containsExactly("---", "\"on\": [\"no\", \"1\", \"a: b\", plain, \"\\\"\", 7, true]");
        assertThat(BlockYaml.document(Map.of("a", Map.of(), "b", List.of(Map.of("c", List.of())))))
                .containsExactlyInAnyOrder("---", "a: {}", "b:", "  - c: []");
    }
}
