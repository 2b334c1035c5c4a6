package io.waybill.launcher.process;

import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.text.Reasons;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The directory of the stores. Kafka Streams would find out later, in a thread of its own, and a container that may not
 * write its volume would start again and again without a word about it.
 */
public final class StateDirectory {
    private StateDirectory() {}

    /**
     * Makes the directory.
     *
     * @throws BadConfigurationException if it cannot be made, or this process may not write it
     */
    public static void require(Path directory) {
        try {
            Files.createDirectories(directory);
            if (!Files.isWritable(directory)) {
                throw new AccessDeniedException(directory.toString());
            }
        } catch (IOException e) {
            throw new BadConfigurationException(List.of("streams.stateDirectory: cannot write to " + directory + ": "
                    + Reasons.of(e) + "; name a directory that the user of this process may write"));
        }
    }
}
