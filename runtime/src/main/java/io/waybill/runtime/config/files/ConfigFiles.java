package io.waybill.runtime.config.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a configuration: one, or those of a directory whose names end with {@code .yaml}, in the order of the names.
 *
 * @param given    what the user named
 * @param files    with their contents
 * @param misnamed files of the directory that look as if they should be read; not read
 */
public record ConfigFiles(Path given, List<ConfigFile> files, List<String> misnamed) {
    private static final String ENDING = ".yaml";
    private static final String OTHER_ENDING = ".yml";

    /** Kubernetes changes all files of a volume at once, by changing where this link leads to. */
    private static final String SNAPSHOT = "..data";

    private static final int MOST_TRIES = 3;

    public ConfigFiles {
        files = List.copyOf(files);
        misnamed = List.copyOf(misnamed);
    }

    /**
     * One file.
     *
     * @param name as messages show it
     */
    public record ConfigFile(String name, String text) {}

    /**
     * What a configuration was read from.
     *
     * @param fingerprint of names and contents, as they were read
     */
    public record Origin(Path given, String fingerprint) {
        /** Whether the files are others by now. Files that cannot be read any more are others. */
        public boolean changed() {
            try {
                return !read(given).origin().fingerprint().equals(fingerprint);
            } catch (IOException e) {
                return true;
            }
        }
    }

    /** Reads a file, or the files of a directory. */
    public static ConfigFiles read(Path given) throws IOException {
        if (!Files.isDirectory(given)) {
            return new ConfigFiles(
                    given, List.of(new ConfigFile(given.toString(), Files.readString(given))), List.of());
        }
        for (int tries = 1;; tries++) {
            try {
                return ofDirectory(given);
            } catch (NoSuchFileException e) {
                // The link led elsewhere while the files were read.
                if (tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Reads all files from where the link leads to now, so that none is of another moment than the others. */
    private static ConfigFiles ofDirectory(Path given) throws IOException {
        Path snapshot = given.resolve(SNAPSHOT);
        Path source = Files.isDirectory(snapshot) ? snapshot.toRealPath() : given;
        var files = new ArrayList<ConfigFile>();
        var misnamed = new ArrayList<String>();
        for (String name : names(source)) {
            String shown = given.resolve(name).toString();
            if (name.endsWith(ENDING)) {
                files.add(new ConfigFile(shown, Files.readString(source.resolve(name))));
            } else if (name.endsWith(OTHER_ENDING)) {
                misnamed.add(shown);
            }
        }
        return new ConfigFiles(given, files, misnamed);
    }

    /** Those of files that are not hidden, sorted. A link to a file counts as a file. */
    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    /** Where these files come from, and what they are. */
    public Origin origin() {
        MessageDigest digest = sha256();
        for (ConfigFile file : files) {
            update(digest, file.name());
            update(digest, file.text());
        }
        return new Origin(given, HexFormat.of().formatHex(digest.digest()));
    }

    /** With the length first, so that no other division of the same characters gives the same. */
    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must offer SHA-256", e);
        }
    }
}
