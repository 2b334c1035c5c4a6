package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.waybill.domain.PathTemplate.Expansion.BadName;
import io.waybill.domain.PathTemplate.Expansion.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathTemplateTest {
    @ParameterizedTest
    @CsvSource({
            "/in/{key}, '', NOTHING",
            "/in/{relative}, .csv, NOTHING",
            "/in/{name}, '', NAMES_IN_DIFFERENT_DIRECTORIES",
            "/in/{stem}{extension}, '', NAMES_IN_DIFFERENT_DIRECTORIES",
            "/in/{stem}.txt, .csv, NAMES_IN_DIFFERENT_DIRECTORIES",
            "/in/{stem}.txt, '', STEMS",
            "/in/all{extension}, '', EVERYTHING",
            "/in/{bucket}/{route}, '', EVERYTHING",
            "/in/current.csv, .csv, EVERYTHING"
    })
    void shouldKnowWhichKeysGetOnePath(String template, String suffix, PathTemplate.Shared shared) {
        assertThat(PathTemplate.parse(template).sharedBy(new SourceFilter("outbound", "invoices/", suffix)))
                .isEqualTo(shared);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    ".ssh/authorized_keys",
                    ".SSH/config",
                    "x/.ssh/rc",
                    "authorized_keys",
                    "Authorized_Keys2",
                    "a\\.ssh\\authorized_keys",
                    ".bashrc",
                    "con",
                    "CON.csv",
                    "aux .txt",
                    "nul...",
                    "NUL/a.csv",
                    "x/Com1.tar.gz",
                    "lpt\u00b9",
                    "CONOUT$",
                    "con:stream"
            })
    void shouldGiveNoPathForADangerousNameUnlessTheRouteAllowsAny(String key) {
        assertThat(expansion("/in/{key}", key)).isInstanceOfSatisfying(
                BadName.class, bad -> assertThat(bad.reason()).contains("deliver.names: any"));
        var any = new Delivery(
                new DestinationName("acme"),
                PathTemplate.parse("/in/{key}"),
                ConflictPolicy.REPLACE,
                Proof.SIZE,
                false,
                Delivery.Attributes.NONE,
                Delivery.Names.ANY);
        assertThat(any.path().expand(Example.route(any, false), Example.object(key)))
                .isEqualTo(new Path(new RemotePath("/in/" + key)));
    }

    @ParameterizedTest
    @CsvSource({
            "/in/{key}, console.csv, /in/console.csv",
            "/in/{key}, com10.csv, /in/com10.csv",
            "/in/{key}, ssh/a.csv, /in/ssh/a.csv",
            "/in/{key}, a.ssh, /in/a.ssh",
            "/in/{key}, my.authorized_keys, /in/my.authorized_keys",
            "/aux/.ssh/{name}, a.pub, /aux/.ssh/a.pub",
            "/in/{stem}.done, a.csv, /in/a.done"
    })
    void shouldKeepNamesThatOnlyLookDangerousAndThoseOfTheOperator(String template, String key, String path) {
        assertThat(expansion(template, key)).isEqualTo(new Path(new RemotePath(path)));
    }

    private static PathTemplate.Expansion expansion(String template, String key) {
        return PathTemplate.parse(template).expand(Example.DELIVERY_ONLY, Example.object(key));
    }

    @ParameterizedTest
    @CsvSource({
            "/in/{name}, invoices/2026/march.csv, /in/march.csv",
            "/in/{key}, invoices/2026/march.csv, /in/invoices/2026/march.csv",
            "/in/{relative}, invoices/2026/march.csv, /in/2026/march.csv",
            "/in/{relative}, other/march.csv, /in/other/march.csv",
            "/in/{stem}-new{extension}, invoices/march.tar.gz, /in/march.tar-new.gz",
            "/in/{stem}-new{extension}, invoices/march, /in/march-new",
            "/in/{stem}-new{extension}, invoices/.march, /in/.march-new",
            "/{bucket}/{route}/{name}, a, /outbound/invoices/a",
            "/in/{name}, 'a$1\\0{key}', '/in/a$1\\0{key}'",
            "/in/fixed, a, /in/fixed",
    })
    void shouldPutTheObjectsNameIntoTheTemplate(String template, String key, String path) {
        assertThat(expansion(template, key)).isEqualTo(new Path(new RemotePath(path)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "..",
                    "a/..",
                    "../../etc/passwd",
                    "/etc/passwd",
                    "a//b",
                    "a/",
                    "a/./b",
                    "..\\..\\boot.ini",
                    "\\\\server\\share",
                    "a\u0000.csv",
                    "a\r\nb",
                    "\u001b[2J",
                    "a\ud83d",
                    "\udca9b",
            })
    void shouldGiveNoPathForAHostileKey(String key) {
        assertThat(expansion("/in/{key}", key)).isInstanceOf(BadName.class);
    }

    @ParameterizedTest
    @CsvSource({"/in/{stem}{extension}, ..", "/in/{extension}, a", "/in/{stem}./x, invoices/.", "/in/.{extension}, a."})
    void shouldGiveNoPathWhenOnlyTheWholeIsHostile(String template, String key) {
        assertThat(expansion(template, key)).isInstanceOf(BadName.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {4092, 4095})
    void shouldGiveNoPathForAVeryLongKey(int length) {
        assertThat(expansion("/in/{key}", "a".repeat(length + 1))).isInstanceOf(BadName.class);
    }

    @Property(tries = 5000, seed = "2")
    void shouldStayBelowItsFixedDirectoryWhateverTheKey(@ForAll("keys") String key, @ForAll("templates") String text) {
        String fixed = text.substring(0, text.lastIndexOf('/', text.indexOf('{')) + 1);

        switch (expansion(text, key)) {
            case BadName(var reason) ->
                assertThat(reason.codePoints().noneMatch(RemotePath::unsafe)).isTrue();
            case Path(var path) -> {
                assertThat(path.value()).startsWith(fixed).hasSizeGreaterThan(fixed.length());
                assertThat(path.value().split("[/\\\\]", -1)).doesNotContain("..", ".");
                assertThat(path.value().substring(1).split("/", -1)).doesNotContain("");
                assertThat(path.value().codePoints()).noneMatch(Character::isISOControl);
            }
        }
    }

    @Provide
    static Arbitrary<String> keys() {
        Arbitrary<String> hostile = Arbitraries.of(
                "..", ".", "/", "//", "\\", "\u0000", "\n", "\ud800", "\udc00", "invoices/", "a", ".csv", "{key}",
                "$0");
        return Arbitraries.oneOf(
                hostile.list().ofMinSize(1).ofMaxSize(6).map(parts -> String.join("", parts)),
                Arbitraries.strings().ofMinLength(1).ofMaxLength(40));
    }

    @Provide
    static Arbitrary<String> templates() {
        return Arbitraries.of(List.of(
                "/in/{key}",
                "/in/{relative}",
                "/in/{name}",
                "/in/{stem}{extension}",
                "/in/deep/{extension}{stem}",
                "/in{relative}",
                "/in/.{name}",
                "/{bucket}/{route}/{stem}/{name}"));
    }

    @ParameterizedTest
    @CsvSource({
            "in/{name}, begins with '/'",
            "'', begins with '/'",
            "/in/{file}, unknown placeholder {file}",
            "/in/{}, unknown placeholder {}",
            "/in/{name, a brace is not closed",
            "/in/name}, a brace is not closed",
            "/in/{{name}}, a brace is not closed",
            "/in/../{name}, the part '..'",
            "/in//{name}, the part ''",
            "/in/, the part ''",
            "/, the part ''",
    })
    void shouldSayWhatIsWrongWithATemplate(String text, String fault) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathTemplate.parse(text))
                .withMessageContaining(fault);
    }
}
