package io.waybill.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PublicAddressTest {
    private static PublicAddress of(String host, Optional<String> advertised, String... hosts) {
        return PublicAddress.of(new HttpSettings(host, 8080, advertised, List.of(hosts)));
    }

    @Test
    void shouldBeThisMachineWhereNobodyElseReachesIt() {
        PublicAddress here = of("127.0.0.1", Optional.empty());
        assertThat(here.secure()).isFalse();
        assertThat(here.base("127.0.0.1:8080")).contains(URI.create("http://127.0.0.1:8080"));
        assertThat(here.base("localhost:8080")).contains(URI.create("http://localhost:8080"));
        assertThat(here.base("[::1]:8080")).contains(URI.create("http://[::1]:8080"));
        assertThat(here.base("10.0.0.1:8080")).isEmpty();
        assertThat(of("localhost", Optional.of("127.0.0.1:8080"), "localhost").secure()).isFalse();
    }

    /** A proxy on the same machine shows it to others under a name that the operator gave. */
    @Test
    void shouldBeSecureBehindAProxyOnThisMachine() {
        PublicAddress shown = of("127.0.0.1", Optional.empty(), "files.example");
        assertThat(shown.secure()).isTrue();
        assertThat(shown.base("files.example")).contains(URI.create("https://files.example"));
        assertThat(shown.base("127.0.0.1:8080")).as("the proxy hides the name")
                .contains(URI.create("https://files.example"));
        assertThat(of("127.0.0.1", Optional.of("files.example:8443")).secure()).isTrue();
    }

    @Test
    void shouldNeverTakeANameFromARequestThatTheOperatorDidNotGive() {
        PublicAddress shown = of("0.0.0.0", Optional.of("waybill-1.internal:8080"), "files.example", "files2.example");
        assertThat(shown.base("files2.example:8443")).contains(URI.create("https://files2.example:8443"));
        assertThat(shown.base("Waybill-1.internal:8080")).contains(URI.create("https://Waybill-1.internal:8080"));
        assertThat(shown.base("evil.example")).contains(URI.create("https://files.example"));
        assertThat(shown.base("10.0.0.1:8080")).contains(URI.create("https://files.example"));
        assertThat(of("0.0.0.0", Optional.of("waybill-1:8080")).base("10.0.0.1:8080"))
                .contains(URI.create("https://waybill-1:8080"));
        assertThat(of("0.0.0.0", Optional.empty()).base("10.0.0.1:8080")).isEmpty();
    }
}
