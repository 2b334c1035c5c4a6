package io.waybill.devstack.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Makes files of the kinds that break file transfers: empty ones, large ones, many, and names that a program on the way
 * may misread. Each run makes the same files, so that a second run finds them delivered.
 */
public final class SampleFiles {
    private static final long SEED = 20_260_101;
    private static final int LARGE_MEBIBYTES = 200;
    private static final int SMALL_FILES = 300;
    private static final int MOST_SMALL_BYTES = 20_000;
    private static final List<String> NAMES = List.of(
            "name with spaces.txt",
            " leading and trailing spaces ",
            "plus+sign+and=equals.txt",
            "100%.txt",
            "100%25.txt",
            "percent%20encoded%2Fslash.txt",
            "ampersand&question?hash#.txt",
            "quotes'and\"double\".txt",
            "brackets[1]{2}(3).txt",
            "semicolon;colon:comma,.txt",
            "tilde~dollar$at@bang!.txt",
            "Übergrößenträger.txt",
            "naïve café.txt",
            "請求書-2026年.csv",
            "счёт-фактура.pdf",
            "rocket-🚀-and-family-👨‍👩‍👧.txt",
            "reports/2026/01/daily report.csv",
            "reports/2026/01/summe über alles.csv",
            "a/b/c/d/e/f/g/deeply nested.txt",
            ".hidden",
            "no-extension",
            "many.dots.in.one.name.tar.gz");

    private SampleFiles() {}

    /** Makes the files below a directory that exists. */
    public static void writeTo(Path directory) throws IOException {
        Files.createFile(directory.resolve("empty.txt"));
        write(directory.resolve("one-byte.bin"), 1, SEED);
        for (String name : NAMES) {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, ("This file is called: " + name + "\n").getBytes(StandardCharsets.UTF_8));
        }
        var sizes = new Random(SEED);
        Files.createDirectories(directory.resolve("orders"));
        for (int i = 1; i <= SMALL_FILES; i++) {
            write(directory.resolve("orders/order-%04d.xml".formatted(i)), sizes.nextInt(MOST_SMALL_BYTES), SEED + i);
        }
        write(directory.resolve("archive-200MiB.bin"), LARGE_MEBIBYTES << 20, SEED);
    }

    private static void write(Path file, int size, long seed) throws IOException {
        var random = new Random(seed);
        byte[] chunk = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int left = size; left > 0; left -= chunk.length) {
                random.nextBytes(chunk);
                out.write(chunk, 0, Math.min(left, chunk.length));
            }
        }
    }
}
