package io.waybill.devstack.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.devstack.servers.s3.DiskSpace;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path dir;

    @Test
    void shouldSayInOneLineThatTheDiskIsFullBeforeAnythingStarts() throws Exception {
        Path data = dir.resolve("data");
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
        assertThat(new DiskSpace(dir.resolve("not/yet/there")).faultAtStart()).isEmpty();
    }
}
