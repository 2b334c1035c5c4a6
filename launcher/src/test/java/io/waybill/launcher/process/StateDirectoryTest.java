package io.waybill.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.runtime.config.BadConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void shouldMakeWhatIsNotThere() {
        Path state = directory.resolve("volume/streams");

        StateDirectory.require(state);
        StateDirectory.require(state);

        assertThat(state).isEmptyDirectory();
    }

    @Test
    void shouldNameTheKeyAndTheDirectoryThatItCannotMake() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> StateDirectory.require(file.resolve("streams")))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageStartingWith("streams.stateDirectory: cannot write to " + file.resolve("streams"))
                .hasMessageEndingWith("; name a directory that the user of this process may write");
    }
}
