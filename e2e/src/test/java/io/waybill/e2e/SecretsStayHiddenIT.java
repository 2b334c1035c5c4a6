package io.waybill.e2e;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.store.Content;
import io.waybill.store.ObjectStore;
import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.testkit.RogueSftpServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stack with a secret in each place that takes one. Logins succeed and fail, files are delivered and fail. Then all
 * that the stack shows to anybody is searched for the secrets.
 */
@RequiresOpenSsh
final class SecretsStayHiddenIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final Map<String, String> shown = new LinkedHashMap<>();

    @Test
    void shouldFindASecretHoweverItIsWritten() {
        secrets.put("token", "not-for-your-eyes");
        assertThat(Stream.of("a not-for-your-eyes b", "Zm9yOm5vdC1mb3IteW91ci1leWVz", "bm90LWZvci15b3VyLWV5ZXM")
                .filter(this::tells))
                .hasSize(2);
    }

    @Test
    void shouldShowNoSecretToAnybody() throws Exception {
        Path log = directory.resolve("up.log");
        Path data = directory.resolve("data");
        try (var partner = RogueSftpServer.start(directory.resolve("partner"));
                var stack = LauncherProcess.start(log, CommandRun.commandLine(
                        "up", data, "--config", userFile(partner).toString(), "--debug", "--json"))) {
            String banner = stack.awaitLine();
            shown.put("what up prints", banner);
            assertThat(JSON.readTree(banner).path("error").asText()).isEmpty();
            WaybillConfig config = WaybillConfig.load(
                    data.resolve("waybill.yaml"), Overrides.NONE, Services.sections());
            deliver(config);
            String api = "http://127.0.0.1:" + config.http().port();
            askOverHttp(api);
            askByCommand(data, api);
            shown.put("the list of processes", String.join("\n", stack.commandLines()));
            shown.put("the topics", topics(config));
            assertThat(stack.terminate()).isZero();
        } finally {
            http.close();
        }
        shown.put("the log", Files.readString(log));

        assertThat(shown).allSatisfy((where, text) -> assertThat(text).as(where).isNotBlank());
        assertThat(shown.entrySet().stream().filter(one -> tells(one.getValue())).map(Map.Entry::getKey))
                .as("what shows one of " + secrets.keySet())
                .isEmpty();
        assertThat(shown.get("the log")).as("a log that tells of refused logins").contains("wrong");
    }

    private boolean tells(String text) {
        return secrets.values().stream().flatMap(SecretsStayHiddenIT::writings).anyMatch(text::contains);
    }

    private static Stream<String> writings(String secret) {
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
        return Stream.of(secret, encoded, URLEncoder.encode(secret, StandardCharsets.UTF_8));
    }

    /** A file that holds a new secret. */
    private Path secret(String name) throws IOException {
        return secret(name, "hush " + name + " 6f1b0c2d7e9a4358a1c3");
    }

    private Path secret(String name, String value) throws IOException {
        secrets.put(name, value);
        Path file = Files.writeString(Files.createDirectories(directory.resolve("secrets")).resolve(name), value);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Path userFile(RogueSftpServer partner) throws IOException, InterruptedException {
        Path key = directory.resolve("key");
        Path passphrase = secret("passphrase");
        assertThat(new ProcessBuilder(
                "ssh-keygen", "-q", "-t", "ed25519", "-N", secrets.get("passphrase"), "-f", key.toString())
                .inheritIO()
                .start()
                .waitFor())
                .isZero();
        String jaas = "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"ops\""
                + " password=\"hush-kafka-6f1b0c2d7e9a\";";
        Path saslFile = secret("jaas.config", jaas);
        secrets.put("kafka's password", "hush-kafka-6f1b0c2d7e9a");
        return Files.writeString(directory.resolve("user.yaml"), """
                kafka: { sasl.jaas.config: "file:%s", ssl.key.password: "file:%s" }
                basic.auth.user.info: file:%s
                http:
                  auth: tokens
                  peerSecret: file:%s
                  cookieSecrets: ["file:%s"]
                  tokens:
                    ops: { secret: "file:%s", role: admin }
                destinations:
                  wrong:
                    host: 127.0.0.1
                    port: %d
                    user: %s
                    password: file:%s
                    hostKeys: ["%s"]
                  locked:
                    host: 127.0.0.1
                    port: %d
                    user: %s
                    privateKeyFile: %s
                    passphrase: file:%s
                    hostKeys: ["%s"]
                routes:
                  wrong: { source: { bucket: hidden, prefix: wrong/ }, deliver: { destination: wrong, path: "/{name}" } }
                  locked: { source: { bucket: hidden, prefix: locked/ }, deliver: { destination: locked, path: "/{name}" } }
                  right: { source: { bucket: hidden, prefix: right/ }, deliver: { destination: partner, path: "/{name}" } }
                """.formatted(
                saslFile, secret("key password"), secret("registry", "ops:hush-registry-6f1b0c2d7e9a"),
                secret("peers"), secret("cookies"), secret("token"),
                partner.port(), RogueSftpServer.USER, secret("password"), partner.hostKey(),
                partner.port(), RogueSftpServer.USER, key, passphrase, partner.hostKey()));
    }

    private void deliver(WaybillConfig config) throws IOException {
        Path invoice = Files.writeString(directory.resolve("invoice.csv"), "number,amount\n1,99.95\n");
        try (var store = ObjectStore.writer(config.s3())) {
            for (String route : List.of("wrong", "locked", "right")) {
                store.put("hidden", route + "/invoice.csv", invoice, Content.of(invoice).sha256());
            }
        }
    }

    private void askOverHttp(String api) throws Exception {
        String token = secrets.get("token");
        await("one file to be delivered, and two to be refused").until(() -> {
            JsonNode files = JSON.readTree(ask(api, "/v1/files", "Authorization", "Bearer " + token)).path("files");
            return files.findValuesAsText("status").contains("COMPLETED")
                    && files.findValuesAsText("failure").size() == 2;
        });
        secrets.put("wrong token", "hush-wrong-6f1b0c2d7e9a4358a1c3");
        String wrong = secrets.get("wrong token");
        ask(api, "/v1/files", "Authorization", "Bearer " + wrong);
        ask(api, "/v1/files", "Authorization", "Bearer " + token + " " + wrong);
        ask(api, "/v1/files", "Authorization", "Basic " + Base64.getEncoder()
                .encodeToString(wrong.getBytes(StandardCharsets.UTF_8)));
        ask(api, "/v1/files", "Cookie", "waybill=" + wrong);
        ask(api, "/v1/status", "Authorization", "Bearer " + token);
        ask(api, "/metrics", "Accept", "text/plain");
        post(api, "/login", "application/x-www-form-urlencoded", "token=" + wrong);
        post(api, "/v1/destinations/partner/pause", "application/json", "{\"token\": \"" + wrong + "\"}");
    }

    private String ask(String api, String path, String header, String value) throws IOException, InterruptedException {
        return keep(path, HttpRequest.newBuilder(URI.create(api + path)).header(header, value).build());
    }

    private void post(String api, String path, String type, String body) throws IOException, InterruptedException {
        keep(path, HttpRequest.newBuilder(URI.create(api + path))
                .header("Content-Type", type)
                .header("Origin", api)
                .header("Authorization", "Bearer " + secrets.get("token"))
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private String keep(String path, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        shown.merge("answers of " + path, answer.headers() + "\n" + answer.body() + "\n", String::concat);
        return answer.body();
    }

    private void askByCommand(Path data, String api) throws IOException {
        Path right = directory.resolve("secrets/token");
        Path wrong = secret("another token");
        for (List<String> command : List.of(
                List.of("check"),
                List.of("config"),
                List.of("probe", "wrong"),
                List.of("probe", "locked"),
                List.of("status", "--token", "file:" + right),
                List.of("files", "--token", "file:" + wrong),
                List.of("status", "--api", api, "--token", secrets.get("another token")),
                List.of("dead-letters", "--token", "file:" + right),
                List.of("topics"))) {
            var line = new ArrayList<>(command);
            line.addAll(List.of("--data", data.toString(), "--debug"));
            CommandRun run = CommandRun.of(line);
            shown.put(String.join(" ", command.subList(0, Math.min(2, command.size()))), run.out() + run.err());
        }
    }

    /** All records of all topics, each byte as a character. */
    private static String topics(WaybillConfig config) throws Exception {
        var text = new StringBuilder();
        var settings = new ClientSettings(config.kafka());
        try (Admin admin = Admin.create(settings.admin());
                var consumer = new KafkaConsumer<>(
                        settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all =
                    admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get().stream()
                            .flatMap(topic -> consumer.partitionsFor(topic).stream())
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> append(record, text));
            }
        }
        return text.toString();
    }

    private static void append(ConsumerRecord<byte[], byte[]> record, StringBuilder text) {
        Stream<byte[]> headers = Stream.of(record.headers().toArray()).map(header -> header.value());
        Stream.concat(Stream.of(record.key(), record.value()), headers)
                .filter(bytes -> bytes != null)
                .forEach(bytes -> text.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n'));
    }
}
