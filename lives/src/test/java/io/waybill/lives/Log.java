package io.waybill.lives;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The brokers: partitions of records in transactions, their coordinator, and what readers of committed records may see. A
 * transaction's end takes an offset of its own in each partition. Nothing blocks; whoever waits asks again when told.
 */
final class Log {
    private final Map<String, Partition> partitions = new TreeMap<>();
    private final Map<String, Identity> identities = new TreeMap<>();
    private final List<Runnable> readers = new ArrayList<>();
    private final Kernel kernel;
    private final boolean uncommitted;

    Log(Kernel kernel, Mischief mischief) {
        this.kernel = kernel;
        this.uncommitted = mischief.does(Mutation.ABORTED_RECORDS_ARE_READ);
    }

    /** A record, or the end of a transaction. */
    @SuppressWarnings("ArrayRecordComponent") // of the simulation alone, and never compared
    record Entry(long offset, long at, Transaction transaction, byte[] key, byte[] value, boolean marker) {}

    enum State {
        OPEN,
        /** It will be committed, and the partitions do not have its end yet. */
        PREPARED,
        COMMITTED,
        ABORTED
    }

    static final class Transaction {
        private final Set<Partition> touched = new LinkedHashSet<>();
        private State state = State.OPEN;

        State state() {
            return state;
        }

        /** Whether it has records in a partition that takes none. */
        boolean stuck() {
            return touched.stream().anyMatch(Partition::offline);
        }

        boolean open() {
            return state == State.OPEN || state == State.PREPARED;
        }
    }

    /** A transactional id. */
    static final class Identity {
        int epoch;
        Transaction current;
    }

    static final class Partition {
        /** So long a tombstone is kept. */
        private static final long TOMBSTONES = 24 * 3_600_000L;

        private final Kernel kernel;
        private final boolean uncommitted;
        private final List<Entry> entries = new ArrayList<>();
        private final Set<Long> compacted = new HashSet<>();
        private long start;
        private boolean offline;
        private long onlineSince;
        private int settled;

        Partition(Kernel kernel, boolean uncommitted) {
            this.kernel = kernel;
            this.uncommitted = uncommitted;
        }

        long start() {
            return start;
        }

        long highWatermark() {
            return entries.size();
        }

        boolean offline() {
            return offline;
        }

        void setOffline(boolean is) {
            offline = is;
            onlineSince = kernel.now();
        }

        /** Since when it can be read; the moment itself while it cannot. */
        long onlineSince() {
            return offline ? kernel.now() : onlineSince;
        }

        void trim(long offset) {
            start = Math.max(start, Math.min(offset, stable()));
        }

        /** The first offset that belongs to an open transaction; readers of what is committed do not come further. */
        long stable() {
            while (settled < entries.size()) {
                Transaction transaction = entries.get(settled).transaction();
                if (transaction != null && transaction.open()) {
                    break;
                }
                settled++;
            }
            return settled;
        }

        /** Committed records from an offset on to the end of what is stable. */
        List<Entry> committed(long from) {
            List<Entry> found = new ArrayList<>();
            long end = stable();
            for (long offset = Math.max(from, start); offset < end; offset++) {
                Entry entry = entries.get((int) offset);
                boolean seen = entry.transaction() == null
                        || entry.transaction().state == State.COMMITTED
                        || uncommitted && entry.key().length > 0;
                if (!entry.marker() && !compacted.contains(offset) && seen) {
                    found.add(entry);
                }
            }
            return found;
        }

        /**
         * Takes out what is superseded, and tombstones that are old.
         *
         * @return how many records are gone
         */
        int compact() {
            Map<ByteBuffer, Entry> newest = new HashMap<>();
            List<Entry> committed = committed(0);
            committed.forEach(entry -> newest.put(ByteBuffer.wrap(entry.key()), entry));
            int before = compacted.size();
            for (Entry entry : committed) {
                boolean superseded = newest.get(ByteBuffer.wrap(entry.key())).offset() != entry.offset();
                boolean old = entry.value() == null && kernel.now() - entry.at() > TOMBSTONES;
                if (superseded || old) {
                    compacted.add(entry.offset());
                }
            }
            return compacted.size() - before;
        }

        private void add(Transaction transaction, byte[] key, byte[] value, boolean marker) {
            entries.add(new Entry(entries.size(), kernel.now(), transaction, key, value, marker));
        }
    }

    /** The partition of a topic. */
    Partition partition(String topic, int number) {
        return partitions.computeIfAbsent(topic + "-" + number, _ -> new Partition(kernel, uncommitted));
    }

    /** Somebody who is to hear when there may be more to read. */
    void listen(Runnable reader) {
        readers.add(reader);
    }

    void changed() {
        readers.forEach(Runnable::run);
    }

    Identity identity(String transactionalId) {
        return identities.computeIfAbsent(transactionalId, _ -> new Identity());
    }

    void append(Transaction transaction, Partition partition, byte[] key, byte[] value) {
        transaction.touched.add(partition);
        partition.add(transaction, key, value, false);
    }

    /** One record, committed in a transaction of its own. */
    void appendCommitted(Partition partition, byte[] key, byte[] value) {
        var transaction = new Transaction();
        append(transaction, partition, key, value);
        end(transaction, State.COMMITTED);
    }

    void prepare(Transaction transaction) {
        transaction.state = State.PREPARED;
    }

    void end(Transaction transaction, State how) {
        if (!transaction.open()) {
            return;
        }
        transaction.state = how;
        transaction.touched.forEach(partition -> partition.add(null, null, null, true));
        changed();
    }
}
