package io.waybill.devstack.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void shouldKeepKeysAndFilesFromOtherUsers() throws Exception {
        assertThat(permissionsAfterOpening(parent.resolve("data"))).isEqualTo("rwx------");
    }

    @Test
    void shouldCloseADirectoryOfAnEarlierVersion() throws Exception {
        Path data = Files.createDirectory(parent.resolve("data"));
        Files.createFile(data.resolve("stack.lock"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(permissionsAfterOpening(data)).isEqualTo("rwx------");
    }

    @Test
    void shouldNotCloseADirectoryThatWasThereBefore() throws Exception {
        Path data = Files.createDirectory(parent.resolve("home"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(permissionsAfterOpening(data)).isEqualTo("rwxr-xr-x");
    }

    private static String permissionsAfterOpening(Path data) throws Exception {
        try (var directory = new DataDirectory(data)) {
            directory.open();
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(data));
        }
    }
}
