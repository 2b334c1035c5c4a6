package io.waybill.lives;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Proof;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.UnknownOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * All that is decided about a life before it begins. Living the same plan twice gives the same life.
 *
 * @param seed    for what the product draws at random, and for choices that are not repeated
 * @param choices the choices to repeat; null to draw them
 */
record Plan(long seed, Settings settings, List<Put> puts, List<Fault> faults, Map<Integer, Integer> choices) {
    Plan {
        puts = List.copyOf(puts);
        faults = List.copyOf(faults);
    }

    /** What the partner does with files that appear. */
    enum Partner {
        NEVER_TAKES,
        TAKES_AT_ONCE,
        TAKES_LATER
    }

    /** What importers do with files that were delivered. */
    enum Importer {
        /** Nobody imports: a file that is delivered is COMPLETED. */
        NONE,
        /** Claims, and reports the end. */
        IMPORTS,
        /** The same, with signs of life between, and each is told twice. */
        TELLS_TWICE,
        /** Claims and dies. */
        DIES,
        FAILS,
        NEVER_CLAIMS
    }

    /**
     * How things are set up. Times are in milliseconds. In a life that was kept before a thing could be drawn it is not
     * there: it is 0, false, or the first of its kind.
     *
     * @param unusual    how many choices of 100 may be other than plain
     * @param partitions of the work, 1 or 2; 0 is 1
     * @param monitored  whether deadlines are watched by the real monitor, and not by the domain's function
     * @param emptying   whether servers empty a file that is opened to be written, unasked
     */
    record Settings(
            Profile profile,
            boolean versioned,
            ConflictPolicy policy,
            UnknownOutcome unknown,
            Proof verify,
            Staging.Kind staging,
            boolean fifo,
            int lanes,
            int inFlight,
            int attempts,
            long unclaimed,
            long unfinished,
            long evidence,
            Partner partner,
            int unusual,
            int partitions,
            Importer importer,
            boolean monitored,
            boolean emptying) {}

    /**
     * A version of an object is put into the bucket, and told.
     *
     * @param key   which of the keys of {@link #KEYS}
     * @param bytes its size
     * @param fill  what its bytes are made of; two puts of one fill and size are equal
     * @param at    when it is put
     * @param told  when that is told
     * @param again when it is told once more; 0 if it is not
     */
    record Put(int key, int bytes, int fill, long at, long told, long again) {}

    /**
     * Some share a target path, some differ only in case or in the form of a letter. Those that begin with {@link
     * Setting#SECOND} go to the second destination.
     */
    static final List<String> KEYS =
            List.of(
                    "in/a.csv", "in/b.csv", "other/a.csv", "in/A.csv", "in/\u00e4.csv", "in/a\u0308.csv",
                    "second/a.csv",
                    "second/b.csv");

    /** The time of all pauses, which does not count; the monitor looks once an hour whether one is over. */
    Duration paused() {
        List<Fault> pauses = faults.stream().filter(fault -> fault.kind().pauses()).toList();
        return pauses.isEmpty()
                ? Duration.ZERO
                : Duration.ofHours(1).plusMillis(pauses.stream().mapToLong(Fault::millis).sum());
    }

    Plan with(List<Put> otherPuts, List<Fault> otherFaults) {
        return new Plan(seed, settings, otherPuts, otherFaults, choices);
    }

    Plan with(Settings other) {
        return new Plan(seed, other, puts, faults, choices);
    }

    Plan repeating(Map<Integer, Integer> made) {
        return new Plan(seed, settings, puts, faults, made);
    }
}
