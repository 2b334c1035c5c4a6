package io.waybill.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./bench NAME [--files N] [--json]}: runs one benchmark, prints its conditions and a table, and with --json one
 * last line. How many files there are is for the benchmarks whose figures depend on it.
 */
public final class Main {
    private static final Map<String, LongFunction<Benchmark>> BENCHMARKS = new TreeMap<>(Map.of(
            "deadlines", files -> new Deadlines(files == 0 ? Deadlines.FILES : files),
            "exactly-once", _ -> new ExactlyOnce(),
            "state", files -> new StateTable(files == 0 ? StateTable.FILES : files),
            "transfer", _ -> new BigFile()));

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> words = List.of(arguments);
        int flag = words.indexOf("--files");
        String number = flag >= 0 && flag + 1 < words.size() ? words.get(flag + 1) : "";
        List<String> names = Arrays.stream(arguments)
                .filter(word -> !word.equals("--json") && !word.equals("--files") && !word.equals(number))
                .toList();
        @Nullable LongFunction<Benchmark> benchmark = names.size() == 1 ? BENCHMARKS.get(names.getFirst()) : null;
        if (benchmark == null || flag >= 0 && !number.matches("[1-9][0-9]{0,8}")) {
            System.err.println("usage: ./bench NAME [--files N] [--json], with NAME one of " + BENCHMARKS.keySet()
                    + "; was: " + String.join(" ", arguments));
            System.exit(2);
            return;
        }
        String name = names.getFirst();
        Figures figures = benchmark.apply(flag >= 0 ? Long.parseLong(number) : 0).run();
        System.out.println(figures.table());
        if (words.contains("--json")) {
            ObjectNode line = new ObjectMapper().createObjectNode().put("bench", name);
            figures.values().forEach(line.putObject("figures")::put);
            System.out.println(line);
        }
    }
}
