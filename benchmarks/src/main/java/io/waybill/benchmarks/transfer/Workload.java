package io.waybill.benchmarks.transfer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Files of random bytes in a directory of their own, all of one size.
 *
 * @param directory holds nothing else
 */
record Workload(String name, Path directory, int files, long bytesEach) {
    private static final int BLOCK = 1 << 20;

    /** Writes the files. */
    static Workload make(Path parent, String name, int files, long bytesEach) throws IOException {
        var workload = new Workload(name, Files.createDirectories(parent.resolve(name)), files, bytesEach);
        var random = new SplittableRandom(files);
        var block = new byte[(int) Math.min(BLOCK, bytesEach)];
        for (String file : workload.fileNames()) {
            try (OutputStream out = Files.newOutputStream(workload.directory.resolve(file))) {
                for (long left = bytesEach; left > 0; left -= block.length) {
                    random.nextBytes(block);
                    out.write(block, 0, (int) Math.min(block.length, left));
                }
            }
        }
        return workload;
    }

    List<String> fileNames() {
        return IntStream.range(0, files).mapToObj("file-%05d.bin"::formatted).toList();
    }

    double mebibytes() {
        return files * bytesEach / 1048576.0;
    }

    /** How fast it was sent, in the unit that fits it. */
    String rate(double seconds) {
        return files == 1
                ? "%.0f MiB/s".formatted(mebibytes() / seconds)
                : "%.0f files/s".formatted(files / seconds);
    }
}
