package io.waybill.worker.partition;

import static java.util.Comparator.comparingInt;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.IndexEntry.FileOutcome;
import io.waybill.domain.IndexEntry.Result;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.NameFolding;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Target;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.ledger.DeliveryIndex;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The committed content of a partition's ledger and of its delivery index about files, and what this assignment has decided
 * since and is about to commit. Any thread.
 */
public final class LedgerEntries {
    private final Map<String, Standing> byFile = new ConcurrentHashMap<>();
    private final DeliveryIndex index;
    private final Function<DestinationName, NameFolding> folding;
    private volatile Duration keep = TransferWork.DEFAULT_KEEP;

    /**
     * @param found   the marks, by {@link LedgerMark#key()}
     * @param index   updated by this object from now on
     * @param folding which names a destination takes for one
     */
    public LedgerEntries(Map<String, LedgerMark> found, DeliveryIndex index,
            Function<DestinationName, NameFolding> folding) {
        found.forEach((key, mark) -> byFile.put(key, new Standing(mark, null)));
        this.index = index;
        this.folding = folding;
    }

    /** Which names a destination takes for one. */
    public NameFolding folding(DestinationName destination) {
        return folding.apply(destination);
    }

    /** A committed mark, and the decision about its sending that is not committed yet. */
    private record Standing(@Nullable LedgerMark mark, @Nullable Decision decided) {
        Optional<FileOutcome> outcome() {
            return decided == null ? Optional.empty() : decided.outcome();
        }
    }

    private record Decision(Optional<FileOutcome> outcome) {}

    /** A transaction with this update was committed. */
    public void apply(LedgerUpdate update) {
        LedgerMark mark = update.mark();
        if (mark == null) {
            byFile.remove(update.key());
        } else {
            byFile.put(update.key(), new Standing(mark, null));
        }
    }

    /** A transaction with this update was committed. Must be called before the update of the mark is applied. */
    public void apply(IndexUpdate update) {
        index.apply(update.key(), update.entry());
    }

    /**
     * Records that the outcome of a sending is known and about to be committed with the mark's update, so that no thread
     * finds it out again.
     *
     * @param outcome what the index will remember about it
     */
    public void decide(FileId id, int sending, Optional<FileOutcome> outcome) {
        byFile.compute(
                LedgerMark.key(id, sending),
                (_, before) -> new Standing(before == null ? null : before.mark(), new Decision(outcome)));
    }

    /** The committed memory of deliveries that are over. */
    public DeliveryIndex index() {
        return index;
    }

    /** How long the index keeps its entries: the longest time that any work of this assignment asked for. */
    public Duration keep() {
        return keep;
    }

    /** Work of this assignment asks for this time. */
    public synchronized void keep(Duration asked) {
        if (asked.compareTo(keep) > 0) {
            keep = asked;
        }
    }

    /** The outcome of the highest sending of a file whose outcome is known, committed or not. */
    public Optional<FileOutcome> outcomeOf(FileId id) {
        // In this order: a decision that is no longer in the map is already in the index.
        Optional<FileOutcome> decided = byFile.values().stream()
                .flatMap(standing -> standing.outcome().stream())
                .filter(outcome -> outcome.id().equals(id))
                .max(comparingInt(FileOutcome::sending));
        Optional<FileOutcome> indexed = index.outcomeOf(id);
        return Stream.concat(decided.stream(), indexed.stream()).max(comparingInt(FileOutcome::sending));
    }

    /** All files whose intent is not resolved, or not known to be resolved. */
    public List<Prepared> prepared() {
        return only(Prepared.class);
    }

    /** All files of which a part is at the destination. */
    public List<Staging> staging() {
        return only(Staging.class);
    }

    private <T extends LedgerMark> List<T> only(Class<T> kind) {
        return byFile.values().stream()
                .flatMap(standing -> Stream.ofNullable(standing.mark()))
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /**
     * The intents that must be resolved before this work may begin: older intents of the same file, and intents for the
     * same path.
     */
    public List<Prepared> before(TransferWork work) {
        return byFile.values().stream()
                .filter(standing -> standing.decided() == null)
                .flatMap(standing -> standing.mark() instanceof Prepared mark ? Stream.of(mark) : Stream.empty())
                .filter(mark -> mark.id().equals(work.id()) || meet(mark.target(), work.target()))
                .toList();
    }

    /**
     * The path of another file that this assignment has delivered and does not yet see committed, if the destination takes
     * that path and the path of this work for one.
     */
    public Optional<RemotePath> justDelivered(TransferWork work) {
        return byFile.values().stream()
                .filter(standing -> standing.outcome().filter(o -> o.result() == Result.DELIVERED).isPresent())
                .flatMap(standing -> standing.mark() instanceof Prepared mark ? Stream.of(mark.target())
                        : Stream.empty())
                .filter(target -> meet(target, work.target()))
                .map(Target::path)
                .filter(path -> !path.equals(work.target().path()))
                .findFirst();
    }

    private boolean meet(Target one, Target other) {
        return one.destination().equals(other.destination())
                && folding(one.destination()).meet(one.path(), other.path());
    }

    /** Whether the intent must still be resolved. */
    public boolean has(Prepared mark) {
        Standing standing = byFile.get(mark.key());
        return standing != null && standing.decided() == null && mark.equals(standing.mark());
    }

    /** Whether a name at a destination is, or was derived from, a staging name in a mark. */
    public boolean mention(String name) {
        return prepared().stream().anyMatch(mark -> StagingTokens.same(name, mark.staging().name()))
                || staging().stream().anyMatch(mark -> StagingTokens.same(name, mark.staging().name()));
    }

    /** What an earlier execution of this sending left at the destination. */
    public Optional<Staging> staging(FileId id, int sending) {
        Standing standing = byFile.get(LedgerMark.key(id, sending));
        return standing != null && standing.mark() instanceof Staging staging
                ? Optional.of(staging)
                : Optional.empty();
    }
}
