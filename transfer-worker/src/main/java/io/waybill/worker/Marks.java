package io.waybill.worker;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.NameFolding;
import io.waybill.domain.Target;
import io.waybill.domain.TransferWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What a partition's ledger says of files, as far as it is committed. Any thread. */
final class Marks {
    private final Map<String, LedgerMark> byFile;
    private final Function<DestinationName, NameFolding> folding;

    /**
     * Marks of destinations that take every name for another.
     *
     * @param found by {@link LedgerMark#key()}
     */
    Marks(Map<String, LedgerMark> found) {
        this(found, _ -> NameFolding.NONE);
    }

    /**
     * @param found   by {@link LedgerMark#key()}
     * @param folding which names a destination takes for one
     */
    Marks(Map<String, LedgerMark> found, Function<DestinationName, NameFolding> folding) {
        byFile = new ConcurrentHashMap<>(found);
        this.folding = folding;
    }

    /** Which names a destination takes for one. */
    NameFolding folding(DestinationName destination) {
        return folding.apply(destination);
    }

    /** A transaction that has this in it was committed. */
    void apply(MarkChange change) {
        LedgerMark mark = change.mark();
        if (mark == null) {
            byFile.remove(change.key());
        } else {
            byFile.put(change.key(), mark);
        }
    }

    /** All files whose publishing is not settled. */
    List<Prepared> prepared() {
        return only(Prepared.class);
    }

    /** All files of which a part lies at the destination. */
    List<Staging> staging() {
        return only(Staging.class);
    }

    private <T extends LedgerMark> List<T> only(Class<T> kind) {
        return byFile.values().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** What must be settled before this work may begin: older intents of the same file, and those for the same path. */
    List<Prepared> before(TransferWork work) {
        return prepared().stream()
                .filter(mark -> mark.id().equals(work.id()) || meet(mark.target(), work.target()))
                .toList();
    }

    private boolean meet(Target one, Target other) {
        return one.destination().equals(other.destination())
                && folding(one.destination()).meet(one.path(), other.path());
    }

    /** Whether the intent is still to be settled. */
    boolean has(Prepared mark) {
        return mark.equals(byFile.get(mark.key()));
    }

    /** Whether a name at a destination is, or comes from, one that a mark speaks of. */
    boolean mention(String name) {
        return prepared().stream().anyMatch(mark -> Tokens.same(name, mark.staging().name()))
                || staging().stream().anyMatch(mark -> Tokens.same(name, mark.staging().name()));
    }

    /** What an earlier execution of this sending left at the destination. */
    Optional<Staging> staging(FileId id, int sending) {
        return byFile.get(LedgerMark.key(id, sending)) instanceof Staging staging
                ? Optional.of(staging)
                : Optional.empty();
    }
}
