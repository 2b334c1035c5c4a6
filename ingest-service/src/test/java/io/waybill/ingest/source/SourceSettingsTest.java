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

    @Test
    void shouldReadQueues() {
        var queues = settings("""
                sources:
                  arrivals: { type: sqs, queue: "https://sqs.eu-central-1.amazonaws.com/123456789012/arrivals" }
                  others:
                    type: sqs
                    queue: http://127.0.0.1:9324/000000000000/others
                    waitTime: 0s
                    visibility: 12h
                    accessKey: env:ONE
                    secretKey: env:TWO
                """)
                .queues();

        assertThat(queues).extracting(QueueSource::name).containsExactly("arrivals", "others");
        assertThat(queues.getFirst().waitTime()).hasSeconds(20);
        assertThat(queues.getFirst().visibility()).hasMinutes(2);
        assertThat(queues.getFirst().login()).isEmpty();
        assertThat(queues.getLast().login().orElseThrow().secretKey()).isEqualTo(Secret.of("2".repeat(32)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "q: { queue: http://h/q }                                 | sources.q.type: is missing",
            "q: { type: sqs }                                         | sources.q.queue: is missing",
            "'q r': { type: sqs, queue: http://h/q }                  | the name of a source has 1 to 63 letters",
            "q: { type: sns, queue: http://h/q }                      | sources.q.type: expected one of",
            "q: { type: sqs, queue: http://h/q, wait: 1s }            | sources.q.wait: is not a known key",
            "q: { type: sqs, queue: http://h/q, waitTime: 21s }       | sources.q.waitTime: expected whole seconds from 0s to 20s",
            "q: { type: sqs, queue: http://h/q, waitTime: 1500ms }    | sources.q.waitTime: expected whole seconds",
            "q: { type: sqs, queue: http://h/q, visibility: 29s }     | sources.q.visibility: expected whole seconds from 30s",
            "q: { type: sqs, queue: http://h/q, accessKey: env:ONE }  | sources.q.secretKey: is missing; give both keys, or none",
            "q: { type: sqs, queue: 'arn:aws:sqs:eu-central-1:1:q' }  | sources.q.queue: expected the URL of a queue",
            "q: { type: sqs, queue: 'http://u:p@h/q' }                | sources.q.queue: expected the URL of a queue",
            "q: { type: sqs, queue: http://h/q }, r: { type: sqs, queue: http://h/q } | is the queue of source 'q', too",
    })
    void shouldRefuseASourceThatIsNone(String sources, String fault) {
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> settings("sources: { " + sources + " }"))
                .withMessageContaining(fault);
    }
}
