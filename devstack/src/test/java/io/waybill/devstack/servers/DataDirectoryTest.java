package io.waybill.devstack.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.devstack.servers.s3.DiskSpace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void shouldSayInOneLineThatTheDiskIsFullBeforeAnythingStarts() throws Exception {
        Path data = parent.resolve("data");
        try (var directory = new DataDirectory(data, new DiskSpace(data, () -> 12L << 20))) {
            assertThatThrownBy(directory::open)
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessage(
                            "the disk of the data directory " + data + " is full: 12 MiB are free, and the stack needs"
                                    + " 256 MiB; remove something, or choose another directory with --data");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void shouldFindTheSpaceForADirectoryThatDoesNotExistYet() {
        assertThat(new DiskSpace(parent.resolve("not/yet/there")).faultAtStart()).isEmpty();
    }

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
