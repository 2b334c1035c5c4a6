package io.waybill.runtime.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.Role;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.login.PeerSignature.Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PeerSignatureTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Principal NARROWED = new Principal(
            "dora",
            Role.OPERATOR,
            new Scope(Optional.of(Set.of(new RouteName("drop"))), Optional.of(Set.of(new DestinationName("acme")))));
    private static final Request REQUEST =
            Request.of("POST", "/v1/cancel?a=b", "{}".getBytes(StandardCharsets.UTF_8));

    private Instant time = NOW;
    private final PeerSignature signature = new PeerSignature(Secret.of("of all instances alike"), () -> time);

    @Test
    void shouldBringTheCallerWithAllThatNarrowsIt() throws Exception {
        for (Principal principal : new Principal[] {NARROWED, Principal.ANYBODY}) {
            assertThat(signature.principal(signature.headers(principal, REQUEST)::get, REQUEST)).isEqualTo(principal);
        }
    }

    /** A server takes 8 KB of headers, all of them together. */
    @Test
    void shouldBringACallerWhoIsNarrowedToHundredsOfRoutes() throws Exception {
        Set<RouteName> routes = IntStream.range(0, 1_000)
                .mapToObj(i -> new RouteName("customer-" + i * 7_919 % 1_000 + "-invoices-outbound"))
                .collect(Collectors.toSet());
        var wide = new Principal("dora", Role.VIEWER, new Scope(Optional.of(routes), Optional.empty()));
        Map<String, String> headers = signature.headers(wide, REQUEST);
        assertThat(String.join("", headers.values())).hasSizeLessThan(6_000);
        assertThat(signature.principal(headers::get, REQUEST)).isEqualTo(wide);
    }

    @ParameterizedTest
    @ValueSource(longs = {-30, 30})
    void shouldBearClocksThatDifferALittle(long seconds) throws Exception {
        Map<String, String> headers = signature.headers(NARROWED, REQUEST);
        time = NOW.plusSeconds(seconds);
        assertThat(signature.principal(headers::get, REQUEST)).isEqualTo(NARROWED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-31, 31, 86_400})
    void shouldRefuseWhatIsRepeatedLater(long seconds) {
        Map<String, String> headers = signature.headers(NARROWED, REQUEST);
        time = NOW.plusSeconds(seconds);
        assertThatExceptionOfType(LoginRefusedException.class)
                .isThrownBy(() -> signature.principal(headers::get, REQUEST))
                .withMessageContaining("s off");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "v1", "v1 1767225600000", "v1 999999999999999999999 aa", "v2 1767225600000 aa",
                    "v1 1767225600000 " + "\u0661"})
    void shouldRefuseASignatureThatIsNone(String text) {
        var headers = new HashMap<>(signature.headers(NARROWED, REQUEST));
        headers.put("Waybill-Signature", text);
        assertThatExceptionOfType(LoginRefusedException.class)
                .isThrownBy(() -> signature.principal(headers::get, REQUEST))
                .withMessageContaining("has no signature");
    }

    @Test
    void shouldRefuseAnotherCallerThanTheSignedOne() {
        var headers = new HashMap<>(signature.headers(NARROWED, REQUEST));
        headers.put("Waybill-Caller", signature.headers(Principal.ANYBODY, REQUEST).get("Waybill-Caller"));
        assertThatExceptionOfType(LoginRefusedException.class)
                .isThrownBy(() -> signature.principal(headers::get, REQUEST))
                .withMessageContaining("does not fit")
                .satisfies(refused -> assertThat(refused.reason())
                        .isEqualTo(LoginRefusedException.Reason.BAD_SIGNATURE));
    }
}
