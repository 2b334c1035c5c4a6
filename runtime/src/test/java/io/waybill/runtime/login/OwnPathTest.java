package io.waybill.runtime.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OwnPathTest {
    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1/files?route=a&status=FAILED,TIMED_OUT", "/v1/files/x%2F", "/logins"})
    void shouldLeadToAPathOfThisServer(String path) {
        assertThat(OwnPath.of(path)).hasToString(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "v1", "//evil.example", "//evil.example/v1", "/\\evil.example", "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", " //evil.example", "/a b", "/\"><script>",
            "/a#b", "/login", "/login?to=/login", "/login/oidc", "/logout", "/\u00e4", "/a\r\nSet-Cookie: a=b"})
    void shouldLeadNowhereElse(String text) {
        assertThat(OwnPath.of(text)).isEqualTo(OwnPath.HOME);
    }

    @Test
    void shouldLeadHomeWhereNothingIsSaidAndTakeNoEndlessPath() {
        assertThat(OwnPath.of(null)).isEqualTo(OwnPath.HOME);
        assertThat(OwnPath.of("/" + "a".repeat(2_001))).isEqualTo(OwnPath.HOME);
        assertThat(OwnPath.of("/a?b=c&d").encoded()).isEqualTo("%2Fa%3Fb%3Dc%26d");
    }
}
