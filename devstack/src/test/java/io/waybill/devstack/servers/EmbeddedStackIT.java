package io.waybill.devstack.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

final class EmbeddedStackIT {
    private static final Path REGISTRY_APP = Path.of("target/app/registry");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    @Test
    void shouldAnnounceInKafkaWhatLandsInS3() throws Exception {
        // Given
        try (var stack = stack(StackSettings.anyPorts(dir.resolve("data"), REGISTRY_APP))) {
            var endpoints = stack.start();

            // When
            try (var s3 = Clients.s3(endpoints.s3())) {
                s3.putObject(put -> put.bucket("inbox").key("a file.txt"), RequestBody.fromString("content"));
            }

            // Then
            await("the notification")
                    .atMost(LIMIT)
                    .until(() -> Clients.consume(endpoints.bootstrapServers(), "waybill.s3-notifications").stream()
                            .anyMatch(json -> json.contains("\"a+file.txt\"")));
            assertSchemasStayCompatible(endpoints.registryUrl().toString());
        }
    }

    /** In a stack that runs anyway. */
    private static void assertSchemasStayCompatible(String registry) throws Exception {
        register(registry, "kept");
        var field = "{\\\"name\\\":\\\"more\\\",\\\"type\\\":\\\"int\\\"}"; // without a default
        var schema = "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"kept\\\",\\\"fields\\\":[" + field
                + "]}\"}";
        try (var http = HttpClient.newHttpClient()) {
            assertThat(http.send(versions(registry, "kept", schema), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(409);
            var config = HttpRequest.newBuilder(URI.create(registry + "/config")).build();
            assertThat(http.send(config, BodyHandlers.ofString()).body()).contains("FULL_TRANSITIVE");
        }
    }

    @Test
    void shouldGoOnWhereItWasAfterAKill() throws Exception {
        // Given
        String eTag;
        int schemaId;
        String killedRegistry;
        try (var stack = StackInAProcess.start(dir.resolve("data"))) {
            try (var s3 = Clients.s3(URI.create(stack.s3()))) {
                eTag = s3.putObject(put -> put.bucket("inbox").key("kept"), RequestBody.fromString("content"))
                        .eTag();
            }
            Clients.createTopic(stack.bootstrapServers(), "kept");
            Clients.produce(stack.bootstrapServers(), "kept", "record");
            register(stack.registry(), "first");
            schemaId = register(stack.registry(), "second");
            killedRegistry = stack.registry();

            // When
            stack.kill();
        }
        await("the end of the registry").atMost(LIMIT).until(() -> !answers(killedRegistry));

        // Then
        try (var stack = StackInAProcess.start(dir.resolve("data"));
                var s3 = Clients.s3(URI.create(stack.s3()))) {
            assertThat(Clients.consume(stack.bootstrapServers(), "kept")).containsExactly("record");
            assertThat(s3.headObject(ask -> ask.bucket("inbox").key("kept")).eTag()).isEqualTo(eTag);
            assertThat(register(stack.registry(), "third")).isGreaterThan(schemaId);
            assertThat(register(stack.registry(), "second")).isEqualTo(schemaId);
        }
    }

    @Test
    void shouldNameTheBusyPortAndTheFlagThatChangesIt() throws Exception {
        // Given
        try (var busy = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            int port = busy.getLocalPort();
            var settings = StackSettings.anyPorts(dir.resolve("data"), REGISTRY_APP).withPorts(0, port, 0, 0);

            // When, Then
            try (var stack = stack(settings)) {
                assertThatThrownBy(stack::start)
                        .isInstanceOf(PortBusyException.class)
                        .hasMessage("port " + port + " for S3 is in use; choose another with --s3-port");
            }
            assertThat(dir.resolve("data/kafka")).doesNotExist();
        }
    }

    @Test
    void shouldRefuseADataDirectoryInUse() {
        // Given
        var data = dir.resolve("data");
        var held = new DataDirectory(data);
        held.open();

        // When, Then
        var stack = stack(StackSettings.anyPorts(data, REGISTRY_APP));
        assertThatThrownBy(stack::start)
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("in use by another running stack");
    }

    @Test
    void shouldRefuseADataDirectoryThatIsAFile() throws Exception {
        // Given
        var file = Files.writeString(dir.resolve("data"), "a file");

        // When, Then
        var stack = stack(StackSettings.anyPorts(file, REGISTRY_APP));
        assertThatThrownBy(stack::start)
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("choose another with --data");
    }

    @Test
    void shouldCloseAllWhenOnePartDoesNotStart() throws Exception {
        // Given
        var data = dir.resolve("data");
        var broken = stack(StackSettings.anyPorts(data, dir.resolve("no registry here")));

        // When
        assertThatThrownBy(broken::start).isInstanceOf(IOException.class).hasMessageContaining("no schema registry");

        // Then
        try (var whole = stack(StackSettings.anyPorts(data, REGISTRY_APP))) {
            assertThat(whole.start().sftpHostKey()).startsWith("SHA256:");
        }
    }

    private static EmbeddedStack stack(StackSettings settings) {
        return new EmbeddedStack(
                settings,
                bootstrapServers -> Clients.createTopic(bootstrapServers, settings.notificationsTopic()),
                ProcessClock.system()); // allow clock: a main of sorts
    }

    private static int register(String registry, String name) throws Exception {
        var schema = "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"" + name
                + "\\\",\\\"fields\\\":[]}\"}";
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(versions(registry, name, schema), BodyHandlers.ofString()).body();
            return Integer.parseInt(answer.replaceAll("\\D", ""));
        }
    }

    private static HttpRequest versions(String registry, String name, String schema) {
        return HttpRequest.newBuilder(URI.create(registry + "/subjects/" + name + "-value/versions"))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(BodyPublishers.ofString(schema))
                .build();
    }

    private static boolean answers(String registry) throws InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(registry + "/subjects")).build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException gone) {
            return false;
        }
    }
}
