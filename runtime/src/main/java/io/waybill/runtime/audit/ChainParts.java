package io.waybill.runtime.audit;

import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.audit.ChainPart;
import io.waybill.domain.audit.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the records that are wanted, each with its way to the next signed checkpoint. While nobody has signed, the next
 * checkpoint without a signature takes its place. For one partition, read in its order.
 */
public final class ChainParts implements AuditReader.Taker {
    private final Predicate<AuditRecord> wanted;
    private final List<Open> all = new ArrayList<>();

    public ChainParts(Predicate<AuditRecord> wanted) {
        this.wanted = wanted;
    }

    /** A record whose signed checkpoint has not come yet. */
    private static final class Open {
        final AuditRecord record;
        final List<String> following = new ArrayList<>();
        @Nullable
        ChainPart part;

        Open(AuditRecord record) {
            this.record = record;
        }

        boolean signed() {
            return part != null
                    && part.checkpoint().content() instanceof Checkpoint checkpoint
                    && checkpoint.signed();
        }

        void next(AuditRecord next) {
            if (signed()) {
                return;
            }
            if (next.content() instanceof Checkpoint checkpoint && (part == null || checkpoint.signed())) {
                part = new ChainPart(record, following, next);
            }
            following.add(next.digest());
        }
    }

    @Override
    public void read(int partition, long offset, @Nullable String key, AuditRecord record) {
        all.forEach(open -> open.next(record));
        if (wanted.test(record)) {
            all.add(new Open(record));
        }
    }

    @Override
    public void unreadable(int partition, long offset, String why) {
        // No digest of it is known. A way that leads through it proves nothing, and the check says so.
    }

    /** The wanted records. */
    public List<AuditRecord> records() {
        return all.stream().map(open -> open.record).toList();
    }

    /** The wanted records that a checkpoint follows. */
    public List<ChainPart> parts() {
        var parts = new ArrayList<ChainPart>();
        for (Open open : all) {
            if (open.part != null) {
                parts.add(open.part);
            }
        }
        return parts;
    }
}
