package io.waybill.lives;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code model/lives [N] [--seed S] [--profile P]}. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        long number = 2000;
        long seed = System.nanoTime() & 0xffffffL;
        Profile profile = null;
        boolean one = false;
        boolean shrink = false;
        int most = 1;
        String only = null;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--seed" -> seed = Long.parseLong(args[++i]);
                case "--profile" -> profile = Profile.valueOf(args[++i]);
                case "--story" -> one = true;
                case "--shrink" -> shrink = true;
                case "--only" -> only = args[++i];
                case "--most" -> most = Integer.parseInt(args[++i]);
                default -> number = Long.parseLong(args[i]);
            }
        }
        Promises promises = Promises.read(Searcher.document());
        if (one) {
            Life.Result result = Life.live(PlanDraw.of(seed, profile), Searcher.topics(), promises, true);
            System.out.println(result.plan());
            result.story().forEach(System.out::println);
            System.out.println(result.violations());
            return;
        }
        var searcher = new Searcher(promises, profile);
        long began = System.nanoTime();
        searcher.search(seed, number, 2);
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.print(searcher.coverage().table());
        Map<Promise, Long> first = new LinkedHashMap<>();
        searcher.failures().forEach(f -> f.violations().forEach((p, how) -> {
            if (first.putIfAbsent(p, f.plan().seed()) == null) {
                System.out.println(p.id() + " seed " + f.plan().seed() + ": " + how);
            }
        }));
        if (shrink) {
            var topics = Searcher.topics();
            var done = new LinkedHashMap<Promise, Integer>();
            for (Life.Result failure : searcher.failures()) {
                for (Promise promise : failure.violations().keySet()) {
                    if ((only == null || only.equals(promise.id())) && done.merge(promise, 1, Integer::sum) <= most) {
                        Plan plan = Shrinker.shrink(failure, promise, topics, promises);
                        Life.Result told = Life.live(plan, topics, promises, true);
                        System.out.println("----- " + promise.id() + " from seed " + failure.plan().seed());
                        System.out.print(PlanText.write(new PlanText.Kept("x", promise, String.valueOf(told.violations().get(promise)), plan)));
                        told.story().forEach(System.out::println);
                    }
                }
            }
        }
        System.out.printf("%.1f s, %.0f lives/s, %.2f ms a life%n", seconds, number / seconds, seconds * 2000 / number);
        System.out.println("lives " + number + " violations " + searcher.failures().size() + " seed " + seed);
    }
}
