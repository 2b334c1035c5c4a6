package io.waybill.ingest.parked;

import io.waybill.runtime.time.Backoff;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.StoreException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Judges whether a refusal is the fault of one object or of its bucket, from what other keys of the bucket got. A bucket
 * that is at fault is paused until the store answers for any of its keys. Any thread.
 */
public final class Buckets {
    /** An answer proves for so long that the bucket works. */
    private static final Duration PROOF = Duration.ofMinutes(1);

    /** So many keys refused in a row, and none answered, show that it is not about the keys. */
    private static final int REFUSED_KEYS = 2;

    private static final Backoff PROBES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /**
     * Between two questions to a paused bucket about keys of which it was not asked yet. A good object among a thousand bad
     * ones must not wait for the long pauses between questions that were answered before.
     */
    private static final Duration BETWEEN_NEW = Duration.ofSeconds(1);

    private final ProcessClock clock;
    private final Duration prompt;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    /** Whose fault a refusal is. */
    public enum Fault {
        OBJECT,
        BUCKET
    }

    /**
     * A bucket that gets no questions except one now and then.
     *
     * @param lasts   since the first failure
     * @param trouble the last failure, for people
     */
    public record Pause(String bucket, Duration lasts, String trouble) {}

    private static final class Bucket {
        private final Set<String> refused = new HashSet<>();
        private boolean answered;
        private long answeredAt;
        private boolean slow;
        private int waitedFor;
        private boolean paused;
        private long pausedAt;
        private int probes;
        private long nextProbe;
        private long refusedAt;
        private String trouble = "";
    }

    /**
     * @param prompt an answer that takes longer makes the bucket a slow one
     */
    public Buckets(ProcessClock clock, Duration prompt) {
        this.clock = clock;
        this.prompt = prompt;
    }

    private Bucket of(String name) {
        return buckets.computeIfAbsent(name, _ -> new Bucket());
    }

    /** Whether questions about the bucket may be asked while others wait for the answers. */
    public boolean isPrompt(String bucket) {
        Bucket known = of(bucket);
        synchronized (known) {
            return !known.paused && !known.slow;
        }
    }

    /** A question of a batch begins. */
    public void begins(String bucket) {
        Bucket known = of(bucket);
        synchronized (known) {
            known.waitedFor++;
        }
    }

    /** A question of a batch has ended, perhaps long after its batch. */
    public void ends(String bucket) {
        Bucket known = of(bucket);
        synchronized (known) {
            known.waitedFor--;
        }
    }

    /** How many questions of this batch and of those before are under way. */
    public int underWay(String bucket) {
        Bucket known = of(bucket);
        synchronized (known) {
            return known.waitedFor;
        }
    }

    public boolean isPaused(String bucket) {
        Bucket known = of(bucket);
        synchronized (known) {
            return known.paused;
        }
    }

    /** Whether it is time for another question to a paused bucket, about any key. */
    public boolean isProbeDue(String bucket) {
        Bucket known = of(bucket);
        synchronized (known) {
            return !known.paused || clock.isOver(known.nextProbe);
        }
    }

    /** The same, for a key of which the bucket was not asked yet. */
    boolean isFirstProbeDue(String bucket) {
        Bucket known = of(bucket);
        synchronized (known) {
            return !known.paused || clock.since(known.refusedAt).compareTo(BETWEEN_NEW) >= 0;
        }
    }

    /** The store answered about a key, whatever the answer. */
    public void answered(String bucket, Duration took) {
        Bucket known = of(bucket);
        synchronized (known) {
            known.answered = true;
            known.answeredAt = clock.nanos();
            known.refused.clear();
            known.paused = false;
            known.slow = known.slow && took.compareTo(prompt) >= 0;
        }
    }

    /** Questions of a batch waited too long for this bucket. */
    public void slow(String bucket) {
        Bucket known = of(bucket);
        synchronized (known) {
            known.slow = true;
        }
    }

    /**
     * The store did not say what an object is.
     *
     * @param blamed whether the object was already found to be at fault itself, so that its refusal says nothing about
     *               the bucket
     */
    public Fault failed(String bucket, String key, boolean blamed, StoreException failure) {
        Bucket known = of(bucket);
        synchronized (known) {
            boolean works = known.answered && clock.since(known.answeredAt).compareTo(PROOF) < 0;
            if (works) {
                return Fault.OBJECT;
            }
            if (failure.scope() == StoreException.Scope.OBJECT) {
                if (!blamed && known.refused.size() < REFUSED_KEYS) {
                    known.refused.add(key);
                }
                if (known.refused.size() < REFUSED_KEYS) {
                    return Fault.OBJECT;
                }
            }
            pause(known, String.valueOf(failure.getMessage()));
            return Fault.BUCKET;
        }
    }

    private void pause(Bucket known, String trouble) {
        known.trouble = trouble;
        known.refusedAt = clock.nanos();
        if (!known.paused) {
            known.paused = true;
            known.pausedAt = clock.nanos();
            known.probes = 0;
            known.nextProbe = known.pausedAt;
        }
        // Questions that were under way together count as one probe.
        if (clock.isOver(known.nextProbe)) {
            known.probes++;
            known.nextProbe = clock.after(PROBES.after(known.probes));
        }
    }

    /** The paused buckets. */
    public List<Pause> pauses() {
        return buckets.entrySet().stream()
                .flatMap(entry -> {
                    Bucket known = entry.getValue();
                    synchronized (known) {
                        return known.paused
                                ? List.of(new Pause(entry.getKey(), clock.since(known.pausedAt), known.trouble))
                                        .stream()
                                : List.<Pause>of().stream();
                    }
                })
                .toList();
    }
}
