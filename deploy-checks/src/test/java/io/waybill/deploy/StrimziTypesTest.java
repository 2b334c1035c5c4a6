package io.waybill.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.launcher.cli.strimzi.StrimziResources;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Topics and users, held against the types of Strimzi's operators. */
final class StrimziTypesTest {
    private static List<Resource> generated() throws IOException {
        return Resource.read(
                Files.readString(Path.of("..", "deploy", "k8s", "components", "strimzi", "kafka.yaml")));
    }

    @Test
    void shouldFitTheTypesOfTheOperators() throws IOException {
        assertThat(generated()).hasSizeGreaterThan(15).flatExtracting(ResourceTypes::faults).isEmpty();
    }

    /** What the command prints as JSON and as YAML is the same. */
    @Test
    void shouldReadTheSameFromYamlAsFromTheObjects() throws IOException {
        WaybillConfig config = WaybillConfig.parse(
                "test",
                """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                """,
                Overrides.NONE,
                Services.sections());

        assertThat(generated()).extracting(Resource::content)
                .isEqualTo(new StrimziResources(config, "kafka", "waybill-").all());
    }

    @Test
    void shouldNoticeAFieldThatNobodyKnows() throws IOException {
        Resource topic = generated().getFirst();
        Resource user = generated().getLast();

        assertThat(ResourceTypes.faults(with(topic, "replicass", 3, "spec")))
                .contains("KafkaTopic/waybill.s3-notifications.spec.replicass: no such field");
        assertThat(ResourceTypes.faults(with(user, "operation", "Read", "spec", "authorization", "acls", 0)))
                .isNotEmpty();
        assertThat(ResourceTypes.faults(with(user, "hostt", "*", "spec", "authorization", "acls", 0, "resource")))
                .isNotEmpty();
        assertThat(ResourceTypes.faults(with(topic, "partitions", "many", "spec"))).isNotEmpty();
    }

    /** The same resource with another value. */
    @SuppressWarnings("unchecked") // a copy of what was read: keys are texts
    static Resource with(Resource resource, String key, Object value, Object... path) {
        Map<String, Object> copy = (Map<String, Object>) Tree.copy(resource.content());
        ((Map<String, Object>) Tree.at(copy, path).orElseThrow()).put(key, value);
        return new Resource(copy);
    }
}
