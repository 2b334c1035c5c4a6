package io.waybill.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.devstack.demo.LocalFiles.LocalFile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleFilesTest {
    @TempDir
    Path directory;

    @Test
    void shouldHoldTheNamesThatBreakFileTransfers() throws IOException {
        SampleFiles.writeTo(directory);
        LocalFiles found = LocalFiles.in(directory, directory.resolve("data"));
        assertThat(found.files())
                .extracting(LocalFile::key)
                .contains("empty.txt", "100%25.txt", "plus+sign+and=equals.txt", "請求書-2026年.csv")
                .hasSizeGreaterThan(300);
        assertThat(found.files()).filteredOn(file -> file.size() == 200L << 20).hasSize(1);
        assertThat(found.files()).filteredOn(file -> file.size() == 0).isNotEmpty();
    }
}
