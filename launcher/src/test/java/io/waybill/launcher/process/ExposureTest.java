package io.waybill.launcher.process;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.AccessSettings.Auth;
import io.waybill.runtime.config.AccessSettings.MetricsAccess;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A process shows its API to other machines only after its operator has said who may use it. */
final class ExposureTest {
    private static final Optional<Secret> PEERS = Optional.of(Secret.of("a-secret-that-all-instances-share"));

    private static HttpSettings http(String host, Optional<Auth> auth, Optional<Secret> peerSecret) {
        return new HttpSettings(host, 8080, Optional.empty(), List.of(),
                new AccessSettings(auth, List.of(), peerSecret, MetricsAccess.OPEN));
    }

    @Test
    void shouldNotStartWithoutAWordAboutTheLogin() {
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> Exposure.require(http("0.0.0.0", Optional.empty(), Optional.empty()), true, true))
                .withMessageContaining("http.auth: is missing")
                .withMessageContaining("auth: tokens")
                .withMessageContaining("auth: none");
    }

    @Test
    void shouldNotStartIfInstancesCannotTellEachOtherWhoAsks() {
        HttpSettings http = http("0.0.0.0", Optional.of(Auth.TOKENS), Optional.empty());
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> Exposure.require(http, true, true))
                .withMessageContaining("http.peerSecret: is missing")
                .withMessageContaining("peerSecret: file:");
        assertThatCode(() -> Exposure.require(http, true, false)).as("no requests to pass on")
                .doesNotThrowAnyException();
    }

    @Test
    void shouldStartWhereNobodyElseComesOrTheOperatorHasSaidWhoMay() {
        assertThatCode(() -> {
            Exposure.require(http("127.0.0.1", Optional.empty(), Optional.empty()), true, true);
            Exposure.require(http("0.0.0.0", Optional.empty(), Optional.empty()), false, false);
            Exposure.require(http("0.0.0.0", Optional.of(Auth.NONE), Optional.empty()), true, true);
            Exposure.require(http("0.0.0.0", Optional.of(Auth.TOKENS), PEERS), true, true);
        }).doesNotThrowAnyException();
    }
}
