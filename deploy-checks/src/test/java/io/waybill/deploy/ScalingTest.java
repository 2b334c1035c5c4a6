package io.waybill.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.npm.RequiresNpm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** KEDA takes no worker away that sends a file, and does not wait for one that is not there. */
@RequiresNpm
final class ScalingTest {
    static List<String> overlays() {
        return Overlays.names();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldScaleSafely(String overlay) {
        assertThat(Scaling.faults(Overlays.manifests(overlay))).isEmpty();
    }

    @Test
    void shouldScaleWorkersInProduction() {
        assertThat(Overlays.manifests("production").kind("ScaledObject")).hasSize(1);
        assertThat(Overlays.manifests(Overlays.TO_ZERO).kind("ScaledObject")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            production | limitToPartitionsWithLag: "true" | limitToPartitionsWithLag: "false"                         | limitToPartitionsWithLag is not true
            production | offsetResetPolicy: earliest      | offsetResetPolicy: latest                                 | offsetResetPolicy is not earliest
            production | allowIdleConsumers: "false"      | excludePersistentLag: "true"                              | excludePersistentLag takes
            production | lagThreshold:                    | lagTreshold:                                              | KEDA knows no [lagTreshold]
            production | lagThreshold: "100"              | lagThreshold: 100                                         | lagThreshold is no text
            production | minReplicaCount: 1               | minReplicaCount: 0                                        | by lag there is one worker at least
            production | maxReplicaCount: 24              | maxReplicaCount: 30                                       | maxReplicaCount is not
            production | stabilizationWindowSeconds: 300  | stabilizationWindowSeconds: 0                             | scales down at once
            production | value: 1                         | value: 4                                                  | scales down more than one pod
            production | topic: waybill.transfer-work     | topic: waybill.transfer                                   | topic is not waybill.transfer-work
            production | consumerGroup: waybill.transfer  | consumerGroup: transfer                                   | no worker is in the consumerGroup
            production | bootstrapServers: kafka-kafka    | bootstrapServers: kafka                                   | asks other brokers
            production | key: username                    | key: user                                                 | there is no ConfigMap waybill-scaler with user
            production | key: password                    | key: pass                                                 | there is no Secret waybill-scaler with pass
            production | serviceName: waybill-transfer-w  | replicas: 3\\n  serviceName: waybill-transfer-w             | has replicas
            to zero    | http://waybill-api.waybill.svc   | http://waybill.waybill.svc                                | there is no Service waybill
            to zero    | http://waybill-api.waybill.svc   | http://waybill-api.default.svc                            | asks another namespace
            to zero    | http://waybill-api.waybill.svc   | https://waybill-api.waybill.svc                           | asks by https
            to zero    | svc:8080/v1                      | svc:8081/v1                                               | asks the port 8081
            to zero    | /v1/scaling                      | /v1/scale                                                 | the API has no /v1/scale
            to zero    | valueLocation: lanesWanted       | valueLocation: laneWnted                                   | the API has no /v1/scaling with laneWnted
            to zero    | waybill-api.waybill.svc, waybill | waybill                                                   | http.hosts does not have
            to zero    | scaler-token\\n  namespace        | scaler\\n  namespace                                     | there is no TriggerAuthentication
            """)
    void shouldNoticeAMistake(String overlay, String written, String mistake, String fault) {
        String rendered = Overlays.rendered(overlay.equals("to zero") ? Overlays.TO_ZERO : overlay);
        String from = written.replace("\\n", "\n");
        assertThat(rendered).contains(from);

        assertThat(Scaling.faults(Manifests.of(rendered.replace(from, mistake.replace("\\n", "\n")))))
                .anySatisfy(one -> assertThat(one).contains(fault));
    }
}
