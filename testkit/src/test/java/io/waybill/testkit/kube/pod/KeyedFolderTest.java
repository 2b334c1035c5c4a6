package io.waybill.testkit.kube.pod;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyedFolderTest {
    @TempDir
    private Path directory;

    @Test
    void shouldShowKeysThroughALinkThatIsSwapped() throws IOException {
        var folder = new KeyedFolder(directory.resolve("config"));
        folder.show(Map.of("waybill.yaml", "one".getBytes(UTF_8)), 0440);
        Path key = folder.folder().resolve("waybill.yaml");

        assertThat(Files.readSymbolicLink(key)).isEqualTo(Path.of("..data", "waybill.yaml"));
        assertThat(key).hasContent("one");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key))).isEqualTo("r--r-----");

        Path before = Files.readSymbolicLink(folder.folder().resolve("..data"));
        folder.show(Map.of("waybill.yaml", "two".getBytes(UTF_8), "more.yaml", "three".getBytes(UTF_8)), 0644);

        assertThat(Files.readSymbolicLink(folder.folder().resolve("..data"))).isNotEqualTo(before);
        assertThat(key).hasContent("two");
        assertThat(folder.folder().resolve("more.yaml")).hasContent("three");
    }
}
