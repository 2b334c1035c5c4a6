package io.waybill.runtime.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.domain.RouteName;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.Role;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.access.TokenHash;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.AccessSettings.Auth;
import io.waybill.runtime.config.AccessSettings.CookieSettings;
import io.waybill.runtime.config.AccessSettings.MetricsAccess;
import io.waybill.runtime.config.AccessSettings.Oidc;
import io.waybill.runtime.config.AccessSettings.OidcClient;
import io.waybill.runtime.config.AccessSettings.RoleMapping;
import io.waybill.runtime.config.AccessSettings.Token;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import io.waybill.runtime.time.ProcessClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The logins of people, between instances and configurations that differ. */
final class SessionsTest {
    private static final String TOKEN = "wbt_a-token-of-a-person";
    private static final Secret FIRST = Secret.of("the-first-secret-of-all-the-instances");
    private static final Secret SECOND = Secret.of("the-second-secret-of-all-the-instances");
    private static final RoleMapping ADMINS = new RoleMapping("waybill-admins", Role.ADMIN, Scope.ALL);
    private static final RoleMapping DESK = new RoleMapping("desk", Role.VIEWER, Scope.ALL);
    private static final String ISSUER = "https://login.example";

    private Instant time = Instant.parse("2026-01-01T00:00:00Z");

    private static Token token(String name, Role role, Scope scope) {
        return new Token(TokenHash.of(TOKEN), new Principal(name, role, scope));
    }

    private Sessions of(List<Token> tokens, List<RoleMapping> roles, String client, Secret... secrets) {
        var pages = new CookieSettings(List.of(secrets), Duration.ofHours(8));
        var access = new AccessSettings(
                Optional.of(Auth.OIDC),
                tokens,
                Optional.of(new Oidc(URI.create(ISSUER), "waybill", Set.of("RS256"), "roles", "sub", roles,
                        Optional.of(new OidcClient(client, Optional.empty())))),
                Optional.empty(),
                MetricsAccess.OPEN,
                Optional.of(pages));
        var clock = ProcessClock.of(() -> time, () -> 0);
        return new Sessions(pages, new BearerLogin(access, clock), clock);
    }

    private Sessions with(Token... tokens) {
        return of(List.of(tokens), List.of(ADMINS, DESK), "pages", FIRST);
    }

    private Sessions keptWith(Secret... secrets) {
        return of(List.of(token("ann", Role.VIEWER, Scope.ALL)), List.of(ADMINS, DESK), "pages", secrets);
    }

    private static Reason refused(Sessions sessions, String cookie) {
        LoginRefusedException refused = catchThrowableOfType(LoginRefusedException.class, () -> sessions.open(cookie));
        assertThat(refused).isNotNull();
        return refused.reason();
    }

    @Test
    void shouldKnowAPersonAtEveryInstance() throws Exception {
        String cookie = keptWith(FIRST).begin(TOKEN);
        Session there = keptWith(FIRST).open(cookie);
        assertThat(there.principal()).isEqualTo(new Principal("ann", Role.VIEWER, Scope.ALL));
        assertThat(there.repeatedBy(there.formToken())).isTrue();
        assertThat(there.repeatedBy(null)).isFalse();
        assertThat(there.repeatedBy(keptWith(FIRST).open(keptWith(FIRST).begin(TOKEN)).formToken())).isFalse();
        assertThat(cookie).hasSizeLessThan(400).doesNotContain(TOKEN, "ann", TokenHash.of(TOKEN).text());
        assertThat(there.toString()).doesNotContain(there.formToken());
    }

    @Test
    void shouldReplaceASecretWithoutALoginThatEnds() throws Exception {
        String before = keptWith(FIRST).begin(TOKEN);
        Sessions both = keptWith(SECOND, FIRST);
        assertThat(both.open(before).principal().name()).isEqualTo("ann");
        String during = both.begin(TOKEN);
        assertThat(keptWith(FIRST, SECOND).open(during).principal().name()).isEqualTo("ann");
        assertThat(keptWith(SECOND).open(during).principal().name()).isEqualTo("ann");
        assertThat(refused(keptWith(SECOND), before)).isEqualTo(Reason.SESSION_ENDED);
    }

