package io.waybill.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamsClusterTest {
    @ParameterizedTest
    @CsvSource({
            "8080, waybill-1.internal, waybill-1.internal, 8080",
            "8080, waybill-1.internal:80, waybill-1.internal, 80",
            "8080, [fd00::1], fd00::1, 8080",
            "8080, [fd00::1]:80, fd00::1, 80",
            "0, 10.0.0.1:80, 10.0.0.1, 80"
    })
    void shouldBeReachedWhereItSays(int port, String advertised, String host, int at) {
        var settings = new HttpSettings("0.0.0.0", port, Optional.of(advertised), List.of());

        assertThat(StreamsCluster.reachable(settings)).contains(new HostInfo(host, at));
    }

    @Test
    void shouldBeReachedWhereItListensUnlessNobodyKnowsThePort() {
        assertThat(StreamsCluster.reachable(new HttpSettings("10.0.0.1", 8080)))
                .contains(new HostInfo("10.0.0.1", 8080));
        assertThat(StreamsCluster.reachable(new HttpSettings("10.0.0.1", 0))).isEmpty();
        assertThat(StreamsCluster.reachable(
                new HttpSettings("0.0.0.0", 0, Optional.of("waybill-1.internal"), List.of())))
                .isEmpty();
    }
}
