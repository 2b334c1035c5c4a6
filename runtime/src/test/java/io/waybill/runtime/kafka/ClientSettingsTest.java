package io.waybill.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {
    private static final Map<String, String> OPERATOR = Map.of(
            "bootstrap.servers", "broker:9092",
            "security.protocol", "SASL_SSL",
            "isolation.level", "read_uncommitted",
            "enable.auto.commit", "true",
            "acks", "1",
            "enable.idempotence", "false",
            "transactional.id", "theirs",
            "linger.ms", "7");

    private final ClientSettings settings = new ClientSettings(OPERATOR);

    @Test
    void shouldReadCommittedRecordsOnlyAndCommitNothingByItself() {
        assertThat(settings.consumer())
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", "false")
                .containsEntry("security.protocol", "SASL_SSL");
    }

    @Test
    void shouldWriteDurablyWhateverTheOperatorPasses() {
        assertThat(settings.producer())
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", "true")
                .containsEntry("security.protocol", "SASL_SSL");
    }

    @Test
    void shouldFenceByTheIdOfTheInstance() {
        assertThat(settings.transactionalProducer("worker-1")).containsEntry("transactional.id", "worker-1");
    }

    @Test
    void shouldLetTheOperatorTuneWhatNoPromiseRestsOn() {
        assertThat(settings.transactionalProducer("worker-1"))
                .containsEntry("linger.ms", "7")
                .containsEntry("retry.backoff.ms", "5");
    }

    @Test
    void shouldHandOutSettingsThatTheCallerMayChange() {
        var first = settings.consumer();
        first.put("group.id", "mine");
        assertThat(settings.consumer()).doesNotContainKey("group.id");
        assertThat(settings.admin()).isEqualTo(new HashMap<>(OPERATOR));
    }
}
