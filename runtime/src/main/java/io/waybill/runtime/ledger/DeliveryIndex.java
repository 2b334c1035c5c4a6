package io.waybill.runtime.ledger;

import io.waybill.domain.FileId;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IndexEntry.FileOutcome;
import io.waybill.domain.IndexEntry.NewestAtPath;
import io.waybill.domain.IndexEntry.ProvenReplace;
import io.waybill.domain.IndexEntry.Result;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one partition of {@code delivery-index}, in memory. A busy partition has millions of entries, so they
 * are packed into one array: 70 to 105 bytes each, and as much again for a moment when it grows. Any thread.
 */
public final class DeliveryIndex {
    /** How many slots one search for expired entries examines; less than a millisecond. */
    private static final int MOST_SCANNED = 1 << 14;

    private static final int SMALLEST = 16;

    /**
     * Words of a slot: the key's lower 128 bits, 128 bits of the entry, a time, a hash of the object's content, and
     * {@link Slots#meta}.
     */
    private static final int WORDS = 7;

    private long[] words = new long[0];
    private int capacity;
    private int size;
    private int cursor;

    /** How many entries there are. */
    public synchronized int size() {
        return size;
    }

    /**
     * Applies a record of the topic.
     *
     * @param entry null for a tombstone
     * @throws IllegalArgumentException if no entry has such a key, or this entry has another key
     */
    public synchronized void apply(String key, @Nullable IndexEntry entry) {
        IndexKey packed = IndexKey.parse(key);
        int slot = find(packed);
        if (entry == null) {
            if (slot >= 0) {
                remove(slot);
            }
            return;
        }
        if (!entry.key().equals(key)) {
            throw new IllegalArgumentException("the entry of '" + entry.key() + "' stands under the key '" + key + "'");
        }
        if (slot < 0) {
            if (size + 1 > capacity / 5L * 4) {
                resize(Math.max(SMALLEST, Math.addExact(capacity, capacity / 2)));
            }
            slot = freeSlot(packed);
            size++;
        }
        put(slot, packed, entry);
    }

    /**
     * The newest version that was prepared or delivered.
     *
     * @param key as {@link IndexEntry#pathKey} makes it
     */
    public synchronized Optional<NewestAtPath> newestAt(String key) {
        int slot = find(IndexKey.parse(key));
        return slot < 0 ? Optional.empty()
                : Optional.of(new NewestAtPath(
                        key,
                        IndexKey.fileId(Slots.idTop(meta(slot)), word(slot, 2), word(slot, 3)),
                        Instant.ofEpochMilli(word(slot, 4)),
                        Slots.expires(meta(slot)),
                        word(slot, 5)));
    }

    /** The end of a file's sendings. */
    public synchronized Optional<FileOutcome> outcomeOf(FileId id) {
        int slot = find(IndexKey.parse(IndexEntry.fileKey(id)));
        return slot < 0 ? Optional.empty()
                : Optional.of(new FileOutcome(
                        id,
                        (int) word(slot, 2),
                        Slots.result(meta(slot)),
                        Slots.expires(meta(slot))));
    }

    /**
     * Whether a server was seen to replace a file in one step, and until when that counts.
     *
     * @param key as {@link IndexEntry#replaceKey} makes it
     */
    public synchronized Optional<ProvenReplace> replaceProven(String key) {
        int slot = find(IndexKey.parse(key));
        return slot < 0 ? Optional.empty() : Optional.of(new ProvenReplace(key, Slots.expires(meta(slot))));
    }

    /** Continues the search for an expired entry, over a bounded number of slots. False if it finds none there. */
    public synchronized boolean expiredAhead(Instant now) {
        for (int scanned = Math.min(capacity, MOST_SCANNED); scanned > 0; scanned--) {
            cursor = cursor < capacity ? cursor : 0;
            if (expired(cursor, now)) {
                return true;
            }
            cursor++;
        }
        return false;
    }

    /** The keys of expired entries among the next ones. They stay until they are removed. */
    public synchronized List<String> expired(Instant now, int most) {
        var found = new ArrayList<String>();
        for (int scanned = Math.min(capacity, MOST_SCANNED); scanned > 0 && found.size() < most; scanned--) {
            cursor = cursor < capacity ? cursor : 0;
            if (expired(cursor, now)) {
                found.add(keyAt(cursor).toString());
            }
            cursor++;
        }
        return found;
    }

    private boolean expired(int slot, Instant now) {
        return occupied(slot) && Slots.expires(meta(slot)).isBefore(now);
    }

    private long word(int slot, int number) {
        return words[slot * WORDS + number];
    }

    private long meta(int slot) {
        return word(slot, WORDS - 1);
    }

    private boolean occupied(int slot) {
        return meta(slot) != 0;
    }

