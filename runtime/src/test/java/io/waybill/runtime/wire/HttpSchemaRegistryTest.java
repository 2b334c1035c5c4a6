package io.waybill.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.waybill.runtime.CaughtLogs;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpSchemaRegistryTest {
    private static final Schema SCHEMA = Schema.createEnum("Colour", null, "test", List.of("RED", "BLUE"));

    @RegisterExtension
    final CaughtLogs logs = CaughtLogs.of(LoginWatch.class);

    private final StubRegistry server = new StubRegistry();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldRegisterASchemaOnce() {
        server.answer("/subjects/files-value/versions", 200, "{\"id\":7}");
        try (var registry = registry(Map.of())) {
            assertThat(registry.register("files-value", SCHEMA)).isEqualTo(7);
            assertThat(registry.register("files-value", SCHEMA)).isEqualTo(7);
            assertThat(registry.byId(7)).isEqualTo(SCHEMA);
        }
        assertThat(server.asked).singleElement().satisfies(asked -> {
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(asked.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
            assertThat(asked.body()).contains("{\"schema\":\"{\\\"type\\\":\\\"enum\\\"");
            assertThat(asked.authorization()).isNull();
        });
    }

    @Test
    void shouldLookASchemaUpWithoutRegisteringIt() {
        server.answer("/subjects/files-value", 200, "{\"subject\":\"files-value\",\"id\":7,\"version\":1}");
        try (var registry = registry(Map.of())) {
            assertThat(registry.lookUp("files-value", SCHEMA)).isEqualTo(7);
        }
        assertThat(server.asked).extracting(StubRegistry.Asked::path).containsExactly("/subjects/files-value");
    }

    @Test
    void shouldAskForASchemaOnce() {
        server.answer("/schemas/ids/7", 200, StubRegistry.schema(SCHEMA));
        try (var registry = registry(Map.of())) {
            assertThat(registry.byId(7)).isEqualTo(SCHEMA);
            assertThat(registry.byId(7)).isEqualTo(SCHEMA);
        }
        assertThat(server.asked).hasSize(1);
    }

    @Test
    void shouldShowItsCredentials() {
        server.answer("/schemas/ids/7", 200, StubRegistry.schema(SCHEMA));
        try (var registry = registry(
                Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "waybill:secret"))) {
            registry.byId(7);
        }
        assertThat(server.asked)
                .extracting(StubRegistry.Asked::authorization)
                .containsExactly("Basic d2F5YmlsbDpzZWNyZXQ=");
    }

    @Test
    void shouldAskAgainWhenTheServerIsIll() {
        server.answer("/schemas/ids/7", 503, "busy").answer("/schemas/ids/7", 200, StubRegistry.schema(SCHEMA));
        try (var registry = registry(Map.of())) {
            assertThat(registry.byId(7)).isEqualTo(SCHEMA);
        }
        assertThat(server.asked).hasSize(2);
    }

    @Test
    void shouldAskAgainWhenSomebodyElseAnswers() {
        server.answer("/subjects/files-value/versions", 200, "{}")
                .answer("/subjects/files-value/versions", 200, "{\"id\":7}")
                .answer("/schemas/ids/8", 200, "<html>please log in</html>")
                .answer("/schemas/ids/8", 200, StubRegistry.schema(SCHEMA));
        try (var registry = registry(Map.of())) {
            assertThat(registry.register("files-value", SCHEMA)).isEqualTo(7);
            assertThat(registry.byId(8)).isEqualTo(SCHEMA);
        }
    }

    /** Otherwise whoever registered what is there would stop every reader of the topic. */
    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "{\"schema\":7}", "{\"schema\":\"[[[\"}"})
    void shouldBlameTheIdIfTheRegistryHasNoSchemaOfItAndAnswersOtherwise(String answer) {
        server.answer("/schemas/ids/7", 200, answer).answer("/subjects", 200, "[\"files-value\"]");
        try (var registry = registry(Map.of())) {
            assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> registry.byId(7));
        }
    }

    @Test
    void shouldBlameNoIdIfSomethingElseAnswersInPlaceOfTheRegistry() {
        server.answer("/schemas/ids/7", 200, "<html>please log in</html>")
                .answer("/subjects", 200, "<html>please log in</html>");
        try (var registry = registry(Map.of())) {
            assertThatExceptionOfType(RetriableException.class).isThrownBy(() -> registry.byId(7));
        }
    }

    @Test
    void shouldBlameTheIdForASchemaThatIsNestedWithoutEnd() {
        String nested =
                "{\\\"type\\\":\\\"array\\\",\\\"items\\\":".repeat(20_000) + "\\\"int\\\"" + "}".repeat(20_000);
        server.answer("/schemas/ids/7", 200, "{\"schema\":\"" + nested + "\"}");
        try (var registry = registry(Map.of())) {
            assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> registry.byId(7));
        }
    }

    @Test
    void shouldAskTheNextServerWhenOneIsAway() throws IOException {
        server.answer("/schemas/ids/7", 200, StubRegistry.schema(SCHEMA));
        String urls = "http://localhost:" + closedPort() + "/ , " + server.url() + "/";
        try (var registry = registry(Map.of("schema.registry.url", urls))) {
            assertThat(registry.byId(7)).isEqualTo(SCHEMA);
        }
        assertThat(server.asked).extracting(StubRegistry.Asked::path).containsExactly("/schemas/ids/7");
    }

    @Test
    void shouldRegisterASchemaThatAnotherServiceRegistersAtTheSameTime() {
        String path = "/subjects/files-value/versions";
        server.answer(path, 409, "{\"error_code\":0,\"message\":\"An artifact version 'null' for artifact ID"
                + " 'files-value' in group 'null' already exists.\"}")
                .answer(path, 200, "{\"id\":7}");
        try (var registry = registry(Map.of())) {
            assertThat(registry.register("files-value", SCHEMA)).isEqualTo(7);
        }
        assertThat(server.asked).hasSize(2);
    }

    @Test
    void shouldTakeARefusalAsFinalAndSayWhatItWas() {
        server.answer(
                "/subjects/files-value/versions", 409, "{\"error_code\":409,\"message\":\"incompatible schema\"}");
        try (var registry = registry(Map.of())) {
            assertThatExceptionOfType(SerializationException.class)
                    .isThrownBy(() -> registry.register("files-value", SCHEMA))
                    .withMessageContainingAll("/subjects/files-value/versions", "409", "incompatible schema");
        }
        assertThat(server.asked).hasSize(1);
    }

    /** A record must not be taken for unreadable because its reader may not ask, or asks in the wrong place. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "401|{\"error_code\":401,\"message\":\"Unauthorized\"}",
            "403|forbidden by the gateway",
            "404|<html>no such page</html>",
            "404|{\"message\":\"no Route matched with those values\"}",
            "407|proxy authentication required",
            "421|{}"
    })
    void shouldBlameNoRecordForARefusalThatIsNotAboutTheId(int status, String body) {
        server.answer("/schemas/ids/7", status, body);
        try (var registry = registry(Map.of())) {
            assertThatExceptionOfType(RetriableException.class)
                    .isThrownBy(() -> registry.byId(7))
                    .withMessageContainingAll("/schemas/ids/7", String.valueOf(status), body);
        }
        assertThat(server.asked).hasSize(1);
    }

    /** A reader tries again for ever, so the process must show it: as a metric, and once in the log. */
    @Test
    void shouldKnowWhetherTheLoginIsRefused() {
        server.answer("/schemas/ids/7", 401, "").answer("/schemas/ids/7", 401, "")
                .answer("/schemas/ids/7", 200, StubRegistry.schema(SCHEMA));
        var watch = new LoginWatch();
        try (var registry = registry(Map.of(LoginWatch.PROPERTY, watch))) {
            assertThat(watch.refused()).isFalse();
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(RetriableException.class).isThrownBy(() -> registry.byId(7));
                assertThat(watch.refused()).isTrue();
            }
            assertThat(registry.byId(7)).isEqualTo(SCHEMA);
            assertThat(watch.refused()).isFalse();
        }
    }

    @Test
    void shouldSayAtTheStartThatTheLoginIsRefused() throws Exception {
        server.answer("/subjects", 401, "").answer("/subjects", 200, "[]");
        Map<String, String> serde =
                Map.of("schema.registry.url", "http://localhost:" + closedPort() + "," + server.url());
        assertThat(RegistryCheck.refusedLogin(serde, Duration.ofSeconds(5)))
                .hasValueSatisfying(fault -> assertThat(fault).contains(server.url(), "correct basic.auth.user.info"));
        assertThat(RegistryCheck.refusedLogin(serde, Duration.ofSeconds(5))).isEmpty();
        // Nobody answers: services wait for that.
        assertThat(RegistryCheck.refusedLogin(
                Map.of("schema.registry.url", "http://localhost:" + closedPort()), Duration.ofSeconds(5))).isEmpty();
    }

    @Test
    void shouldSayThatTheRegistryDoesNotKnowAnId() {
        server.answer("/schemas/ids/7", 404, "{\"error_code\":40403,\"message\":\"Schema 7 not found\"}");
        try (var registry = registry(Map.of())) {
            assertThatExceptionOfType(SerializationException.class)
                    .isThrownBy(() -> registry.byId(7))
                    .withMessageContaining("Schema 7 not found");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429})
    void shouldAskAgainWhenItWasTooMuchForTheServer(int status) {
        server.answer("/subjects/files-value/versions", status, "later")
                .answer("/subjects/files-value/versions", 200, "{\"id\":7}");
        try (var registry = registry(Map.of())) {
            assertThat(registry.register("files-value", SCHEMA)).isEqualTo(7);
        }
    }

    @Test
    void shouldRefuseAnAnswerThatIsNoSchema() {
        server.answer("/schemas/ids/7", 200, "{\"schema\":\"{\\\"type\\\":\\\"nonsense\\\"}\"}");
        try (var registry = registry(Map.of())) {
            assertThatExceptionOfType(SerializationException.class)
                    .isThrownBy(() -> registry.byId(7))
                    .withMessageContaining("under id 7");
        }
    }

    @Test
    void shouldGiveUpAtOnceWhenItIsClosed() {
        server.answer("/schemas/ids/7", 503, "busy");
        var registry = registry(Map.of());
        var asking = new FutureTask<>(() -> registry.byId(7));
        Thread.ofPlatform().start(asking);
        await().until(() -> !server.asked.isEmpty());
        registry.close();
        await().until(asking::isDone);
        assertThat(asking.exceptionNow()).isInstanceOf(KafkaException.class);
        assertThat(server.asked.size()).isLessThan(6);
    }

    @Test
    void shouldSayInTheEndThatNobodyAnswers() throws IOException {
        try (var registry = registry(Map.of("schema.registry.url", "http://localhost:" + closedPort()))) {
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> registry.byId(7))
                    .withMessageContaining("/schemas/ids/7");
        }
    }

    @Test
    void shouldSayWhichSettingIsMissing() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> RegistrySettings.from(Map.of()))
                .withMessageContaining("schema.registry.url");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> registry(Map.of("basic.auth.credentials.source", "USER_INFO")))
                .withMessageContaining("basic.auth.user.info");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> registry(Map.of("basic.auth.credentials.source", "SASL_INHERIT")))
                .withMessageContaining("NONE or USER_INFO");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> registry(Map.of("schema.registry.ssl.truststore.location", "/no/such/store")))
                .withMessageContaining("/no/such/store");
    }

    private HttpSchemaRegistry registry(Map<String, ?> properties) {
        var settings = new HashMap<String, Object>(Map.of("schema.registry.url", server.url()));
        settings.putAll(properties);
        return new HttpSchemaRegistry(RegistrySettings.from(settings));
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
