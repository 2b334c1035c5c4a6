package io.waybill.devstack.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The files below a directory.
 *
 * @param files   in no particular order
 * @param skipped entries that were found and are not sent, each with the reason, for people
 */
record LocalFiles(List<LocalFile> files, List<String> skipped) {
    /**
     * A file to send.
     *
     * @param key  its path below the directory, with '/' between names
     * @param size in bytes, when it was found
     */
    record LocalFile(Path path, String key, long size) {}

    /**
     * Searches all directories below. A symbolic link counts if it leads to a file inside. An entry that cannot be read
     * counts as a file, so that it is not forgotten.
     *
     * @param except a directory that is skipped if it is below
     */
    static LocalFiles in(Path directory, Path except) throws IOException {
        var search = new Search(directory.toRealPath(), except.toAbsolutePath().normalize());
        Files.walkFileTree(search.root, search);
        return new LocalFiles(List.copyOf(search.files), List.copyOf(search.skipped));
    }

    long bytes() {
        return files.stream().mapToLong(LocalFile::size).sum();
    }

    private static final class Search extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Path except;
        private final List<LocalFile> files = new ArrayList<>();
        private final List<String> skipped = new ArrayList<>();

        Search(Path root, Path except) {
            this.root = root;
            this.except = except;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            if (directory.equals(except)) {
                skip(directory, "is where the embedded stack keeps its state");
                return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isSymbolicLink()) {
                visitLink(file);
            } else if (attributes.isRegularFile()) {
                add(file, attributes.size());
            } else {
                skip(file, "is no regular file");
            }
            return FileVisitResult.CONTINUE;
        }

        private void visitLink(Path link) throws IOException {
            if (!Files.exists(link)) {
                skip(link, "is a link that leads nowhere");
                return;
            }
            Path target = link.toRealPath();
            if (!target.startsWith(root)) {
                skip(link, "is a link that leads outside");
            } else if (Files.isRegularFile(target)) {
                add(link, Files.size(target));
            } else {
                skip(link, "is a link to no regular file");
            }
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            add(file, 0);
            return FileVisitResult.CONTINUE;
        }

        private void add(Path file, long size) {
            files.add(new LocalFile(file, key(file), size));
        }

        private void skip(Path file, String reason) {
            skipped.add(key(file) + " " + reason);
        }

        private String key(Path file) {
            return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
        }
    }
}