    private IndexKey keyAt(int slot) {
        return new IndexKey(Slots.kind(meta(slot)), Slots.keyTop(meta(slot)), word(slot, 0), word(slot, 1));
    }

    private void put(int slot, IndexKey key, IndexEntry entry) {
        int at = slot * WORDS;
        words[at] = key.high();
        words[at + 1] = key.low();
        words[at + 2] = 0;
        words[at + 3] = 0;
        words[at + 4] = 0;
        words[at + 5] = 0;
        long meta = Slots.meta(key, entry.expires());
        switch (entry) {
            case NewestAtPath newest -> {
                IndexKey id = IndexKey.of(newest.id());
                words[at + 2] = id.high();
                words[at + 3] = id.low();
                words[at + 4] = newest.lastModified().toEpochMilli();
                words[at + 5] = newest.content();
                meta = Slots.withIdTop(meta, id.top());
            }
            case FileOutcome outcome -> {
                words[at + 2] = outcome.sending();
                meta = Slots.withResult(meta, outcome.result());
            }
            case ProvenReplace _ -> {
                // This kind of entry says only that it exists.
            }
        }
        words[at + WORDS - 1] = meta;
    }

    /** The slot of a key, or -1. */
    private int find(IndexKey key) {
        if (size == 0) {
            return -1;
        }
        int slot = home(key.high(), key.low());
        while (occupied(slot)) {
            if (word(slot, 1) == key.low() && word(slot, 0) == key.high() && keyAt(slot).equals(key)) {
                return slot;
            }
            slot = following(slot);
        }
        return -1;
    }

    private int freeSlot(IndexKey key) {
        int slot = home(key.high(), key.low());
        while (occupied(slot)) {
            slot = following(slot);
        }
        return slot;
    }

    /** The slot where the search for a key begins. Keys are parts of digests, so their bits are as good as random. */
    private int home(long high, long low) {
        return (int) Math.unsignedMultiplyHigh(high ^ low, capacity);
    }

    private int following(int slot) {
        return slot + 1 == capacity ? 0 : slot + 1;
    }

    /** Removes a slot. Leaves no gap between an entry and the slot where the search for that entry begins. */
    private void remove(int slot) {
        int hole = slot;
        for (int next = following(hole); occupied(next); next = following(next)) {
            if (distance(home(word(next, 0), word(next, 1)), next) >= distance(hole, next)) {
                System.arraycopy(words, next * WORDS, words, hole * WORDS, WORDS);
                hole = next;
            }
        }
        words[hole * WORDS + WORDS - 1] = 0;
        size--;
        if (capacity > 1024 && size < capacity / 4) {
            resize(capacity / 2);
        }
    }

    private int distance(int from, int to) {
        return to >= from ? to - from : to - from + capacity;
    }

    private void resize(int slots) {
        long[] before = words;
        words = new long[Math.multiplyExact(slots, WORDS)];
        capacity = slots;
        for (int at = 0; at < before.length; at += WORDS) {
            if (before[at + WORDS - 1] != 0) {
                int slot = home(before[at], before[at + 1]);
                while (occupied(slot)) {
                    slot = following(slot);
                }
                System.arraycopy(before, at, words, slot * WORDS, WORDS);
            }
        }
    }

    /** The last word of a slot; never 0 if the slot has an entry. */
    private static final class Slots {
        private static final int EXPIRES_BITS = 40;
        private static final long IN_DOUBT = 1L << EXPIRES_BITS + 6;

        private Slots() {}

        static long meta(IndexKey key, Instant expires) {
            long seconds = Math.clamp(expires.getEpochSecond(), 0, (1L << EXPIRES_BITS) - 1);
            return seconds
                    | (long) key.kind().code() << EXPIRES_BITS
                    | (long) key.top() << EXPIRES_BITS + 2;
        }

        static long withIdTop(long meta, int top) {
            return meta | (long) top << EXPIRES_BITS + 4;
        }

        static long withResult(long meta, Result result) {
            return switch (result) {
                case DELIVERED -> meta;
                case IN_DOUBT -> meta | IN_DOUBT;
            };
        }

        static Instant expires(long meta) {
            return Instant.ofEpochSecond(meta & (1L << EXPIRES_BITS) - 1);
        }

        static IndexKey.Kind kind(long meta) {
            return IndexKey.Kind.of((int) (meta >>> EXPIRES_BITS & 3));
        }

        static int keyTop(long meta) {
            return (int) (meta >>> EXPIRES_BITS + 2 & 3);
        }

        static int idTop(long meta) {
            return (int) (meta >>> EXPIRES_BITS + 4 & 3);
        }

        static Result result(long meta) {
            return (meta & IN_DOUBT) == 0 ? Result.DELIVERED : Result.IN_DOUBT;
        }
    }
}
