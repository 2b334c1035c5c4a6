package io.waybill.e2e.crash;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Legal: {@code id-1.1.a} renamed to the final name; after a redrive {@code id-2.1.c}.
 * Illegal: {@code id-1.1.a} renamed to the final name, and {@code id-1.2.b}, too.
 */
final class OneRenameForSending implements Checker {
    @Override
    public String promise() {
        return "no two renames publish one sending";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        Stream<String> unknown = file.publishes().stream()
                .filter(publish -> Execution.published(publish).isEmpty())
                .map(publish -> "nobody knows from where it was renamed: " + publish);
        Map<Integer, Long> renames = file.publishes().stream()
                .map(Execution::published)
                .flatMap(Optional::stream)
                .collect(Collectors.groupingBy(Execution::sending, Collectors.counting()));
        Stream<String> several = renames.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .map(entry -> "sending " + entry.getKey() + " was published by " + entry.getValue() + " renames");
        return Stream.concat(unknown, several);
    }
}
