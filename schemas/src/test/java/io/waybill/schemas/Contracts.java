package io.waybill.schemas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The contracts as files: those of today in {@code avro/}, and every version kept in {@code avro/past/}. */
final class Contracts {
    static final Path PRESENT = Path.of("avro");
    static final Path PAST = PRESENT.resolve("past");
    static final Path CORPUS = Path.of("src", "test", "resources", "corpus");

    private Contracts() {}

    /** One contract as it was kept. */
    record Past(String version, Schema schema) {
        @Override
        public String toString() {
            return version + " " + schema.getName();
        }
    }

    /** Name of the record to its schema. */
    static Map<String, Schema> in(Path directory) {
        var schemas = new TreeMap<String, Schema>();
        try (Stream<Path> files = Files.list(directory)) {
            // A parser for each file: types that several files define are defined anew in each.
            files.filter(file -> file.toString().endsWith(".avsc")).sorted().forEach(file -> {
                Schema schema = parsed(file);
                schemas.put(schema.getName(), schema);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return schemas;
    }

    static List<Past> past() {
        var past = new ArrayList<Past>();
        try (Stream<Path> versions = Files.list(PAST)) {
            versions.sorted().forEach(version -> in(version)
                    .values()
                    .forEach(schema -> past.add(new Past(version.getFileName().toString(), schema))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return past;
    }

    private static Schema parsed(Path file) {
        try {
            return new Schema.Parser().parse(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
