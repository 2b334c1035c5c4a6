package io.waybill.testkit.kube.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ManifestsTest {
    @Test
    void shouldReplaceAndPatchByKindAndName() {
        var manifests = Manifests.parse("""
                kind: ConfigMap
                metadata: { name: one }
                data: { a: "1" }
                ---
                kind: StatefulSet
                metadata: { name: one }
                spec: { replicas: 2 }
                """);

        var changed = manifests
                .with(Manifests.parse("{ kind: ConfigMap, metadata: { name: one }, data: { a: '2' } }"))
                .patched("StatefulSet", "one", set -> set.withObject("/spec").put("replicas", 5));

        assertThat(changed.resources()).hasSize(2);
        assertThat(changed.get("ConfigMap", "one").texts("/data")).containsEntry("a", "2");
        assertThat(changed.get("StatefulSet", "one").at("/spec/replicas").asInt()).isEqualTo(5);
        assertThat(manifests.get("StatefulSet", "one").at("/spec/replicas").asInt()).isEqualTo(2);
    }

    @Test
    void shouldRefuseAKindThatNobodyPlays() {
        assertThatThrownBy(() -> Manifests.parse("{ kind: DaemonSet, metadata: { name: one } }"))
                .hasMessage("nobody here plays DaemonSet one");
    }
}
