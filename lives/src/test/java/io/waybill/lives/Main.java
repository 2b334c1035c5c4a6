package io.waybill.lives;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The program of {@code model/lives [N] [--seed S] [--profile P]}. Further options: {@code --minutes M} stops after so long,
 * {@code --story} tells the one life of the seed, {@code --kept FILE} tells the lives of a file, {@code --digests} shows
 * that a seed is the same life in every process. {@code --monitored} has the real monitor watch the deadlines: other
 * lives, of seeds of their own. {@code --mutations} shows how soon each fault is found that is put in on purpose. Exit
 * code 1: a promise was broken.
 */
final class Main {
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8); // allow console: a program
    private final Promises promises = Promises.read(Searcher.document());
    private long number = 2000;
    private long seed = System.nanoTime() & 0xffff_ffffL; // allow clock: another search each time
    private long minutes = Long.MAX_VALUE;
    private Profile profile;
    private boolean monitored;
    private String what = "search";
    private Path kept = Path.of("");

    private Main() {}

    public static void main(String[] args) throws Exception {
        var main = new Main();
        main.understand(args);
        System.exit(main.run());
    }

    private void understand(String[] args) {
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--seed" -> seed = Long.parseLong(args[++i]);
                case "--minutes" -> {
                    minutes = Long.parseLong(args[++i]);
                    number = Long.MAX_VALUE;
                }
                case "--profile" -> profile =
                        Profile.valueOf(args[++i].replace('-', '_').toUpperCase(Locale.ROOT));
                case "--monitored" -> monitored = true;
                case "--story", "--digests", "--mutations" -> what = args[i].substring(2);
                case "--kept" -> {
                    what = "kept";
                    kept = Path.of(args[++i]);
                }
                default -> number = Long.parseLong(args[i]);
            }
        }
    }

    private int run() throws Exception {
        return switch (what) {
            case "digests" -> {
                for (long life = 0; life < number; life++) {
                    out.println(life + " " + String.join("\n", story(plan(life)).story()).hashCode());
                }
                yield 0;
            }
            case "story" -> tell(plan(seed));
            case "kept" -> tellKept();
            case "mutations" -> mutations();
            default -> search();
        };
    }

    private Plan plan(long life) {
        return monitored ? PlanDraw.monitored(life, profile) : PlanDraw.of(life, profile);
    }

    private Life.Result story(Plan plan) {
        return Life.live(plan, Searcher.topics(), promises, true);
    }

    private int tell(Plan plan) {
        Life.Result result = story(plan);
        result.story().forEach(out::println);
        return result.violations().isEmpty() ? 0 : 1;
    }

    /** After how many lives each mutation is found, and what it breaks until then. */
    private int mutations() throws InterruptedException {
        int status = 0;
        for (Mutation mutation : Mutation.values()) {
            monitored = mutation.ofMonitor();
            var searcher = new Searcher(promises, this::plan, mutation.always());
            searcher.search(seed, number, () -> searcher.broken().contains(mutation.broken()), 2);
            boolean found = searcher.broken().contains(mutation.broken());
            out.println(mutation + (found ? " found after " : " NOT FOUND in ") + searcher.coverage().lives()
                    + " lives; broken: " + searcher.broken());
            status |= found ? 0 : 1;
        }
        return status;
    }

    private int tellKept() throws IOException {
        int status = 0;
        for (PlanText.Kept life : PlanText.read(Files.readString(kept))) {
            out.println(life.name() + ": " + life.shows());
            status |= tell(life.plan());
            out.println();
        }
        return status;
    }

    private int search() throws InterruptedException {
        var searcher = new Searcher(promises, this::plan);
        long began = System.nanoTime(); // allow clock: it is measured
        long latest = minutes == Long.MAX_VALUE ? Long.MAX_VALUE : minutes * 60_000_000_000L;
        searcher.search(seed, number, () -> System.nanoTime() - began > latest, 2); // allow clock: it is measured
        double seconds = (System.nanoTime() - began) / 1e9; // allow clock: it is measured
        long lives = searcher.coverage().lives();
        searcher.stories().forEach(out::println);
        out.print(searcher.coverage().table());
        out.printf(Locale.ROOT, "%.1f s, %.0f lives a second, %.2f ms a life on each of 2 threads%n",
                seconds, lives / seconds, seconds * 2000 / lives);
        out.println("lives " + lives + " violations " + searcher.violations() + " seed " + seed);
        return searcher.violations() == 0 ? 0 : 1;
    }
}
