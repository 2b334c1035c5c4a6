package io.waybill.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code ./bench NAME [--json]}: runs one benchmark, prints its conditions and a table, and with --json one last line. */
public final class Main {
    private static final Map<String, Supplier<Benchmark>> BENCHMARKS =
            new TreeMap<>(Map.of("exactly-once", ExactlyOnce::new, "transfer", BigFile::new));

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> names =
                Arrays.stream(arguments).filter(word -> !word.equals("--json")).toList();
        @Nullable Supplier<Benchmark> benchmark = names.size() == 1 ? BENCHMARKS.get(names.getFirst()) : null;
        if (benchmark == null) {
            System.err.println("usage: ./bench NAME [--json], with NAME one of " + BENCHMARKS.keySet() + "; was: "
                    + String.join(" ", arguments));
            System.exit(2);
            return;
        }
        String name = names.getFirst();
        Figures figures = benchmark.get().run();
        System.out.println(figures.table());
        if (names.size() < arguments.length) {
            ObjectNode line = new ObjectMapper().createObjectNode().put("bench", name);
            figures.values().forEach(line.putObject("figures")::put);
            System.out.println(line);
        }
    }
}
