package io.waybill.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What stands in {@code launcher/target/app} is all that is shipped. */
final class ShippedAppIT {
    private static final Path APP = Path.of("..", "launcher", "target", "app");
    private static final Path STACK = Path.of("..", "devstack", "target", "app");

    /** The registry runs in a process of its own, from a folder of its own. */
    private static final String REGISTRY = "registry";

    /** Of the broker, the object store, and the stack that starts them. */
    private static final List<String> SERVERS = List.of(
            "kafka/server/",
            "org/apache/kafka/controller/",
            "org/apache/kafka/metadata/",
            "org/apache/kafka/raft/",
            "org/gaul/s3proxy/",
            "io/waybill/devstack/");

    @Test
    void shouldHoldNoServerThatItTalksTo() throws IOException {
        List<String> shipped = classes(APP);
        List<String> stack = classes(STACK);

        assertThat(shipped).contains("io/waybill/launcher/Main.class");
        assertThat(STACK.resolve(REGISTRY)).exists();
        assertThat(APP.resolve(REGISTRY)).doesNotExist();
        assertThat(SERVERS).allSatisfy(server -> {
            assertThat(stack).as("of the development stack").anyMatch(name -> name.startsWith(server));
            assertThat(shipped.stream().filter(name -> name.startsWith(server))).isEmpty();
        });
    }

    @Test
    void shouldTellItsLicenceAndThoseOfItsLibraries() throws IOException {
        assertThat(APP.resolve("LICENSE")).hasSameTextualContentAs(Path.of("..", "LICENSE"));
        assertThat(Files.readString(APP.resolve("NOTICE")))
                .contains("org.apache.kafka:kafka-clients:", "org.apache.sshd:sshd-sftp:", "Apache-2.0")
                .doesNotContain("junit", "io.waybill:");
    }

    @Test
    void shouldNameEachLibraryInTheBillOfMaterials() throws IOException {
        JsonNode bill = JsonMapper.builder().build().readTree(APP.resolve("sbom.json").toFile());
        List<String> named = StreamSupport.stream(bill.path("components").spliterator(), false)
                .map(one -> one.path("name").asText() + "-" + one.path("version").asText() + ".jar")
                .toList();

        assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(names(APP)).isNotEmpty().isSubsetOf(
                Stream.concat(named.stream(), names(APP).stream().filter(name -> name.startsWith("waybill-launcher-")))
                        .toList());
    }

    @Test
    void shouldShipNoLibraryThatNobodyMaintains() throws IOException {
        assertThat(names(APP))
                .noneMatch(name -> name.matches("metrics-core-2.*|(argparse4j|jopt-simple|log4j|lz4-java-1.8)-.*"));
        assertThat(names(STACK)).noneMatch(name -> name.matches("(argparse4j|jopt-simple)-.*"));
    }

    private static List<String> names(Path app) throws IOException {
        try (Stream<Path> jars = Files.list(app.resolve("lib"))) {
            return jars.map(jar -> jar.getFileName().toString()).sorted().toList();
        }
    }

    private static List<String> classes(Path app) throws IOException {
        try (Stream<Path> jars = Files.list(app.resolve("lib"))) {
            return jars.flatMap(jar -> classesOf(jar).stream()).toList();
        }
    }

    private static List<String> classesOf(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            return file.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".class")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
