package io.waybill.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.DestinationName;
import io.waybill.domain.NameFolding;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How servers write names, and paths that several keys share. */
final class NamesAndPathsTest {
    private static final Overrides PASSWORD = new Overrides(Map.of(), Map.of("ACME_PASSWORD", "secret"));
    private static final String PARTNER = """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            destinations:
              acme:
                host: sftp.acme.example
                user: waybill
                password: env:ACME_PASSWORD
                hostKeys: ["SHA256:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo"]
            """;

    @Test
    void shouldReadWhichNamesAServerTakesForOne() {
        assertThat(destination("foldNames: both").foldNames()).isEqualTo(NameFolding.BOTH);
        assertThat(destination("port: 22").foldNames()).isEqualTo(NameFolding.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "IBM037", "x-JISAutoDetect"})
    void shouldRefuseACharsetThatPathsCannotBeWrittenIn(String charset) {
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> destination("charset: " + charset))
                .withMessageContaining("paths cannot be written in the character set '" + charset + "'");
    }

    @Test
    void shouldRefuseAStagingNameThatTheCharsetCannotWrite() {
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> destination("charset: US-ASCII\n    staging: { prefix: übrig- }"))
                .withMessageContaining("staging: 'übrig-' cannot be written in the destination's charset US-ASCII");
    }

    @ParameterizedTest
    @CsvSource({"/in/{relative}, replace", "/in/{key}, refuse", "/in/{name}, keep-both", "/in/all.csv, keep-both"})
    void shouldNotWarnWhereEveryKeyHasANameOfItsOwn(String path, String onConflict) {
        assertThat(warnings(path, onConflict)).isEmpty();
    }

    @Test
    void shouldSayWhenAPathOfNamesAloneMatters() {
        assertThat(warnings("/in/{name}", "replace"))
                .containsExactly(new ConfigWarning(
                        "routes.invoices.deliver.path",
                        false,
                        "matters only if there are directories below 'invoices/': keys such as 'invoices/x/a.csv' and"
                                + " 'invoices/y/a.csv' get one path by '/in/{name}', and the second replaces the first;"
                                + " {relative} tells them apart"));
    }

    @Test
    void shouldWarnOfAPathThatLeavesOutTheExtension() {
        assertThat(warnings("/in/{stem}", "refuse"))
                .containsExactly(new ConfigWarning(
                        "routes.invoices.deliver.path",
                        true,
                        "keys that differ only in their extension, such as 'invoices/a.csv' and 'invoices/a.xml', get"
                                + " one path by '/in/{stem}', and the second fails with NAME_CONFLICT; {name} tells"
                                + " them apart"));
    }

    @Test
    void shouldWarnOfAPathThatAllKeysShare() {
        assertThat(warnings("/in/all.csv", "replace"))
                .containsExactly(new ConfigWarning(
                        "routes.invoices.deliver.path",
                        true,
                        "all keys get one path by '/in/all.csv', and the second replaces the first; {name} or"
                                + " {relative} tells them apart"));
    }

    @Test
    void shouldWarnOfTwoRoutesThatDeliverOneObjectTwiceToOnePlace() {
        assertThat(routes("""
                  all: { source: { bucket: outbound }, deliver: { destination: acme, path: "/in/{relative}" } }
                  csv: { source: { bucket: outbound, suffix: .csv }, deliver: { destination: acme, path: "/in/{key}" } }
                """))
                .containsExactly(new ConfigWarning(
                        "routes.csv.source",
                        true,
                        "route 'all' takes keys such as 'a.csv', too, and both deliver them to '/in/a.csv': each object"
                                + " becomes two files that want one name"));
    }

    @Test
    void shouldSayThatTwoRoutesTakeTheSameKeys() {
        assertThat(routes("""
                  drop: { source: { bucket: outbound, prefix: in/x } }
                  copy: { source: { bucket: outbound, prefix: in/ }, deliver: { destination: acme, path: "/in/{key}" } }
                """))
                .containsExactly(new ConfigWarning(
                        "routes.copy.source",
                        false,
                        "route 'drop' takes keys such as 'in/xa', too: each such object becomes two files, one for each"
                                + " route"));
    }

    @Test
    void shouldSayOnceThatSeveralRoutesGiveOnePathToFilesOfOneName() {
        assertThat(routes("""
                  one: { source: { bucket: one }, deliver: { destination: acme, path: "/in/{relative}" } }
                  two: { source: { bucket: two }, deliver: { destination: acme, path: "/in/{relative}" } }
                  six: { source: { bucket: six }, deliver: { destination: acme, path: "/in/{relative}" } }
                """))
                .containsExactly(new ConfigWarning(
                        "routes.six.deliver.path",
                        false,
                        "matters only if files of different routes have one name: the routes 'one', 'two', 'six' give keys"
                                + " such as 'a' and 'a' one path at acme by '/in/{relative}'; {route} tells them apart"));
    }

    @ParameterizedTest
    @CsvSource({
            "'bucket: one', 'bucket: two', '/in/{bucket}/{relative}'",
            "'bucket: one, prefix: a/', 'bucket: one, prefix: b/', '/in/{key}'",
            "'bucket: one, suffix: .xml', 'bucket: one, suffix: .csv', '/in/{relative}'",
            "'bucket: one, prefix: a/', 'bucket: one, prefix: b/', '/{route}/{relative}'",
    })
    void shouldNotWarnOfRoutesThatShareNothing(String one, String two, String path) {
        assertThat(routes("""
                  one: { source: { %s }, deliver: { destination: acme, path: "%s" } }
                  two: { source: { %s }, deliver: { destination: acme, path: "%s" } }
                """.formatted(one, path, two, path))).isEmpty();
    }

    private static List<ConfigWarning> routes(String routes) {
        return WaybillConfig.parse("test", PARTNER + "routes:\n" + routes, PASSWORD, List.of()).warnings();
    }

    private static DestinationConfig destination(String line) {
        WaybillConfig config = WaybillConfig.parse("test", PARTNER + "    " + line + "\n", PASSWORD, List.of());
        return Objects.requireNonNull(config.destinations().get(new DestinationName("acme")));
    }

    private static List<ConfigWarning> warnings(String path, String onConflict) {
        String route = """
                routes:
                  invoices:
                    source: { bucket: outbound, prefix: invoices/ }
                    deliver: { destination: acme, path: "%s", onConflict: %s }
                """.formatted(path, onConflict);
        return WaybillConfig.parse("test", PARTNER + route, PASSWORD, List.of()).warnings();
    }
}
