package io.waybill.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceSettingsTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "ONE", "1".repeat(32), "TWO", "2".repeat(32), "THREE", "3".repeat(32), "SHORT", "s".repeat(31));

    private static SourceSettings settings(String sources) {
        return WaybillConfig.parse(
                "test.yaml",
                "kafka: { bootstrap.servers: 127.0.0.1:1 }\nschema.registry.url: http://127.0.0.1:1\n" + sources,
                new Overrides(Map.of(), ENVIRONMENT),
                List.of(SourceSettings.SECTION))
                .of(SourceSettings.SECTION);
    }

    @Test
    void shouldReadNoneOneOrTwoSecrets() {
        assertThat(settings("").originSecrets()).isEmpty();
        assertThat(settings("sources: { originSecret: env:ONE }").originSecrets())
                .containsExactly(Secret.of("1".repeat(32)));
        assertThat(settings("sources: { originSecret: [env:TWO, env:ONE] }").originSecrets())
                .containsExactly(Secret.of("2".repeat(32)), Secret.of("1".repeat(32)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "env:SHORT                     | sources.originSecret: expected at least 32 characters in each",
            "'[env:ONE, env:SHORT]'        | sources.originSecret: expected at least 32 characters in each",
            "'[env:ONE, env:TWO, env:THREE]' | expected one secret, or two while the first one replaces the second, found 3",
            "in-the-open-in-the-open-in-the-open | sources.originSecret",
            "env:NONE                      | the secret's environment variable is not set: NONE",
    })
    void shouldRefuseSecretsThatAreNone(String secret, String fault) {
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> settings("sources: { originSecret: " + secret + " }"))
                .withMessageContaining(fault)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("in-the-open"));
    }
}