    @Test
    void shouldEndTheSessionsOfATokenThatIsRemoved() throws Exception {
        String cookie = with(token("ann", Role.ADMIN, Scope.ALL)).begin(TOKEN);
        assertThat(refused(with(), cookie)).isEqualTo(Reason.SESSION_ENDED);
        var other = new Token(TokenHash.of("wbt_another-token"), new Principal("ann", Role.ADMIN, Scope.ALL));
        assertThat(refused(with(other), cookie)).as("it was replaced").isEqualTo(Reason.SESSION_ENDED);
    }

    @Test
    void shouldNarrowASessionAsTheConfigurationNarrowsItsToken() throws Exception {
        String cookie = with(token("ann", Role.ADMIN, Scope.ALL)).begin(TOKEN);
        var invoices = new Scope(Optional.of(Set.of(new RouteName("invoices"))), Optional.empty());
        assertThat(with(token("ann", Role.VIEWER, invoices)).open(cookie).principal())
                .isEqualTo(new Principal("ann", Role.VIEWER, invoices));
    }

    @Test
    void shouldEndASessionThatIsTooOld() throws Exception {
        Sessions sessions = keptWith(FIRST);
        String cookie = sessions.begin(TOKEN);
        time = time.plus(Duration.ofHours(8)).minusSeconds(1);
        assertThat(sessions.open(cookie).principal().name()).isEqualTo("ann");
        time = time.plusSeconds(1);
        assertThat(refused(sessions, cookie)).isEqualTo(Reason.SESSION_ENDED);
        time = time.minus(Duration.ofHours(8)).minusSeconds(31);
        assertThat(refused(sessions, cookie)).as("it began in the future").isEqualTo(Reason.SESSION_ENDED);
    }

    @Test
    void shouldTakeNoCookieThatSomebodyMadeOrChanged() throws Exception {
        Sessions sessions = keptWith(FIRST);
        String cookie = sessions.begin(TOKEN);
        for (int i = 0; i < cookie.length(); i++) {
            String changed = cookie.substring(0, i) + (cookie.charAt(i) == 'A' ? 'Q' : 'A') + cookie.substring(i + 1);
            assertThat(refused(sessions, changed)).as(changed).isEqualTo(Reason.SESSION_ENDED);
        }
        String ofAnotherKind = new CookieSeal(List.of(FIRST), "oidc")
                .seal("{\"began\":" + time.getEpochSecond() + ",\"formToken\":\"x\",\"token\":\""
                        + TokenHash.of(TOKEN).text() + "\"}");
        for (String none : List.of("", "v1.", "v1.AAAA", "v2." + cookie.substring(3), cookie + "A", ofAnotherKind,
                "v1." + "A".repeat(5_000), "v1.\u00e4", TOKEN)) {
            assertThat(refused(sessions, none)).as(none).isEqualTo(Reason.SESSION_ENDED);
        }
    }

    @Test
    void shouldLogNobodyInWithoutATokenOfTheConfiguration() {
        LoginRefusedException refused =
                catchThrowableOfType(LoginRefusedException.class, () -> keptWith(FIRST).begin("wbt_guessed"));
        assertThat(refused.reason()).isEqualTo(Reason.BAD_LOGIN);
        assertThat(refused).hasMessage("the token is not known here");
    }

    @Test
    void shouldLookUpTheRoleOfAPersonOfTheIssuerAtEachRequest() throws Exception {
        var ann = new Sessions.Person(ISSUER, "pages", "ann", List.of("desk", "waybill-admins"));
        String cookie = with().begin(ann);
        assertThat(with().open(cookie).principal()).isEqualTo(new Principal("ann", Role.ADMIN, Scope.ALL));
        assertThat(of(List.of(), List.of(DESK), "pages", FIRST).open(cookie).principal().role()).isEqualTo(Role.VIEWER);
        assertThat(refused(of(List.of(), List.of(new RoleMapping("others", Role.ADMIN, Scope.ALL)), "pages", FIRST),
                cookie)).isEqualTo(Reason.NO_ROLE);
        assertThat(refused(of(List.of(), List.of(ADMINS), "another", FIRST), cookie)).isEqualTo(Reason.SESSION_ENDED);
        assertThat(refused(with(token("ann", Role.IMPORTER, Scope.ALL)), cookie))
                .as("a program has the name now")
                .isEqualTo(Reason.SESSION_ENDED);
    }
}
