package io.waybill.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.ProFtpdServer;
import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.testkit.RequiresProFtpd;
import io.waybill.testkit.SftpDestination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code waybill probe} against the servers that people run. */
@RequiresOpenSsh
class ProbeCommandIT {
    @TempDir
    private Path directory;

    @Test
    void shouldReportWhatOpenSshDoes() throws Exception {
        try (var server = OpenSshServer.start(directory.resolve("ssh"))) {
            Path configuration = configuration(server.destination());

            JsonNode report = json(probe(configuration, "--json"));

            assertThat(report.at("/server").asText()).startsWith("SSH-2.0-OpenSSH");
            assertThat(report.at("/hostKey").asText()).isEqualTo(server.hostKey());
            assertThat(report.at("/algorithms/cipher/used").asText()).isEqualTo("aes128-gcm@openssh.com");
            assertThat(report.at("/algorithms/cipher/offered").size()).isPositive();
            assertThat(report.at("/connections").asInt()).isEqualTo(3);
            assertThat(report.at("/limits/write").asInt()).isPositive();
            assertThat(report.at("/trial/class").asText()).isEqualTo("A");
            assertThat(report.at("/trial/openFilesAtLeast").asBoolean()).isTrue();
            assertThat(report.at("/trial/tellsSize").asBoolean()).isTrue();
            assertThat(report.at("/profile/maxConnections").asInt()).isEqualTo(3);
            assertThat(names(server.files())).isEmpty();
        }
    }

    @Test
    void shouldPrintLinesThatAConfigurationTakes() throws Exception {
        try (var server = OpenSshServer.start(directory.resolve("ssh"))) {
            Path configuration = configuration(server.destination());

            CommandRun run = probe(configuration);

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out())
                    .contains("class            A: atomic and durable")
                    .contains(
                            "destinations:\n  acme:\n    # class A\n    maxConnections: 3\n    inFlight: 8\n    channels: 10\n")
                    .doesNotContain(server.userKey().toString());
        }
    }

    @Test
    void shouldReportWhatARestrictedOpenSshLacks() throws Exception {
        var refused = Set.of("posix-rename", "fsync", "setstat", "fsetstat");
        try (var server = OpenSshServer.start(directory.resolve("ssh"), refused)) {
            Path configuration = configuration(server.destination());

            JsonNode report = json(probe(configuration, "--json"));

            assertThat(report.at("/trial/class").asText()).isEqualTo("C");
            assertThat(texts(report.at("/trial/lacks"))).contains("REPLACE", "SYNC", "SYNC_DIRECTORY", "TRUNCATE");
            assertThat(texts(report.at("/trial/keeps"))).contains("RENAME", "RENAME_REFUSES");
            assertThat(names(server.files())).isEmpty();
        }
    }

    @Test
    @RequiresProFtpd
    void shouldReportWhatProFtpdDoes() throws Exception {
        try (var server = ProFtpdServer.start(directory.resolve("ftp"))) {
            Path configuration = configuration(server.destination());

            JsonNode report = json(probe(configuration, "--json"));

            assertThat(report.at("/server").asText()).contains("mod_sftp");
            assertThat(report.at("/trial/class").asText()).isEqualTo("B");
            assertThat(names(server.files())).isEmpty();
        }
    }

    @Test
    void shouldFailWhereNothingCanBeTriedOut() throws Exception {
        try (var server = OpenSshServer.start(directory.resolve("ssh"))) {
            Path configuration = configuration(server.destination());

            CommandRun run = probe(configuration, "--directory", "/missing");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("files cannot be tried out in /missing").contains("SSH-2.0-OpenSSH");
        }
    }

    @Test
    void shouldNameTheHostKeyThatIsNotPinned() throws Exception {
        try (var server = OpenSshServer.start(directory.resolve("ssh"))) {
            String other = "SHA256:" + "A".repeat(43);
            var destination = new SftpDestination(
                    server.port(), server.user(), server.userKey(), other, server.files());
            Path configuration = configuration(destination);

            CommandRun run = probe(configuration);

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains(server.hostKey()).contains(other);
        }
    }

    @Test
    void shouldNameTheDestinationsThereAre() throws Exception {
        Path configuration = configuration(new SftpDestination(
                1, "somebody", Files.createFile(directory.resolve("key")), "SHA256:" + "A".repeat(43), directory));

        CommandRun run = CommandRun.of(List.of("probe", "acne", "--config", configuration.toString()));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("acne").contains("[acme]");
    }

    private static CommandRun probe(Path configuration, String... more) {
        var line = new ArrayList<>(List.of("probe", "acme", "--config", configuration.toString()));
        line.addAll(List.of(more));
        return CommandRun.of(line);
    }

    private static JsonNode json(CommandRun run) throws IOException {
        assertThat(run.exitCode()).as(run.err()).isZero();
        return JsonMapper.builder().build().readTree(run.lastLine());
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private static List<String> names(Path served) throws IOException {
        try (var all = Files.list(served)) {
            return all.map(path -> path.getFileName().toString()).toList();
        }
    }

    private Path configuration(SftpDestination destination) throws IOException {
        return Files.writeString(directory.resolve("waybill.yaml"), """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                destinations:
                %s    maxConnections: 3
                """.formatted(destination.yaml("acme")));
    }
}
