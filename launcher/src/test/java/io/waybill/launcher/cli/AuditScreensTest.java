package io.waybill.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.audit.SigningKey;
import io.waybill.domain.audit.VerifyingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands of the audit say without a cluster. */
final class AuditScreensTest {
    @TempDir
    private Path directory;

    @Test
    void shouldMakeAKeyThatOnlyItsOwnerCanRead() throws IOException {
        var screen = new Screen(directory);

        assertThat(screen.run("audit", "key", "new", "--out", "audit.pem")).isZero();

        Path file = directory.resolve("audit.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        SigningKey key = SigningKey.parse(Files.readString(file));
        assertThat(VerifyingKey.parse(screen.out()).id()).isEqualTo(key.id());
        assertThat(screen.out()).doesNotContain("PRIVATE");
        assertThat(screen.err()).contains(key.id());
        var shown = new Screen(directory);
        assertThat(shown.run("audit", "key", "show", "audit.pem")).isZero();
        assertThat(shown.out()).isEqualTo(screen.out());
    }

    @Test
    void shouldNeverOverwriteAKey() throws IOException {
        Files.writeString(directory.resolve("audit.pem"), "precious");
        var screen = new Screen(directory);

        assertThat(screen.run("audit", "key", "new", "--out", "audit.pem")).isEqualTo(1);

        assertThat(screen.err()).contains("never overwritten");
        assertThat(Files.readString(directory.resolve("audit.pem"))).isEqualTo("precious");
    }

    @Test
    void shouldSayWhatIsMissing() throws IOException {
        assertThat(error("evidence")).contains("give the ID of a file, or --check FILE --key FILE");
        assertThat(error("evidence", "--check", "e.json")).contains("the public key, from somebody you trust");
        assertThat(error("audit", "--key", "audit.pub")).contains("--verify");
        assertThat(error("audit", "--limit", "0")).contains("--limit must be from 1");
        assertThat(error("audit", "key")).contains("which command?");
        Files.writeString(directory.resolve("e.json"), "{}");
        assertThat(error("evidence", "--check", "e.json", "--key", "none.pub")).contains("none.pub cannot be read");
        assertThat(error("evidence", "--check", "e.json", "--key", "e.json")).contains("ed25519 public key");
    }

    private String error(String... arguments) {
        var screen = new Screen(directory);
        assertThat(screen.run(arguments)).isEqualTo(2);
        return screen.err();
    }

    @Test
    void shouldEndWithOneIfEvidenceIsBroken() throws IOException {
        Files.writeString(directory.resolve("e.json"), "{}");
        Files.writeString(directory.resolve("audit.pub"), SigningKey.random().verifying().pem());
        var screen = new Screen(directory);

        assertThat(screen.run("evidence", "--check", "e.json", "--key", "audit.pub")).isEqualTo(1);
        assertThat(screen.out()).contains("BROKEN");
    }

    @Test
    void shouldNameAKeyThatIsNoneAtItsPlace() throws IOException {
        Files.writeString(directory.resolve("audit.pem"), "not a key, but secret");
        Files.writeString(
                directory.resolve("waybill.yaml"),
                """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                audit:
                  signingKey: file:%s
                """.formatted(directory.resolve("audit.pem")));
        var screen = new Screen(directory);

        assertThat(screen.run("audit", "--verify")).isEqualTo(2);

        assertThat(screen.err())
                .contains("waybill.yaml:4", "audit.signingKey", "./waybill audit key new")
                .doesNotContain("but secret");
    }
}
