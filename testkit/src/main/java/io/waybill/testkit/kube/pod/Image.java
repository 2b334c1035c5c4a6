package io.waybill.testkit.kube.pod;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;

/**
 * An unpacked image.
 *
 * @param root        its files
 * @param bound       more of the machine's files, by the path at which the container sees them; read-only
 * @param entrypoint  what runs if the manifest names no command
 * @param environment what the manifest may override
 * @param uid         who runs it, if the manifest does not say
 * @param directory   where it runs
 */
public record Image(
        Path root, Map<String, Path> bound, List<String> entrypoint, Map<String, String> environment, int uid,
        String directory) {

    /**
     * A copy in which mount points can be made, as a container runtime makes them above the layers. Files are links to those
     * of the image, which nobody can write to.
     */
    public Image in(Path copy) throws IOException {
        if (Files.notExists(copy)) {
            Files.walkFileTree(root, new Linking(root, copy));
        }
        return new Image(copy, bound, entrypoint, environment, uid, directory);
    }

    private static final class Linking extends SimpleFileVisitor<Path> {
        private final Path from;
        private final Path to;

        Linking(Path from, Path to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            Files.createDirectories(to.resolve(from.relativize(directory)));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Path copy = to.resolve(from.relativize(file));
            if (attributes.isRegularFile() && Files.getFileStore(file).equals(Files.getFileStore(to))) {
                Files.createLink(copy, file);
            } else {
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
