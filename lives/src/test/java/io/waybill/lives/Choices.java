package io.waybill.lives;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The choices of a life as it goes on: which thread goes next, and how long something takes. 0 is always the plain choice.
 * What was chosen otherwise is kept, so that a life can be lived again with fewer of them. One thread.
 */
final class Choices {
    private final SplittableRandom random;
    private final int unusual;
    private final Map<Integer, Integer> replayed;
    private final boolean replays;
    private final Map<Integer, Integer> made = new TreeMap<>();
    private int count;

    private Choices(SplittableRandom random, int unusual, Map<Integer, Integer> replayed, boolean replays) {
        this.random = random;
        this.unusual = unusual;
        this.replayed = replayed;
        this.replays = replays;
    }

    /**
     * Draws.
     *
     * @param unusual how many choices of 100 may be other than plain
     */
    static Choices drawn(long seed, int unusual) {
        return new Choices(new SplittableRandom(seed), unusual, Map.of(), false);
    }

    /** Repeats: the choices of these numbers, and the plain one everywhere else. */
    static Choices repeated(Map<Integer, Integer> choices) {
        return new Choices(new SplittableRandom(0), 0, choices, true);
    }

    /** A number from 0 to less than the bound. */
    int next(int bound) {
        if (bound <= 1) {
            return 0;
        }
        int number = count++;
        if (replays) {
            return Math.min(replayed.getOrDefault(number, 0), bound - 1);
        }
        if (random.nextInt(100) >= unusual) {
            return 0;
        }
        int choice = random.nextInt(bound);
        if (choice != 0) {
            made.put(number, choice);
        }
        return choice;
    }

    /** Those that were not plain, by their numbers. */
    Map<Integer, Integer> made() {
        return replays ? replayed : made;
    }
}
