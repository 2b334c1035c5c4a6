package io.waybill.domain.audit;

import io.waybill.domain.audit.AuditRecord.Link;
import java.util.List;
import java.util.Optional;

/**
 * Proves one record: the way from it to a checkpoint. It has the digests of the records between them, and not what they
 * say, because they are about other files. Immutable.
 *
 * @param following  the digests of the contents of the records between the two, in their order
 * @param checkpoint a record with a {@link Checkpoint}
 */
public record ChainPart(AuditRecord record, List<String> following, AuditRecord checkpoint) {
    public ChainPart {
        following = List.copyOf(following);
    }

    /**
     * Why this proves nothing; empty if it does.
     *
     * @param keys of which one must have signed the checkpoint
     */
    public Optional<String> fault(List<VerifyingKey> keys) {
        Link link = record.link();
        if (!fits(link, record)) {
            return Optional.of("record " + link.sequence() + " was changed");
        }
        long sequence = link.sequence();
        String hash = link.hash();
        for (String digest : following) {
            sequence++;
            hash = Link.hash(link.partition(), sequence, hash, digest);
        }
        Link end = checkpoint.link();
        if (!fits(end, checkpoint)
                || end.partition() != link.partition()
                || end.sequence() != sequence + 1
                || !end.previous().equals(hash)) {
            return Optional.of("the checkpoint does not follow record " + link.sequence());
        }
        return signature(keys);
    }

    private static boolean fits(Link link, AuditRecord of) {
        return link.hash().equals(Link.hash(link.partition(), link.sequence(), link.previous(), of.digest()));
    }

    private Optional<String> signature(List<VerifyingKey> keys) {
        if (!(checkpoint.content() instanceof Checkpoint content)) {
            return Optional.of("record " + checkpoint.link().sequence() + " is no checkpoint");
        }
        if (!content.signed()) {
            return Optional.of("the checkpoint of record " + record.link().sequence() + " is not signed");
        }
        Optional<VerifyingKey> key =
                keys.stream().filter(known -> known.id().equals(content.signedBy())).findFirst();
        if (key.isEmpty()) {
            return Optional.of("the checkpoint of record " + record.link().sequence() + " is signed by another key, "
                    + content.signedBy());
        }
        return key.get().signed(checkpoint.link().hash(), content.signature())
                ? Optional.empty()
                : Optional.of("the signature of the checkpoint of record " + record.link().sequence() + " is wrong");
    }
}
