package io.waybill.testkit.kube.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.testkit.kube.manifest.Manifests;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EnvironmentTest {
    private static final Manifests MANIFESTS = Manifests.parse("""
            kind: Secret
            metadata: { name: store }
            data:
              key: |
                c2Vj
                cmV0
            ---
            kind: ConfigMap
            metadata: { name: settings }
            data: { LEVEL: debug }
            """);

    @Test
    void shouldTakeVariablesFromFieldsSecretsConfigMapsAndOneAnother() {
        var variables = of("""
                kind: Secret
                metadata: { name: container }
                envFrom: [ { configMapRef: { name: settings } } ]
                env:
                  - { name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
                  - { name: KEY, valueFrom: { secretKeyRef: { name: store, key: key } } }
                  - { name: WORKER, value: "worker-$(POD)-$(NOBODY)-$$(POD)" }
                """);

        assertThat(variables)
                .containsEntry("LEVEL", "debug")
                .containsEntry("POD", "worker-0")
                .containsEntry("KEY", "secret")
                .containsEntry("WORKER", "worker-worker-0-$(NOBODY)-$(POD)")
                .containsEntry("IMAGE", "own");
    }

    @Test
    void shouldRefuseASecretThatIsNotThere() {
        assertThatThrownBy(() -> of("""
                kind: Secret
                metadata: { name: container }
                env: [ { name: KEY, valueFrom: { secretKeyRef: { name: store, key: other } } } ]
                """)).hasMessageContaining("the Secret store has no key");
    }

    private static Map<String, String> of(String container) {
        return Environment.of(
                Manifests.parse(container).resources().getFirst().json(),
                MANIFESTS,
                Map.of("metadata.name", "worker-0"),
                Map.of("IMAGE", "own"));
    }
}
