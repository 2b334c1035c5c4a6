package io.waybill.e2e.secured;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What the commands of docs/tls.md make, in a directory. */
record Certificates(Path directory) {
    /** The same key and names, until yesterday. */
    private static final String EXPIRED = """
            openssl x509 -req -in waybill.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days -1 \\
              -extfile waybill.ext -out expired.crt
            cat waybill.key expired.crt > expired.pem
            """;
    private static final Pattern SHELL = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);

    static Certificates make(Path directory) throws IOException, InterruptedException {
        String script = SHELL.matcher(Files.readString(Path.of("..", "docs", "tls.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .findFirst()
                .orElseThrow();
        Process shell = new ProcessBuilder("sh", "-e", "-c", script + EXPIRED)
                .directory(Files.createDirectories(directory).toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        var made = new Certificates(directory);
        Files.writeString(
                made.keyAndCertificate(), Files.readString(made.key()) + Files.readString(made.certificate()));
        return made;
    }

    Path authority() {
        return directory.resolve("ca.pem");
    }

    Path certificate() {
        return directory.resolve("waybill.pem");
    }

    Path key() {
        return directory.resolve("waybill.key");
    }

    /** As Kafka takes them; the certificate has expired. */
    Path expired() {
        return directory.resolve("expired.pem");
    }

    /** As Kafka takes them. */
    Path keyAndCertificate() {
        return directory.resolve("kafka.pem");
    }
}
