package io.waybill.testkit.kube.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

final class DisruptionsTest {
    @Test
    void shouldRefuseWhatWouldLeaveTooFewPods() throws JsonProcessingException {
        assertThat(allowed("{\"maxUnavailable\":1}", 3, 3)).isTrue();
        assertThat(allowed("{\"maxUnavailable\":1}", 3, 2)).isFalse();
        assertThat(allowed("{\"minAvailable\":2}", 3, 3)).isTrue();
        assertThat(allowed("{\"minAvailable\":2}", 3, 2)).isFalse();
        assertThat(allowed("{\"minAvailable\":\"50%\"}", 3, 3)).isTrue();
        assertThat(allowed("{\"minAvailable\":\"50%\"}", 3, 2)).isFalse();
        assertThat(allowed("{\"maxUnavailable\":0}", 1, 1)).isFalse();
    }

    private static boolean allowed(String budget, int expected, int healthy) throws JsonProcessingException {
        return Disruptions.allowed(JsonMapper.builder().build().readTree(budget), expected, healthy);
    }
}
