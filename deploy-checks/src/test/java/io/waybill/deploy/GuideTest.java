package io.waybill.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.launcher.cli.CommandLineInterface;
import io.waybill.launcher.environment.Interruption;
import io.waybill.launcher.environment.ProcessEnvironment;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.testkit.RequiresOpenSsl;
import io.waybill.testkit.npm.NpmTools;
import io.waybill.testkit.npm.RequiresNpm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the page from an empty cluster to the first file, as far as they need no cluster. */
@RequiresNpm
@RequiresOpenSsl
@RequiresOpenSsh
final class GuideTest {
    private static final Pattern BLOCK = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);
    private static final Set<String> OWN = Set.of("waybill-secrets", "waybill-prometheus", "waybill-scaler-token");

    @TempDir
    private Path directory;

    /** The first block of the guide with these words. */
    private static String block(String words) {
        return BLOCK.matcher(Docs.text("operations/README.md")).results()
                .map(block -> block.group(1))
                .filter(block -> block.contains(words))
                .findFirst()
                .orElseThrow();
    }

    /** Everything that a block prints, run where the guide has its reader. */
    private String run(String block) throws IOException, InterruptedException {
        Path programs = Files.createDirectories(directory.resolve("programs"));
        Path kubectl = NpmTools.directory().orElseThrow().resolve("bin").resolve("kubectl").toAbsolutePath();
        // Nobody here keeps what is created, so kubectl prints it.
        program(programs.resolve("kubectl"), """
                case "$*" in
                    *create*) echo ---; exec %1$s "$@" --dry-run=client --output yaml ;;
                    *) exec %1$s "$@" ;;
                esac
                """.formatted(kubectl));
        program(directory.resolve("waybill"), "exec '%s' -cp '%s' io.waybill.launcher.Main \"$@\"\n".formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"), System.getProperty("java.class.path")));
        var builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", block)
                .directory(directory.toFile())
                .redirectError(directory.resolve("errors").toFile());
        builder.environment().merge("PATH", "", (path, _) -> programs + ":" + path);
        Process shell = builder.start();
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said + Files.readString(directory.resolve("errors"))).isZero();
        return said;
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private void copyManifests() throws IOException {
        try (Stream<Path> files = Files.walk(Overlays.K8S)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = directory.resolve("deploy").resolve("k8s").resolve(Overlays.K8S.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    /** What {@code ./waybill check --offline} says about the rendered configuration, with the files that the guide has made. */
    private String check(Manifests manifests) throws IOException {
        // These two come from Strimzi.
        Files.writeString(directory.resolve("kafka-ca.crt"), "an authority");
        Files.writeString(directory.resolve("sasl.jaas.config"), "a login");
        Path config = Files.createDirectories(directory.resolve("config"));
        Resource pod = manifests.find("StatefulSet", "waybill-transfer-worker").orElseThrow();
        for (Map.Entry<String, String> file : Settings.of(manifests, pod, References.CONFIG).files().entrySet()) {
            Files.writeString(
                    config.resolve(file.getKey()),
                    file.getValue().replaceAll("/etc/waybill-(secrets|kafka)", directory.toString()));
        }
        var said = new ByteArrayOutputStream();
        var stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        var environment = new ProcessEnvironment(
                stream, stream, false, false, 200, Map.of(), directory, ProcessClock.system(), new Interruption());
        int code = new CommandLineInterface(environment, _ -> List.of())
                .run(new String[] {"check", "--offline", "--config", config.toString()});
        return code + "\n" + said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldMakeAnOverlayAndTheSecretsThatItNeeds() throws IOException, InterruptedException {
        copyManifests();
        run(block("cp -r deploy/k8s/overlays/production"));
        run(block("kubectl kustomize"));
        String created = run(block("create secret generic waybill-secrets"));

        Map<String, Resource> secrets = Resource.read(created).stream()
                .filter(one -> one.kind().equals("Secret"))
                .collect(Collectors.toMap(Resource::name, one -> one, (one, _) -> one, TreeMap::new));
        assertThat(secrets).containsOnlyKeys(OWN);
        Map<String, Set<String>> wanted = Secrets.ofTheGuide().keys();
        assertThat(secrets).allSatisfy((name, secret) -> {
            assertThat(secret.map("metadata")).containsEntry("namespace", "waybill");
            assertThat(secret.map("data").keySet()).isEqualTo(wanted.get(name));
        });
        // Prometheus and KEDA would send a line break with their tokens.
        assertThat(secrets.values())
                .flatExtracting(secret -> secret.map("data").entrySet())
                .filteredOn(entry -> !entry.getKey().matches(".*\\.(pem|key)"))
                .hasSize(5)
                .allSatisfy(entry -> assertThat(
                        new String(Base64.getDecoder().decode(entry.getValue().toString()), StandardCharsets.US_ASCII))
                        .doesNotContainAnyWhitespaces()
                        .hasSizeGreaterThan(15));
        Manifests manifests = Manifests.of(Files.readString(directory.resolve("mine.yaml")));
        assertThat(manifests.all()).isEqualTo(Overlays.manifests("production").all());
        assertThat(check(manifests)).startsWith("0\n").contains("configuration");
    }
}
