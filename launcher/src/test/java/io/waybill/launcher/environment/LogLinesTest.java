package io.waybill.launcher.environment;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/** Strangers write keys; people and programs believe logs. */
class LogLinesTest {
    private static final String FORGED = "a.csv\n12:00:00.000 INFO  Auth: all is well\u001b[2J\u202egnp.exe";

    private final LoggerContext context = new LoggerContext();

    private LoggingEvent event(String logger, @Nullable Throwable thrown) {
        var event = new LoggingEvent(
                "", context.getLogger(logger), Level.WARN, "An attempt failed", thrown, new Object[0]);
        event.setInstant(Instant.parse("2026-01-31T12:00:00.123Z"));
        return event;
    }

    private String text(LoggingEvent event) throws IOException {
        Matcher pattern = Pattern.compile("<pattern>(.*)</pattern>")
                .matcher(Files.readString(Path.of("src/main/resources/logback.xml")));
        assertThat(pattern.find()).isTrue();
        var layout = new PatternLayout();
        layout.setContext(context);
        layout.getInstanceConverterMap().put("text", LogText::new);
        layout.getInstanceConverterMap().put("trace", LogTrace::new);
        layout.setPattern(pattern.group(1));
        layout.start();
        return layout.doLayout(event);
    }

    private static JsonNode json(LoggingEvent event) throws IOException {
        var encoder = new LogJson();
        encoder.start();
        String line = new String(encoder.encode(event), StandardCharsets.UTF_8);
        assertThat(line.lines()).hasSize(1);
        assertThat(line).endsWith("\n").doesNotContain("\u202e", "\u001b");
        return new ObjectMapper().readTree(line);
    }

    @Test
    void shouldBeOneLineOfTextWhateverAKeyContains() throws IOException {
        var event = event("io.waybill.worker.delivery.AttemptReporter", null);
        event.addKeyValuePair(new KeyValuePair("key", FORGED + "\" id=\"x"));

        assertThat(text(event))
                .endsWith(" WARN  AttemptReporter: An attempt failed key=\"a.csv\\n12:00:00.000 INFO  Auth: all is"
                        + " well\\u001b[2J\\u202egnp.exe\\\" id=\\\"x\"\n")
                .satisfies(line -> assertThat(line.lines()).hasSize(1));
    }

    @Test
    void shouldTellAnEscapeFromABackslashOfTheKey() throws IOException {
        var event = event("io.waybill.worker.delivery.AttemptReporter", null);
        event.addKeyValuePair(new KeyValuePair("key", "a\\nb\\"));
        event.addKeyValuePair(new KeyValuePair("id", "a\nb\u200b"));

        assertThat(text(event)).endsWith("key=\"a\\\\nb\\\\\" id=\"a\\nb\\u200b\"\n");
        assertThat(json(event).path("key").asText()).isEqualTo("a\\nb\\");
    }

    @Test
    void shouldIndentWhatAnExceptionSays() throws IOException {
        var event = event("io.waybill.Some", new IllegalStateException("no\n12:00:00.000 INFO  Auth: all is well"));

        assertThat(text(event).lines().skip(1).toList()).first().isEqualTo("java.lang.IllegalStateException: no");
        assertThat(text(event).lines().skip(2).toList()).isNotEmpty().allMatch(line -> line.startsWith("\t"));
    }

    @Test
    void shouldHaveItsFieldsAtTheTopOfTheJson() throws IOException {
        context.putProperty(LogOrigin.SERVICES, "transfer-worker,timeout-monitor");
        context.putProperty(LogOrigin.WORKER, "worker-7");
        var event = event("io.waybill.worker.delivery.AttemptReporter", new IllegalStateException("no"));
        event.addKeyValuePair(new KeyValuePair("key", FORGED));
        event.addKeyValuePair(new KeyValuePair("bytes", 42L));
        event.addKeyValuePair(new KeyValuePair("level", "INFO"));

        JsonNode line = json(event);

        assertThat(line.path("instant").asText()).isEqualTo("2026-01-31T12:00:00.123Z");
        assertThat(line.path("service").asText()).isEqualTo("transfer-worker");
        assertThat(line.path("worker").asText()).isEqualTo("worker-7");
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("level_").asText()).isEqualTo("INFO");
        assertThat(line.path("key").asText()).isEqualTo(FORGED);
        assertThat(line.path("bytes").isNumber()).isTrue();
        assertThat(line.path("throwable").asText()).contains("IllegalStateException: no", "\tat ");
    }

    @Test
    void shouldNameTheServicesOfTheProcessWhereTheLineBelongsToNone() throws IOException {
        context.putProperty(LogOrigin.SERVICES, "transfer-worker");

        assertThat(json(event("org.apache.kafka.clients.Some", null)).path("service").asText())
                .isEqualTo("transfer-worker");
        assertThat(json(event("io.waybill.state.table.Some", null)).path("service").asText())
                .isEqualTo("state-processor");
    }

    /** It names what anybody sent, once for each request. */
    @Test
    void shouldLeaveOutWhatTheServerSaysOfBadRequests() throws JoranException {
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
        for (String logger : List.of("org.eclipse.jetty.http.HttpParser", "org.eclipse.jetty.util.HostPort")) {
            assertThat(context.getLogger(logger).isWarnEnabled()).as(logger).isFalse();
        }
        assertThat(context.getLogger("org.eclipse.jetty.util.thread.QueuedThreadPool").isWarnEnabled()).isTrue();
    }
}
