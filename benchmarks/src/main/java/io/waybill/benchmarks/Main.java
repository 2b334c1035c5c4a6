package io.waybill.benchmarks;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.benchmarks.isolation.Isolation;
import io.waybill.benchmarks.micro.Micro;
import io.waybill.benchmarks.transfer.Transfer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * {@code ./bench NAME [options]}: runs one benchmark, prints its conditions and a table, and with --json one last line.
 */
public final class Main {
    private static final Map<String, Function<Options, Benchmark>> BENCHMARKS = new TreeMap<>(Map.of(
            "deadlines", options -> new Deadlines(options.files() == 0 ? Deadlines.FILES : options.files()),
            "exactly-once", _ -> new ExactlyOnce(),
            "isolation", Isolation::new,
            "micro", Micro::new,
            "start", options -> new ColdStart(options.rounds()),
            "state", options -> new StateTable(options.files() == 0 ? StateTable.FILES : options.files()),
            "transfer", Transfer::new));

    private static final Map<String, Set<String>> PARTS = Map.of("micro", Micro.PARTS, "transfer", Transfer.PARTS);

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Optional<Options> read = Options.parse(List.of(arguments))
                .filter(options -> BENCHMARKS.containsKey(options.name())
                        && PARTS.getOrDefault(options.name(), Set.of()).containsAll(options.only()));
        if (read.isEmpty()) {
            System.err.println("usage: ./bench NAME [--files N] [--json], with NAME one of " + BENCHMARKS.keySet()
                    + "; isolation takes [--rounds N]; transfer and micro take [--rounds N] [--only PART,PART], of transfer one of "
                    + String.join(", ", Transfer.PARTS) + ", of micro one of " + String.join(", ", Micro.PARTS)
                    + "; transfer takes [--whole]; was: " + String.join(" ", arguments));
            System.exit(2);
            return;
        }
        Options options = read.get();
        Figures figures = requireNonNull(BENCHMARKS.get(options.name())).apply(options).run();
        System.out.println(figures.table());
        if (options.json()) {
            ObjectNode line = new ObjectMapper().createObjectNode().put("bench", options.name());
            figures.values().forEach(line.putObject("figures")::put);
            figures.details().forEach(line::putPOJO);
            System.out.println(line);
        }
    }
}
