package io.waybill.runtime.config.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.config.files.ConfigFiles.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFilesTest {
    @TempDir
    private Path directory;

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String shown(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void shouldReadTheFilesOfADirectoryInTheOrderOfTheirNames() throws IOException {
        write("b.yaml", "2");
        write("a.yaml", "1");
        write(".hidden.yaml", "3");
        write("known_hosts", "4");
        write("c.yml", "5");
        write("deeper/d.yaml", "6");

        ConfigFiles files = ConfigFiles.read(directory);

        assertThat(files.files())
                .containsExactly(new ConfigFile(shown("a.yaml"), "1"), new ConfigFile(shown("b.yaml"), "2"));
        assertThat(files.misnamed()).containsExactly(shown("c.yml"));
    }

    @Test
    void shouldReadTheFilesOfAVolumeOfKubernetesOnce() throws IOException {
        write("..2026_11_30/a.yaml", "1");
        write("..2026_11_30/b.yaml", "2");
        mount("..2026_11_30");
        Files.createSymbolicLink(directory.resolve("a.yaml"), Path.of("..data/a.yaml"));
        Files.createSymbolicLink(directory.resolve("b.yaml"), Path.of("..data/b.yaml"));

        ConfigFiles before = ConfigFiles.read(directory);
        assertThat(before.files())
                .containsExactly(new ConfigFile(shown("a.yaml"), "1"), new ConfigFile(shown("b.yaml"), "2"));
        assertThat(before.origin().changed()).isFalse();

        write("..2026_12_01/a.yaml", "1");
        write("..2026_12_01/b.yaml", "3");
        mount("..2026_12_01");
        assertThat(before.origin().changed()).isTrue();
        assertThat(ConfigFiles.read(directory).files()).extracting(ConfigFile::text).containsExactly("1", "3");
    }

    /** As the kubelet does: the link is replaced in one step. */
    private void mount(String snapshot) throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(snapshot));
        Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void shouldNoticeEachChange() throws IOException {
        write("a.yaml", "1");
        ConfigFiles.Origin origin = ConfigFiles.read(directory).origin();
        assertThat(origin.changed()).isFalse();

        write("notes.txt", "not read");
        assertThat(origin.changed()).isFalse();

        write("b.yaml", "");
        assertThat(origin.changed()).as("a further file").isTrue();

        Files.delete(directory.resolve("b.yaml"));
        assertThat(origin.changed()).isFalse();

        write("a.yaml", "2");
        assertThat(origin.changed()).as("another content").isTrue();

        Files.delete(directory.resolve("a.yaml"));
        assertThat(origin.changed()).as("no file").isTrue();
    }

    @Test
    void shouldReadOneFile() throws IOException {
        write("waybill.yaml", "1");
        Path file = directory.resolve("waybill.yaml");

        ConfigFiles.Origin origin = ConfigFiles.read(file).origin();
        assertThat(origin.changed()).isFalse();

        Files.delete(file);
        assertThat(origin.changed()).isTrue();
    }
}
