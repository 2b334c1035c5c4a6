package io.waybill.ingest.parked;

import io.waybill.domain.IngestRetry;
import io.waybill.domain.IngestRetry.Parked;
import io.waybill.domain.IngestRetry.Place;
import io.waybill.domain.IngestRetry.Skip;
import io.waybill.ingest.parked.Buckets.Fault;
import io.waybill.runtime.time.Backoff;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.ObjectCatalog.Answer;
import io.waybill.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parked objects of the partitions that this instance owns, exactly as their topic has them. Asks the store about
 * those that are due, beside the batches, on virtual threads.
 *
 * <p>For one thread; only the questions run on others.
 */
public final class ParkedObjects {
    private static final Logger LOG = LoggerFactory.getLogger(ParkedObjects.class);

    /** A former owner's last transaction may become visible a moment after the partition was read. */
    private static final Duration AFTER_READING = Duration.ofSeconds(1);

    /** Asks the store about a parked object. Any thread. */
    @FunctionalInterface
    public interface Question {
        Answer ask(Parked parked) throws StoreException;
    }

    /**
     * How to ask again.
     *
     * @param perBucket questions about a bucket at one time
     * @param all       questions at one time
     * @param backoff   the pause before an object that is at fault is asked about again
     * @param patience  how long an object may be at fault
     */
    public record Policy(int perBucket, int all, Backoff backoff, Duration patience) {
        public static Policy of(Duration patience) {
            return new Policy(16, 48, new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(10)), patience);
        }
    }

    /** An object that waits. */
    public static final class Entry {
        private final Parked parked;
        /** Which of all entries it is, in the order in which they were read. */
        private final long number;
        private int failures;
        private long due;
        /** Whether the store was asked about it since this instance has read it. */
        private boolean asked;
        /** Whether the entry has left the topic, or its partition this instance. */
        private boolean left;
        /** Whether its end was handed out, and is being committed. */
        private boolean ended;
        private volatile String trouble;

        private Entry(Parked parked, long number, long due) {
            this.parked = parked;
            this.number = number;
            this.due = due;
            this.trouble = parked.reason();
        }

        public Parked parked() {
            return parked;
        }

        private boolean isOver() {
            return left || ended;
        }
    }

    /** The end of an object's waiting, to be committed. */
    public sealed interface End {
        Entry entry();

        /** The store described the object, or has none, or refuses it for good. */
        record Answered(Entry entry, Answer answer) implements End {}

        /**
         * Nobody asks any more.
         *
         * @param reason for people
         */
        record GivenUp(Entry entry, String reason) implements End {}
    }

    private record Outcome(Entry entry, @Nullable Answer answer, @Nullable Fault fault, @Nullable Error error) {}

    private final Question question;
    private final Buckets buckets;
    private final Policy policy;
    private final ProcessClock clock;
    private final Map<Integer, Map<String, Entry>> entries = new HashMap<>();
    private final Map<Integer, Map<Place, Skip>> skips = new HashMap<>();
    private final Map<String, PriorityQueue<Entry>> waiting = new HashMap<>();
    private final Map<String, Integer> asking = new HashMap<>();
    private final Map<String, Integer> sizes = new HashMap<>();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private boolean flowing;
    private long read;

    public ParkedObjects(Question question, Buckets buckets, Policy policy, ProcessClock clock) {
        this.question = question;
        this.buckets = buckets;
        this.policy = policy;
        this.clock = clock;
    }

    /**
     * Applies a record of the topic.
     *
     * @param entry     null for a tombstone
     * @param following whether the partition was read to its end before
     */
    void apply(int partition, String key, @Nullable IngestRetry entry, boolean following) {
        switch (entry) {
            case null -> {
                Entry gone = entries.computeIfAbsent(partition, _ -> new HashMap<>()).remove(key);
                if (gone != null) {
                    leave(gone);
                } else {
                    skips.computeIfAbsent(partition, _ -> new HashMap<>())
                            .keySet()
                            .removeIf(place -> place.toString().equals(key));
                }
            }
            case Parked parked -> {
                Map<String, Entry> known = entries.computeIfAbsent(partition, _ -> new HashMap<>());
                if (!known.containsKey(key)) {
                    var added = new Entry(parked, read++, due(parked, following));
                    known.put(key, added);
                    sizes.merge(parked.bucket(), 1, Integer::sum);
                    queue(added);
                }
            }
            case Skip skip -> skips.computeIfAbsent(partition, _ -> new HashMap<>()).put(skip.place(), skip);
        }
    }

    private long due(Parked parked, boolean following) {
        Duration wait = parked.settlesAt() == null
                ? Duration.ZERO
                : Duration.between(clock.instant(), parked.settlesAt());
        Duration least = following ? Duration.ZERO : AFTER_READING;
        return clock.after(wait.compareTo(least) > 0 ? wait : least);
    }

    private void queue(Entry entry) {
        waiting.computeIfAbsent(
                entry.parked.bucket(),
                _ -> new PriorityQueue<>((one, other) -> Long.signum(one.due - other.due)))
                .add(entry);
    }

    /** Drops everything of a partition that this instance has lost or reads anew. */
    void forget(int partition) {
        skips.remove(partition);
        Map<String, Entry> lost = entries.remove(partition);
        if (lost != null) {
            lost.values().forEach(this::leave);
            waiting.values().forEach(queue -> queue.removeIf(entry -> entry.left));
        }
    }

    private void leave(Entry entry) {
        entry.left = true;
        sizes.merge(entry.parked.bucket(), -1, Integer::sum);
        sizes.values().removeIf(size -> size == 0);
    }

    /** How many objects wait. */
    public int size() {
        return sizes.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many objects of each bucket wait. */
    public Map<String, Integer> sizes() {
        return Map.copyOf(sizes);
    }

    private List<Entry> all() {
        return entries.values().stream().map(Map::values).flatMap(Collection::stream).toList();
    }

    /** A person's wish to go past a notification. */
    public Optional<Skip> skip(Place place) {
        return Optional.ofNullable(skips.getOrDefault(place.partition(), Map.of()).get(place));
    }

    /** All such wishes. */
    public List<Skip> skips() {
        return skips.values().stream().map(Map::values).flatMap(Collection::stream).toList();
    }

    /** Whether the store answers, so that the next questions should follow soon. */
    public boolean isFlowing() {
        return flowing;
    }

    /** Whether no question is under way. */
    boolean isIdle() {
        return asking.isEmpty();
    }

    /** Begins to ask about what is due. */
    public void ask() {
        int running = asking.values().stream().mapToInt(Integer::intValue).sum();
        for (var one : waiting.entrySet()) {
            // Buckets that are slow together may take all the room. Another one still gets its turn.
            int least = asking.containsKey(one.getKey()) ? 0 : 1;
            running += ask(one.getKey(), one.getValue(), Math.max(least, policy.all() - running));
        }
        waiting.values().removeIf(PriorityQueue::isEmpty);
    }

    private int ask(String bucket, PriorityQueue<Entry> queue, int room) {
        boolean paused = buckets.isPaused(bucket);
        int most = Math.min(room, (paused ? 1 : policy.perBucket()) - asking.getOrDefault(bucket, 0));
        int begun = 0;
        while (begun < most) {
            Optional<Entry> next = paused ? probe(bucket, queue) : due(queue);
            if (next.isEmpty()) {
                break;
            }
            Entry entry = next.get();
            if (!entry.isOver()) {
                begun++;
                entry.asked = true;
                Thread.ofVirtual().name("ingest-retry").start(() -> outcomes.add(outcome(entry)));
            }
        }
        if (begun > 0) {
            asking.merge(bucket, begun, Integer::sum);
        }
        return begun;
    }

    /** Takes the entry that is due, if there is one. */
    private Optional<Entry> due(PriorityQueue<Entry> queue) {
        Entry next = queue.peek();
        return next != null && (next.isOver() || clock.isOver(next.due)) ? Optional.of(queue.remove())
                : Optional.empty();
    }

    /**
     * Takes the entry by which a paused bucket is tried, whatever the turn of the object, but never one that still settles.
     * The newest of which the bucket was not asked yet comes first: what has just been written may be good while everything
     * before it is bad.
     */
    private Optional<Entry> probe(String bucket, PriorityQueue<Entry> queue) {
        if (buckets.isFirstProbeDue(bucket)) {
            Optional<Entry> unasked = queue.stream()
                    .filter(entry -> !entry.asked && !entry.isOver() && hasSettled(entry))
                    .max(Comparator.comparingLong(entry -> entry.number));
            if (unasked.isPresent()) {
                queue.remove(unasked.get());
                return unasked;
            }
        }
        Entry next = queue.peek();
        return next != null && (next.isOver() || hasSettled(next) && buckets.isProbeDue(bucket))
                ? Optional.of(queue.remove())
                : Optional.empty();
    }

    private boolean hasSettled(Entry entry) {
        return entry.parked.settlesAt() == null || clock.isOver(entry.due);
    }

    private Outcome outcome(Entry entry) {
        Parked parked = entry.parked;
        long begun = clock.nanos();
        try {
            Answer answer = question.ask(parked);
            buckets.answered(parked.bucket(), clock.since(begun));
            return answer instanceof Answer.Archived(var advice)
                    ? failed(entry, Fault.OBJECT, advice)
                    : new Outcome(entry, answer, null, null);
        } catch (StoreException e) {
            Fault fault = buckets.failed(parked.bucket(), parked.key(), entry.failures > 0, e);
            return failed(entry, fault, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // Whatever a name provokes in a library, it is this object that provokes it.
            return failed(entry, Fault.OBJECT, "unforeseen: " + e);
        } catch (Error e) {
            // Otherwise nobody would learn of it.
            return new Outcome(entry, null, null, e);
        }
    }

    private static Outcome failed(Entry entry, Fault fault, String trouble) {
        entry.trouble = trouble;
        LOG.atDebug()
                .addKeyValue("bucket", entry.parked.bucket())
                .addKeyValue("key", entry.parked.key())
                .addKeyValue("failure", trouble)
                .log("The object store does not describe a parked object; ingest asks again");
        return new Outcome(entry, null, fault, null);
    }

    /** What ended since the last call. Whatever did not end is asked about again later. */
    public List<End> ended() {
        var ended = new ArrayList<End>();
        flowing = !outcomes.isEmpty();
        for (Outcome next = outcomes.poll(); next != null; next = outcomes.poll()) {
            Entry entry = next.entry();
            asking.merge(entry.parked.bucket(), -1, Integer::sum);
            if (entry.isOver()) {
                continue;
            }
            if (next.error() != null) {
                throw new IllegalStateException("a question to the object store ended with an error", next.error());
            }
            if (next.answer() != null) {
                ended.add(new End.Answered(entry, next.answer()));
            } else if (next.fault() == Fault.OBJECT && isOverdue(entry)) {
                ended.add(new End.GivenUp(entry, "the store did not describe it for " + policy.patience().toHours()
                        + " hours: " + entry.trouble));
            } else {
                again(entry, next.fault() == Fault.OBJECT);
            }
        }
        asking.values().removeIf(count -> count == 0);
        ended.addAll(skipped(ended));
        ended.forEach(end -> end.entry().ended = true);
        return ended;
    }

    private List<End> skipped(List<End> ended) {
        if (skips.values().stream().allMatch(Map::isEmpty)) {
            return List.of();
        }
        Set<Entry> over = ended.stream().map(End::entry).collect(Collectors.toSet());
        return all().stream()
                .filter(entry -> !entry.isOver() && !over.contains(entry))
                .flatMap(entry -> skip(entry.parked.place())
                        .<End>map(skip -> new End.GivenUp(entry, reason(skip)))
                        .stream())
                .toList();
    }

    /** Why a skipped notification is a letter. */
    public static String reason(Skip skip) {
        return "skipped by " + skip.by() + ": " + skip.reason();
    }

    private boolean isOverdue(Entry entry) {
        Instant last = entry.parked.at().plus(policy.patience());
        // The bucket may have been paused for longer than that. The object is then asked about a few times more.
        return entry.failures >= 5 && !clock.instant().isBefore(last);
    }

    private void again(Entry entry, boolean atFault) {
        if (atFault) {
            entry.failures++;
            entry.due = clock.after(policy.backoff().after(entry.failures));
        } else {
            entry.due = clock.nanos();
        }
        queue(entry);
    }
}
