package io.waybill.domain.audit;

import io.waybill.domain.audit.AuditRecord.Link;
import java.time.Instant;
import java.util.Optional;

/**
 * The end of a partition's chain: all that is needed to append to it. Immutable.
 *
 * @param sequence     of the last record; 0 if there is none
 * @param hash         of the last record
 * @param checkpointed the sequence of the last checkpoint; 0 if there is none
 */
public record ChainHead(long sequence, String hash, long checkpointed) {
    /** The end of an empty chain. */
    public static final ChainHead NONE = new ChainHead(0, Link.BEGIN, 0);

    /** The next record, with an entry. */
    public AuditRecord append(int partition, AuditEntry entry) {
        String digest = Canonical.of(entry);
        return new AuditRecord(link(partition, digest), new AuditRecord.Entry(entry));
    }

    /**
     * The next record, with a checkpoint.
     *
     * @param key empty if nobody signs
     */
    public AuditRecord checkpoint(int partition, Instant at, Optional<SigningKey> key) {
        var unsigned = new Checkpoint(at, key.map(SigningKey::id).orElse(""), "");
        Link link = link(partition, Canonical.of(unsigned));
        String signature = key.map(signer -> signer.sign(link.hash())).orElse("");
        return new AuditRecord(link, new Checkpoint(at, unsigned.signedBy(), signature));
    }

    private Link link(int partition, String digest) {
        long next = sequence + 1;
        return new Link(partition, next, hash, Link.hash(partition, next, hash, digest));
    }

    /** The end after a record that was appended here. */
    public ChainHead after(AuditRecord appended) {
        Link link = appended.link();
        return new ChainHead(
                link.sequence(),
                link.hash(),
                appended.content() instanceof Checkpoint ? link.sequence() : checkpointed);
    }

    /** How many records follow the last checkpoint. */
    public long unproven() {
        return sequence - checkpointed;
    }
}
