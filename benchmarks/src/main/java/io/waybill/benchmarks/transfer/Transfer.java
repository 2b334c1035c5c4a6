package io.waybill.benchmarks.transfer;

import io.waybill.benchmarks.Benchmark;
import io.waybill.benchmarks.BigFile;
import io.waybill.benchmarks.Figures;
import io.waybill.benchmarks.Options;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How fast the product is beside what people use instead, in parts that can be run one by one. Every figure is the median
 * of the rounds' ratios, ours over the peer's, but for times and memory.
 */
public final class Transfer implements Benchmark {
    /** What can be asked for. */
    public static final Set<String> PARTS =
            new TreeSet<>(Set.of("big", "small", "far", "farsmall", "end", "latency", "rss"));

    private static final int ROUNDS = 5;

    private final Set<String> parts;
    private final int rounds;
    private final boolean whole;

    public Transfer(Options options) {
        parts = options.only().isEmpty() ? PARTS : options.only();
        rounds = options.rounds() == 0 ? ROUNDS : options.rounds();
        whole = options.whole();
    }

    @Override
    public Figures run() throws IOException, InterruptedException {
        Map<String, Object> conditions = new LinkedHashMap<>();
        conditions.put("cores", Runtime.getRuntime().availableProcessors());
        conditions.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        conditions.put("java", Runtime.version().toString());
        conditions.put("server", Program.firstLine("ssh", "-V") + ", MaxStartups and MaxSessions raised");
        conditions.put("cipher", Venue.CIPHER);
        conditions.put("rounds", rounds);
        conditions.put("parts", List.copyOf(parts));
        conditions.forEach((key, value) -> System.out.println(key + ": " + value));
        System.out.println("JVMs are warm and stay connected; commands pay for their start every time.");
        var figures = new Figures();
        figures.detail("conditions", conditions);
        List<Race> races = new ArrayList<>();
        try (var venue = Venue.open()) {
            var tracks = new Tracks(venue, rounds, whole, figures);
            if (parts.contains("big")) {
                races.add(tracks.big());
            }
            if (parts.contains("small")) {
                races.add(tracks.small());
            }
            if (parts.contains("far")) {
                races.add(tracks.far(20));
                races.add(tracks.far(100));
            }
            if (parts.contains("farsmall")) {
                races.add(tracks.farSmall());
            }
            if (parts.contains("end")) {
                races.add(tracks.end());
            }
            if (parts.contains("latency")) {
                new Latency(venue, rounds).measure(figures);
            }
        }
        if (parts.contains("rss")) {
            figures.addAll(new BigFile().run());
        }
        Map<String, Object> contestants = new LinkedHashMap<>();
        races.forEach(race -> contestants.put(race.title(), race.medians()));
        figures.detail("contestants", contestants);
        return figures;
    }
}
