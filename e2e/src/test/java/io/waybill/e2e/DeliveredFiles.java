package io.waybill.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What stands at the partner's server: the final names below its folder. */
record DeliveredFiles(Path folder) {
    /** Without the names that files have before they are whole. */
    Set<String> names() {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (var all = Files.walk(folder)) {
            var names = new TreeSet<String>();
            all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(name -> !name.contains(".waybill/"))
                    .forEach(names::add);
            return names;
        } catch (IOException | java.io.UncheckedIOException e) {
            return Set.of(); // a directory changed under the walk; whoever waits looks again
        }
    }

    /** The names of files that are there with another content than was sent. */
    Map<String, Integer> differing(Map<String, byte[]> sent) throws IOException {
        var differing = new TreeMap<String, Integer>();
        for (var one : sent.entrySet()) {
            byte[] found = Files.readAllBytes(folder.resolve(one.getKey()));
            if (!java.util.Arrays.equals(found, one.getValue())) {
                differing.put(one.getKey(), found.length);
            }
        }
        return differing;
    }
}
