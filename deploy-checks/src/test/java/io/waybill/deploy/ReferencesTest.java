package io.waybill.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.npm.RequiresNpm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that an overlay gives names something that does not exist. */
@RequiresNpm
final class ReferencesTest {
    static List<String> overlays() {
        return Overlays.names();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldNameOnlyWhatExists(String overlay) {
        assertThat(References.faults(Overlays.manifests(overlay))).isEmpty();
    }

    /** One mistake in the rendered text each, and what is said about it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            - timeout-monitor                        | - timeout-monitr                          | no StatefulSet runs timeout-monitor
            - timeout-monitor                        | - timeout-monitr                          | is no service
            - /etc/waybill\\n                        | - /etc/waybil\\n                          | the arguments are
            serviceName: waybill-audit-service       | serviceName: waybill-audit                | there is no Service waybill-audit
            serviceAccountName: waybill-ingest-servi | serviceAccountName: waybill-xngest-servi  | there is no ServiceAccount waybill-xngest
            path: /readyz                            | path: /ready                              | readinessProbe asks for /ready
            containerPort: 8080                      | containerPort: 8081                       | the port of the container is not http.port
            targetPort: http                         | targetPort: web                           | names the port web
            key: sasl.jaas.config                    | key: jaas                                 | has no key jaas
            path: kafka-ca.crt                       | path: ca.crt                              | ssl.truststore.location names /etc/waybill-secrets/kafka-ca.crt
            secretName: waybill-transfer-worker      | secretName: waybill-worker                | there is no Secret waybill-worker
            /etc/waybill-secrets/acme.key            | /etc/waybill-secrets/acme                 | destinations.acme.privateKeyFile names
            name: WAYBILL_WORKER_ID                  | name: WAYBILL_WORKER_NAME                 | WAYBILL_WORKER_NAME is no key
            ).waybill-state-processor:8080           | ).waybill-state-processor:8081            | is advertised as
            terminationGracePeriodSeconds: 60        | terminationGracePeriodSeconds: 30         | terminationGracePeriodSeconds is 30
            patience: 45s                            | patience: 50s                             | shutdown.patience is 50s
            name: waybill-prometheus\\n      type: B | name: waybill-prom\\n      type: B        | there is no Secret waybill-prom
            operator: Exists                         | operator: DoesNotExist                    | selects 1 Services for 5
            partitions: 24                           | partitions: 25                            | has 25 partitions
            stateDirectory: /var/lib/waybill/streams | stateDirectory: /tmp/streams              | streams.stateDirectory is not on the volume
            """)
    void shouldNoticeAMistake(String written, String mistake, String fault) {
        assertThat(References.faults(mistaken("production", written, mistake)))
                .anySatisfy(one -> assertThat(one).contains(fault));
    }

    /** The same of the overlay with TLS. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            scheme: HTTPS            | scheme: HTTP            | startupProbe asks by 'HTTP'
            scheme: https            | scheme: http            | ServiceMonitor/waybill: asks by 'http'
            certificate: /etc/waybil | certificat: /etc/waybil | readinessProbe asks by 'HTTPS'
            secretName: waybill-tls  | secretName: waybill-cert | there is no Secret waybill-cert
            - key: ca.crt\\n            path: ca.crt | - key: ca.crt\\n            path: ca.pem | http.tls.ca names /etc/waybill-tls/ca.crt
            """)
    void shouldNoticeAMistakeWithTls(String written, String mistake, String fault) {
        assertThat(References.faults(mistaken(Overlays.HTTPS, written, mistake)))
                .anySatisfy(one -> assertThat(one).contains(fault));
    }

    /** The same of the overlay with a Job. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            - topics\\n        - --config        | - topic\\n        - --config         | the arguments are [topic, --config, /etc/waybill]
            serviceAccountName: waybill-topics  | serviceAccountName: waybill-topic   | Job/waybill-topics: there is no ServiceAccount waybill-topic
            secretName: waybill-topics          | secretName: waybill-topic           | Job/waybill-topics: there is no Secret waybill-topic
            component: topics                   | component: state-processor          | Job/waybill-topics: a Service selects its pods
            """)
    void shouldNoticeAMistakeOfTheJob(String written, String mistake, String fault) {
        assertThat(References.faults(mistaken(Overlays.OWN_TOPICS, written, mistake)))
                .anySatisfy(one -> assertThat(one).contains(fault));
    }

    private static Manifests mistaken(String overlay, String written, String mistake) {
        String rendered = Overlays.rendered(overlay);
        String from = written.replace("\\n", "\n");
        assertThat(rendered).contains(from);
        return Manifests.of(rendered.replace(from, mistake.replace("\\n", "\n")));
    }

    @Test
    void shouldNoticeAStoreWithoutAVolume() {
        Manifests manifests = Overlays.manifests("production");
        Resource state = manifests.find("StatefulSet", "waybill-state-processor").orElseThrow();
        Resource without = StrimziTypesTest.with(state, "volumeClaimTemplates", List.of(), "spec");

        assertThat(References
                .faults(new Manifests(manifests.all().stream().map(one -> one.equals(state) ? without : one).toList())))
                .anySatisfy(fault -> assertThat(fault).contains("has stores and no volume"));
    }
}
