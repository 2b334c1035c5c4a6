package io.waybill.lives;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Proof;
import io.waybill.lives.Plan.Importer;
import io.waybill.lives.Plan.Partner;
import io.waybill.lives.Plan.Put;
import io.waybill.lives.Plan.Settings;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.UnknownOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Draws the plan of a life from a seed. */
final class PlanDraw {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final Fault.Kind[] MONITORED = Arrays.stream(Fault.Kind.values())
            .filter(kind -> !kind.beside())
            .toArray(Fault.Kind[]::new);
    private static final Fault.Kind[] UNMONITORED = Arrays.stream(MONITORED)
            .filter(kind -> !kind.ofMonitor())
            .toArray(Fault.Kind[]::new);
    private static final Fault.Kind[] BESIDE = Arrays.stream(Fault.Kind.values())
            .filter(Fault.Kind::beside)
            .toArray(Fault.Kind[]::new);
    private static final int MOST_RELEASES = 12;
    private static final int[] SIZES = {40, 40, 40, 100, 24, 0};
    private static final long[] SHORT = {50, 500, 3 * SECOND, 20 * SECOND, 2 * MINUTE};
    private static final long[] LONG = {
            MINUTE, MINUTE, 5 * MINUTE, 5 * MINUTE, 20 * MINUTE, 20 * MINUTE, 40 * MINUTE, 2 * HOUR, 14 * HOUR, 3 * DAY
    };

    private final SplittableRandom random;
    private final Profile wanted;
    private final boolean monitored;
    private final boolean emptying;
    private final SplittableRandom beside;

    private PlanDraw(long seed, Profile wanted, boolean monitored) {
        this.random = new SplittableRandom(seed);
        this.wanted = wanted;
        this.monitored = monitored;
        // By itself, so that what was drawn before this could be is drawn still.
        this.emptying = new SplittableRandom(~seed).nextInt(100) < 10;
        this.beside = new SplittableRandom(seed ^ 0x5eed);
    }

    /**
     * The plan of a seed.
     *
     * @param wanted the profile of all lives; null to draw it as well
     */
    static Plan of(long seed, Profile wanted) {
        return new PlanDraw(seed, wanted, false).draw(seed);
    }

    /** The plan of a seed of a life in which the real monitor watches the deadlines: another life than without. */
    static Plan monitored(long seed, Profile wanted) {
        return new PlanDraw(seed, wanted, true).draw(seed);
    }

    private Plan draw(long seed) {
        Settings settings = settings();
        List<Put> puts = puts();
        List<Fault> faults = new ArrayList<>();
        int most = percent(20) ? 0 : 1 + random.nextInt(4);
        for (int i = 0; i < most; i++) {
            faults.add(fault(pick(monitored ? MONITORED : UNMONITORED), puts.size()));
        }
        for (Fault.Kind kind : BESIDE) {
            if (beside.nextInt(100) < 10) {
                faults.add(besides(kind));
            }
        }
        return new Plan(seed, settings, puts, faults, null);
    }

    private Fault besides(Fault.Kind kind) {
        long at = kind.point() == Fault.Point.RELEASE
                ? beside.nextInt(MOST_RELEASES)
                : beside.nextInt(2) == 0 ? beside.nextInt(4000) : LONG[beside.nextInt(LONG.length)];
        return new Fault(kind, at, LONG[beside.nextInt(LONG.length)], beside.nextInt(16));
    }

    private Settings settings() {
        Profile profile = wanted != null ? wanted : pick(Profile.values());
        boolean fifo = percent(15);
        return new Settings(
                profile,
                percent(60),
                percent(70) ? ConflictPolicy.REPLACE : pick(ConflictPolicy.values()),
                percent(70) ? UnknownOutcome.HOLD : pick(UnknownOutcome.values()),
                percent(60) ? Proof.SIZE : pick(Proof.values()),
                percent(70) ? Staging.Kind.DIRECTORY : pick(Staging.Kind.values()),
                fifo,
                1 + random.nextInt(2),
                fifo ? 1 : 1 + random.nextInt(4),
                percent(50) ? 8 : 1 + random.nextInt(3),
                percent(70) ? 7 * DAY : 2 * HOUR,
                percent(70) ? DAY : 10 * MINUTE,
                percent(70) ? 12 * HOUR : 10 * MINUTE,
                pick(Partner.values()),
                percent(25) ? 0 : 5 + random.nextInt(40),
                1 + random.nextInt(2),
                percent(70) ? Importer.NONE : pick(Importer.values()),
                monitored,
                emptying);
    }

    private List<Put> puts() {
        List<Put> puts = new ArrayList<>();
        int files = 1 + random.nextInt(3);
        int first = random.nextInt(Plan.KEYS.size());
        long at = 0;
        for (int i = 0; i < files; i++) {
            at += percent(60) ? random.nextInt(3000) : pick(LONG);
            long told = at + (percent(60) ? random.nextInt(200) : pick(SHORT));
            puts.add(new Put(
                    percent(60) ? first : random.nextInt(Plan.KEYS.size()),
                    SIZES[random.nextInt(SIZES.length)],
                    percent(90) ? i : 0,
                    at,
                    told,
                    percent(80) ? 0 : told + pick(SHORT)));
        }
        return puts;
    }

    private Fault fault(Fault.Kind kind, int files) {
        long at = switch (kind.point()) {
            case REMOTE -> random.nextInt(18 * files);
            case BROKER -> random.nextInt(20 * files);
            case COMMIT -> random.nextInt(4 * files);
            case SOURCE -> random.nextInt(files + 1);
            case PROBE -> random.nextInt(2);
            case RELEASE -> random.nextInt(MOST_RELEASES);
            case TIME -> percent(70) ? random.nextInt(4000) : pick(LONG);
        };
        return new Fault(kind, at, percent(50) ? pick(SHORT) : pick(LONG), random.nextInt(16));
    }

    private boolean percent(int of100) {
        return random.nextInt(100) < of100;
    }

    private <T> T pick(T[] all) {
        return all[random.nextInt(all.length)];
    }

    private long pick(long[] all) {
        return all[random.nextInt(all.length)];
    }
}
