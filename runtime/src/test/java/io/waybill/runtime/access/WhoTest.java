package io.waybill.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WhoTest {
    private static final RouteName INVOICES = new RouteName("invoices");
    private static final RouteName DROP = new RouteName("drop");
    private static final DestinationName ACME = new DestinationName("acme");
    private static final DestinationName GLOBEX = new DestinationName("globex");

    @Test
    void shouldAllowWhatFitsBothPartsOfAScope() {
        var both = new Scope(Optional.of(Set.of(INVOICES)), Optional.of(Set.of(ACME)));
        assertThat(both.allows(INVOICES, ACME)).isTrue();
        assertThat(both.allows(DROP, ACME)).isFalse();
        assertThat(both.allows(INVOICES, GLOBEX)).isFalse();
        assertThat(both.allows(INVOICES, null)).as("a file without a destination").isFalse();
        assertThat(Scope.ALL.allows(DROP, null)).isTrue();
        assertThat(new Scope(Optional.of(Set.of()), Optional.empty()).allows(DROP, null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b", "/", "a\nb", "a\u0000", " a", "a ", "a\u00a0", "\u200b", "ann\u200b",
            "\u202enna",
            "a\u2028b", "\ud800"})
    void shouldNotTakeANameThatCouldBeAnothers(String text) {
        assertThat(Principal.named(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ann", "Ann Smith", "ann@example.com", "auth0|5f7c8ec7c33c6c004bbafe82"})
    void shouldTakeTheNamesOfPeople(String text) {
        assertThat(Principal.named(text)).isTrue();
    }

    @Test
    void shouldKnowATokenByItsHashAndShowNeither() {
        String secret = TokenHash.newSecret();
        TokenHash hash = TokenHash.of(secret);
        assertThat(secret).matches("wbt_[A-Za-z0-9_-]{43}").isNotEqualTo(TokenHash.newSecret());
        assertThat(TokenHash.parse(hash.text())).isEqualTo(hash).isNotEqualTo(TokenHash.of(secret + "x"));
        assertThat(hash.toString()).isEqualTo("(hash)");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TokenHash.parse(secret))
                .withMessageNotContaining(secret);
    }
}
