package io.waybill.domain.audit;

import io.waybill.domain.audit.AuditRecord.Link;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the chain of one partition, record after record. A chain whose beginning is gone is good from its first record
 * on: retention removes the oldest. After a fault it goes on from the record that it found, so that it names each fault
 * once.
 */
public final class ChainCheck {
    /** Faults that are kept; more are counted. */
    static final int MOST_FAULTS = 20;
    /** A checkpoint follows each entry within a minute, or somebody left it out. Clocks may differ. */
    static final Duration LONGEST_UNPROVEN = Duration.ofMinutes(10);

    private final int partition;
    private final List<VerifyingKey> keys;
    private final List<Fault> faults = new ArrayList<>();
    private long faultCount;
    private long records;
    private @Nullable AuditRecord first;
    private @Nullable AuditRecord last;
    private @Nullable AuditRecord proven;
    private long sinceProven;
    private Instant oldestUnproven = Instant.MAX;
    private long checkpoints;

    /**
     * @param keys of which one must have signed a checkpoint; empty if signatures are not checked
     */
    public ChainCheck(int partition, List<VerifyingKey> keys) {
        this.partition = partition;
        this.keys = List.copyOf(keys);
    }

    /** What is wrong with a record. */
    public enum Kind {
        CHANGED,
        MISSING,
        REORDERED,
        UNREADABLE,
        BAD_SIGNATURE,
        NOT_SIGNED
    }

    /**
     * A place at which the chain is broken.
     *
     * @param offset of the record at which it was noticed; -1 for the chain as a whole
     * @param text   for people
     */
    public record Fault(Kind kind, long offset, String text) {}

    /**
     * How far a chain proves what it says.
     *
     * @param records  how many were read
     * @param first    empty if there are none
     * @param last     empty if there are none
     * @param proven   the last checkpoint that holds: with keys, the last one that one of them signed
     * @param unproven how many entries follow it
     * @param faults   the first ones
     * @param count    of all faults
     */
    public record Proof(
            int partition,
            long records,
            Optional<AuditRecord> first,
            Optional<AuditRecord> last,
            Optional<AuditRecord> proven,
            long unproven,
            List<Fault> faults,
            long count) {
        public boolean broken() {
            return count > 0;
        }

        /** Whether records from before the first one are gone. */
        public boolean headless() {
            return first.map(record -> record.link().sequence() > 1).orElse(false);
        }

        /** Until when it proves; empty if it proves nothing. */
        public Optional<Instant> until() {
            return proven.map(AuditRecord::at);
        }
    }

    /**
     * The next record.
     *
     * @param key of the record in the topic, which the chain does not cover
     */
    public void next(long offset, @Nullable String key, AuditRecord record) {
        records++;
        long before = faultCount;
        follow(offset, record);
        content(offset, key, record);
        if (first == null) {
            first = record;
        }
        last = record;
        boolean good = faultCount == before;
        if (record.content() instanceof Checkpoint checkpoint) {
            checkpoints++;
            if (good && holds(offset, record, checkpoint) && faultCount == 0) {
                proven = record;
                sinceProven = 0;
                oldestUnproven = Instant.MAX;
            }
        } else {
            sinceProven++;
            oldestUnproven = record.at().isBefore(oldestUnproven) ? record.at() : oldestUnproven;
        }
    }

    /** A record that nobody can read stands in the topic. */
    public void unreadable(long offset, String why) {
        records++;
        sinceProven++;
        fault(Kind.UNREADABLE, offset, "the record cannot be read: " + why);
    }

    private void follow(long offset, AuditRecord record) {
        AuditRecord former = last;
        Link link = record.link();
        if (former == null) {
            if (link.sequence() == 1 && !link.previous().equals(Link.BEGIN)) {
                fault(Kind.CHANGED, offset, "the first record follows another one");
            }
            return;
        }
        long expected = former.link().sequence() + 1;
        if (link.sequence() > expected) {
            fault(Kind.MISSING, offset, link.sequence() - expected == 1
                    ? "record " + expected + " is missing"
                    : "records " + expected + " to " + (link.sequence() - 1) + " are missing");
        } else if (link.sequence() < expected) {
            fault(Kind.REORDERED, offset, "record " + link.sequence() + " stands behind record "
                    + former.link().sequence());
        } else if (!link.previous().equals(former.link().hash())) {
            fault(Kind.CHANGED, offset, "record " + link.sequence() + " does not follow the one before it");
        }
    }

    private void content(long offset, @Nullable String key, AuditRecord record) {
        Link link = record.link();
        if (!link.hash().equals(
                Link.hash(link.partition(), link.sequence(), link.previous(), record.digest()))) {
            fault(Kind.CHANGED, offset, "record " + link.sequence() + " was changed");
        } else if (link.partition() != partition) {
            fault(Kind.REORDERED, offset, "record " + link.sequence() + " belongs to partition " + link.partition());
        } else if (!record.key().equals(key)) {
            fault(Kind.CHANGED, offset, "the key of record " + link.sequence() + " was changed");
        }
    }

    /** Whether a checkpoint whose record is good proves everything up to it. */
    private boolean holds(long offset, AuditRecord record, Checkpoint checkpoint) {
        if (keys.isEmpty()) {
            return true;
        }
        Optional<VerifyingKey> key =
                keys.stream().filter(known -> known.id().equals(checkpoint.signedBy())).findFirst();
        if (key.isEmpty()) {
            return false;
        }
        if (key.get().signed(record.link().hash(), checkpoint.signature())) {
            return true;
        }
        fault(Kind.BAD_SIGNATURE, offset, "the signature of record " + record.link().sequence() + " is not of its key");
        return false;
    }

    private void fault(Kind kind, long offset, String text) {
        faultCount++;
        if (faults.size() < MOST_FAULTS) {
            faults.add(new Fault(kind, offset, text));
        }
    }

    /** Otherwise a chain that somebody wrote anew, from its beginning or behind a checkpoint, would look good. */
    private Optional<Fault> notSigned(Instant now) {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        if (checkpoints > 0 && proven == null) {
            return Optional.of(new Fault(Kind.NOT_SIGNED, -1, "no checkpoint is signed by a key that was given"));
        }
        return oldestUnproven.isBefore(now.minus(LONGEST_UNPROVEN))
                ? Optional.of(new Fault(
                        Kind.NOT_SIGNED, -1,
                        "no checkpoint that is signed by a key that was given follows " + sinceProven
                                + (sinceProven == 1 ? " record" : " records") + " since " + oldestUnproven))
                : Optional.empty();
    }

    /**
     * What the records so far prove.
     *
     * @param now the time of the check
     */
    public Proof proof(Instant now) {
        var all = new ArrayList<>(faults);
        long count = faultCount;
        if (count == 0) {
            notSigned(now).ifPresent(all::add);
            count = all.size();
        }
        return new Proof(
                partition,
                records,
                Optional.ofNullable(first),
                Optional.ofNullable(last),
                Optional.ofNullable(proven),
                sinceProven,
                all,
                count);
    }
}
