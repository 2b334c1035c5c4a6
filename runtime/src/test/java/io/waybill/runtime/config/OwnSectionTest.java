package io.waybill.runtime.config;

import static io.waybill.runtime.config.ConfigFixture.CLUSTER;
import static io.waybill.runtime.config.ConfigFixture.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A section that one service declares and reads. */
final class OwnSectionTest {
    private static final Key<Integer> NUMBER = Key.of("number", KeyType.number(1, 10), 5, "A number.");
    private static final Key<String> TEXT = Key.of("text", KeyType.TEXT, "a", "A text.");

    static final OwnSection<Settings> SECTION = new OwnSection<>(
            Section.fixed("own", "A service.", NUMBER, TEXT),
            keys -> new Settings(keys.get(NUMBER), keys.get(TEXT)));

    record Settings(int number, String text) {}

    private static Settings read(String yaml, Overrides overrides) {
        return WaybillConfig.parse("waybill.yaml", CLUSTER + yaml, overrides, List.of(SECTION)).of(SECTION);
    }

    @Test
    void shouldBeReadAsTheSharedSectionsAre() {
        assertThat(read("", Overrides.NONE)).isEqualTo(new Settings(5, "a"));
        assertThat(read("own: { number: 7, text: b }", Overrides.NONE)).isEqualTo(new Settings(7, "b"));
        assertThat(read(
                "own: { number: 7, text: b }",
                new Overrides(Map.of("own.number", "8"), Map.of("WAYBILL_OWN_TEXT", "c"))))
                .isEqualTo(new Settings(8, "c"));
    }

    @Test
    void shouldTellOfItsFaultsBesideThoseOfOthers() {
        assertThat(problems(
                CLUSTER + "own: { number: 11, txt: b }\nhttp: { port: -1 }",
                new Overrides(Map.of("own.txet", "b"), Map.of()),
                List.of(SECTION)))
                .containsExactlyInAnyOrder(
                        "waybill.yaml:5:16: own.number: expected a whole number from 1 to 10, was '11'",
                        "waybill.yaml:5:25: own.txt: is not a known key; did you mean 'text'?",
                        "waybill.yaml:6:15: http.port: expected a whole number from 0 to 65535, was '-1'",
                        "--set own.txet: own.txet: is not a known key; did you mean 'own.text'?");
    }

    @Test
    void shouldBeUnknownWhereNobodyDeclaresIt() {
        assertThat(problems(CLUSTER + "own: { number: 7 }"))
                .singleElement()
                .asString()
                .startsWith("waybill.yaml:5:6: own: is not a known key");

        WaybillConfig without = ConfigFixture.read(CLUSTER);
        assertThatThrownBy(() -> without.of(SECTION)).hasMessageContaining("read without 'own'");
    }

    @Test
    void shouldReadNoKeyThatIsNotAmongTheData() {
        var file = new Node.Section(Map.of(), "waybill.yaml:1:1");
        var reader = new SectionReader(
                ConfigurationKeys.root(List.of(SECTION)), file, Overrides.NONE, new Problems());
        var stray = Key.of("stray", KeyType.TEXT, "", "Nobody knows it.");

        assertThatThrownBy(() -> reader.get(stray)).hasMessageContaining("'stray' is not among the data");
        assertThatThrownBy(() -> reader.section(SECTION.keys()).get(HttpKeys.PORT))
                .hasMessageContaining("'port' is not among the data of 'own'");
    }
}
