package io.waybill.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that cannot start says so in one line that says what to do, with exit code 2, and connects to nothing. */
final class BadStartTest {
    private static final String CLUSTER = """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            """;

    @TempDir
    private Path directory;

    private Screen refused(String... arguments) {
        var screen = new Screen(directory);
        assertThat(screen.run(arguments)).isEqualTo(2);
        assertThat(screen.out()).isEmpty();
        assertThat(screen.err().lines()).hasSize(1);
        return screen;
    }

    private void write(String yaml) throws IOException {
        Files.writeString(directory.resolve("waybill.yaml"), CLUSTER + yaml);
    }

    @Test
    void shouldSayThatThereIsNoConfiguration() {
        assertThat(refused("run", "all").err()).contains("there is no configuration", "Give --config FILE");
        assertThat(refused("run", "all", "--config", "none").err())
                .contains(directory.resolve("none") + ": there is no such configuration file");
    }

    @Test
    void shouldNameTheServiceThatWasMeant() throws IOException {
        write("");
        assertThat(refused("run", "transfer-wroker").err())
                .contains("there is no service 'transfer-wroker'; did you mean 'transfer-worker'?");
        assertThat(refused("run", "everything").err())
                .contains("there is no service 'everything'; known here: ", "state-processor", "all");
    }

    @Test
    void shouldNameTheVolumeThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        write("streams: { stateDirectory: " + file.resolve("streams") + " }\nhttp: { auth: none }\n");
        assertThat(refused("run", "state-processor").err())
                .contains("streams.stateDirectory: cannot write to " + file.resolve("streams"), "name a directory");
    }

    @Test
    void shouldNameTheSecretThatIsNotThere() throws IOException {
        write("token: file:" + directory.resolve("secret") + "\n"
                + "s3: { accessKey: \"env:KEY_ID\", secretKey: \"file:" + directory.resolve("secret") + "\" }\n");
        Screen screen = new Screen(directory).with("KEY_ID", "id");
        assertThat(screen.run("run", "transfer-worker")).isEqualTo(2);
        assertThat(screen.err().lines()).singleElement().asString()
                .contains("waybill.yaml:4:", "s3.secretKey", directory.resolve("secret").toString());
    }

    @Test
    void shouldSayThatTheCertificateOfTheEndpointExpired() throws IOException, GeneralSecurityException {
        KeyStore expired = expired();
        Path certificate = directory.resolve("tls.crt");
        Path key = directory.resolve("tls.key");
        Files.writeString(certificate, pem("CERTIFICATE", expired.getCertificate("old").getEncoded()));
        Files.writeString(key, pem("PRIVATE KEY", expired.getKey("old", "of-this-test".toCharArray()).getEncoded()));
        write("http: { auth: none, tls: { certificate: " + certificate + ", privateKey: \"file:" + key + "\" } }\n");

        assertThat(refused("run", "state-processor").err())
                .contains("waybill.yaml:3:", "http.tls.certificate: the certificate 'CN=old' expired at ");
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }

    /** A key and its certificate of two years ago, by the tool of the JDK. */
    private KeyStore expired() throws IOException, GeneralSecurityException {
        Path store = directory.resolve("old.p12");
        Process keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "old",
                "-keyalg", "EC", "-dname", "CN=old", "-startdate", "-2y", "-validity", "1", "-storetype", "PKCS12",
                "-keystore", store.toString(), "-storepass", "of-this-test")
                .redirectErrorStream(true)
                .start();
        keytool.getOutputStream().close();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.onExit().join().exitValue()).as(said).isZero();
        return KeyStore.getInstance(store.toFile(), "of-this-test".toCharArray());
    }

    @Test
    void shouldReadADirectoryAndNameTheFileOfAFault() throws IOException {
        Path several = Files.createDirectory(directory.resolve("several"));
        Files.writeString(several.resolve("a.yaml"), CLUSTER);
        Files.writeString(several.resolve("b.yaml"), "topics:\n  prefx: x.\n");
        assertThat(refused("check", "--offline", "--config", several.toString()).err())
                .contains("b.yaml:2:10: topics.prefx: is not a known key; did you mean 'prefix'?");

        Files.writeString(several.resolve("b.yaml"), "topics:\n  prefix: x.\n");
        var screen = new Screen(directory);
        assertThat(screen.run("check", "--offline", "--config", several.toString())).isZero();
        assertThat(screen.out()).contains(several.toString());
    }
}
