package io.waybill.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Copies of deploy/aws, each with one fault. */
record TerraformCopies(Path directory) {
    static final Path SHIPPED = Path.of("../deploy/aws");

    /**
     * One fault that somebody may make.
     *
     * @param name  of the copy
     * @param file  in which it is
     * @param from  what stands there
     * @param to    what stands there instead
     * @param fault what the check says of it
     */
    record Fault(String name, String file, String from, String to, String fault) {
        @Override
        public String toString() {
            return name;
        }
    }

    Path of(Fault fault) {
        return directory.resolve(fault.name());
    }

    void make(List<Fault> faults) {
        faults.forEach(this::make);
    }

    private void make(Fault fault) {
        try (var all = Files.walk(SHIPPED)) {
            for (Path source : all.toList()) {
                Path copy = of(fault).resolve(SHIPPED.relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(source, copy);
                }
            }
            Path file = of(fault).resolve(fault.file());
            String text = Files.exists(file) ? Files.readString(file) : "";
            assertThat(text).as(fault.name()).contains(fault.from());
            Files.writeString(file, fault.from().isEmpty() ? fault.to() : text.replace(fault.from(), fault.to()));
        } catch (IOException e) {
            throw new UncheckedIOException(fault.name(), e);
        }
    }
}
