package io.waybill.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.config.WaybillConfig.TlsFiles;
import io.waybill.runtime.config.WaybillConfig.TlsSettings;
import java.net.URI;
import java.nio.file.Path;
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

    /** The endpoint speaks TLS itself. Then nothing of it is ever read on the way, not even on this machine. */
    @Test
    void shouldBeSecureWithTlsOnThisMachine() {
        var files = new TlsFiles(Path.of("a.pem"), Path.of("a.key"), Optional.empty(), Optional.empty());
        PublicAddress here = PublicAddress.of(new HttpSettings(
                "127.0.0.1", 8443, Optional.empty(), List.of(), AccessSettings.UNSAID,
                new TlsSettings(Optional.of(files), Optional.empty())));

        assertThat(here.secure()).isTrue();
        assertThat(here.base("127.0.0.1:8443")).contains(URI.create("https://127.0.0.1:8443"));
        assertThat(here.base("evil.example")).isEmpty();
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
