package io.waybill.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.launcher.cli.CommandLineInterface;
import io.waybill.launcher.environment.Interruption;
import io.waybill.launcher.environment.ProcessEnvironment;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.testkit.npm.RequiresNpm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Waybill itself reads the configuration of each pod, with the files and the environment that the pod would have. */
@RequiresNpm
final class RenderedConfigurationTest {
    private static final String ALIAS = "endpoint";
    private static final String PASSWORD = "of-this-test";

    @TempDir
    private Path root;

    static List<String> overlays() {
        return Overlays.names();
    }

    /** What {@code ./waybill check --offline} says in a pod: its exit code, and everything that it printed. */
    private String check(Manifests manifests, Resource pod) throws IOException, GeneralSecurityException {
        for (String file : MountedFiles.of(manifests, Secrets.ofTheGuide(), pod).files().keySet()) {
            Path copy = root.resolve(file.substring(1));
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, content(file));
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
        }
        Path config = root.resolve(References.CONFIG.substring(1));
        for (Map.Entry<String, String> file : Settings.of(manifests, pod, References.CONFIG).files().entrySet()) {
            Files.writeString(
                    config.resolve(file.getKey()), file.getValue().replace("/etc/waybill", root + "/etc/waybill"));
        }
        var said = new ByteArrayOutputStream();
        var stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        var environment = new ProcessEnvironment(
                stream, stream, false, false, 200, variables(pod), root, ProcessClock.system(), new Interruption());
        int code = new CommandLineInterface(environment, _ -> List.of())
                .run(new String[] {"check", "--offline", "--config", config.toString()});
        return code + "\n" + said.toString(StandardCharsets.UTF_8);
    }

    private String content(String file) throws IOException, GeneralSecurityException {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return switch (name) {
            case "tls.crt", "ca.crt" -> pem("CERTIFICATE", endpoint().getCertificate(ALIAS).getEncoded());
            case "tls.key" -> pem("PRIVATE KEY", endpoint().getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
            default -> name.endsWith(".pem")
                    ? pem("PRIVATE KEY",
                            KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded())
                    : "long-enough-to-be-a-good-secret-" + name;
        };
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }

    /** The key and the certificate of the endpoint, made once by the tool of the JDK. */
    private KeyStore endpoint() throws IOException, GeneralSecurityException {
        Path store = root.resolve("endpoint.p12");
        if (Files.notExists(store)) {
            Process keytool = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                    ALIAS,
                    "-keyalg", "EC", "-dname", "CN=waybill-api", "-ext", "san=dns:waybill-api", "-validity", "365",
                    "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
                    .redirectErrorStream(true)
                    .start();
            keytool.getOutputStream().close();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(keytool.onExit().join().exitValue()).as(said).isZero();
        }
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    private static Map<String, String> variables(Resource pod) {
        var variables = new HashMap<String, String>();
        for (Object one : pod.list("spec", "template", "spec", "containers", 0, "env")) {
            boolean named = Tree.text(one, "valueFrom", "fieldRef", "fieldPath").equals("metadata.name");
            variables.put(Tree.text(one, "name"), named
                    ? pod.name() + "-0"
                    : Tree.text(one, "value").replace("$(WAYBILL_STREAMS_INSTANCEID)", pod.name() + "-0"));
        }
        return variables;
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldBeReadByEachService(String overlay) throws IOException, GeneralSecurityException {
        Manifests manifests = Overlays.manifests(overlay);
        for (Resource pod : manifests.workloads()) {
            assertThat(check(manifests, pod)).as(pod.id()).startsWith("0\n").contains("configuration");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            maxConnections: 4           | maxConnections: 400     | destinations.acme.maxConnections
            destination: acme           | destination: amce       | amce
            peerSecret:                 | peerSecrets:            | peerSecrets
            WAYBILL_STREAMS_INSTANCEID  | WAYBILL_STREAMS_THREADS | streams.threads
            """)
    void shouldNoticeAMistake(String written, String mistake, String fault)
            throws IOException, GeneralSecurityException {
        String rendered = Overlays.rendered("production");
        assertThat(rendered).contains(written);
        Manifests manifests = Manifests.of(rendered.replace(written, mistake));

        assertThat(check(manifests, manifests.pods().getFirst())).startsWith("2\n").contains(fault);
    }
}
