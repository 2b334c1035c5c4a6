package io.waybill.domain.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.audit.AuditEntry.Counts;
import io.waybill.domain.audit.AuditEntry.Outcome;
import io.waybill.domain.audit.AuditEntry.Target;
import io.waybill.domain.audit.AuditRecord.Link;
import io.waybill.domain.audit.ChainCheck.Fault;
import io.waybill.domain.audit.ChainCheck.Kind;
import io.waybill.domain.audit.ChainCheck.Proof;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Any chain is good, and none is after anybody has touched it. */
final class ChainPropertiesTest {
    private static final SigningKey KEY = SigningKey.random();
    private static final int PARTITION = 3;
    /** Long after all that happened. */
    private static final Instant NOW = Instant.EPOCH.plusSeconds(3_600);

    /** What happens in a partition, in its order: an entry, or a minute that ends. */
    record Happening(Optional<AuditEntry> entry) {}

    @Provide
    Arbitrary<List<Happening>> lives() {
        Arbitrary<String> text = Arbitraries.strings().ofMaxLength(12);
        Arbitrary<AuditEntry> entries = Combinators.combine(
                text, text, text, text, Arbitraries.of(Outcome.class),
                Arbitraries.longs().between(0, 9).injectNull(0.7))
                .as((who, what, name, detail, outcome, count) -> new AuditEntry(
                        Instant.ofEpochMilli(detail.length()), who, "operator", what, new Target("file", name), name,
                        outcome, detail, "r-" + what, "10.0.0.1",
                        count == null ? null : new Counts(count, 0, 1)));
        return Arbitraries.frequencyOf(
                Tuple.of(4, entries.map(entry -> new Happening(Optional.of(entry)))),
                Tuple.of(1, Arbitraries.just(new Happening(Optional.empty()))))
                .list()
                .ofMinSize(3)
                .ofMaxSize(30);
    }

    /** A chain that ends with a checkpoint. */
    private static List<AuditRecord> chain(List<Happening> life, Optional<SigningKey> key) {
        var records = new ArrayList<AuditRecord>();
        ChainHead head = ChainHead.NONE;
        var all = new ArrayList<>(life);
        all.add(new Happening(Optional.empty()));
        for (Happening next : all) {
            ChainHead now = head;
            AuditRecord record = next.entry()
                    .map(entry -> now.append(PARTITION, entry))
                    .orElseGet(() -> now.checkpoint(PARTITION, Instant.EPOCH, key));
            records.add(record);
            head = head.after(record);
        }
        return records;
    }

    private static Proof check(List<AuditRecord> records) {
        var check = new ChainCheck(PARTITION, List.of(KEY.verifying()));
        for (int i = 0; i < records.size(); i++) {
            check.next(i, records.get(i).key(), records.get(i));
        }
        return check.proof(NOW);
    }

    @Property(tries = 200)
    void aChainProvesAllUpToItsLastCheckpoint(@ForAll("lives") List<Happening> life) {
        List<AuditRecord> chain = chain(life, Optional.of(KEY));

        Proof proof = check(chain);

        assertThat(proof.faults()).isEmpty();
        assertThat(proof.proven()).contains(chain.getLast());
        assertThat(proof.unproven()).isZero();
        assertThat(proof.headless()).isFalse();
    }

    @Property(tries = 200)
    void aHeadThatIsGoneLeavesTheRestGood(@ForAll("lives") List<Happening> life, @ForAll @IntRange(min = 1) int gone) {
        List<AuditRecord> chain = chain(life, Optional.of(KEY));
        int from = 1 + gone % (chain.size() - 1);

        Proof proof = check(chain.subList(from, chain.size()));

        assertThat(proof.faults()).isEmpty();
        assertThat(proof.proven()).contains(chain.getLast());
        assertThat(proof.headless()).isTrue();
    }

    @Property(tries = 200)
    void aRecordThatIsMissingShows(@ForAll("lives") List<Happening> life, @ForAll @IntRange(min = 0) int which) {
        List<AuditRecord> chain = chain(life, Optional.of(KEY));
        // Without the first one it is a chain whose head is gone, and without the last one it is a shorter chain.
        int removed = 1 + which % (chain.size() - 2);
        chain.remove(removed);

        Proof proof = check(chain);

        assertThat(proof.faults()).extracting(Fault::kind).containsExactly(Kind.MISSING);
        assertThat(proof.proven().map(record -> record.link().sequence()).orElse(0L)).isLessThanOrEqualTo(removed);
    }

    @Property(tries = 200)
    void recordsThatChangedPlacesShow(
            @ForAll("lives") List<Happening> life,
            @ForAll @IntRange(min = 0) int one,
            @ForAll @IntRange(min = 1) int distance) {
        List<AuditRecord> chain = chain(life, Optional.of(KEY));
        int from = one % chain.size();
        int to = (from + 1 + distance % (chain.size() - 1)) % chain.size();
        Collections.swap(chain, from, to);

        Proof proof = check(chain);

        assertThat(proof.broken()).isTrue();
        assertThat(proof.faults()).extracting(Fault::kind).contains(Kind.REORDERED);
    }

    @Property(tries = 200)
    void aRecordThatSomebodyWroteAnewShows(
            @ForAll("lives") List<Happening> life, @ForAll @IntRange(min = 0) int which) {
        List<AuditRecord> chain = chain(life, Optional.of(KEY));
        int changed = which % chain.size();
        AuditRecord former = chain.get(changed);
        AuditRecord other = new ChainHead(former.link().sequence() - 1, former.link().previous(), 0)
                .append(PARTITION, new AuditEntry(
                        Instant.EPOCH, "mallory", "operator", "redrive", new Target("file", "f"), "", Outcome.REFUSED,
                        "", "", "", null));
        chain.set(changed, other);

        Proof proof = check(chain);

        // The last one was the last checkpoint: without it the new record is one that nothing proves yet.
        assertThat(changed == chain.size() - 1 ? proof.unproven() > 0 : proof.broken()).isTrue();
    }

    /** Somebody who can write the topic, and has not the key. */
    @Property(tries = 200)
    void aChainThatSomebodyWroteFromItsBeginningShows(@ForAll("lives") List<Happening> life) {
        assertThat(check(chain(life, Optional.empty())).faults()).extracting(Fault::kind).contains(Kind.NOT_SIGNED);
        assertThat(check(chain(life, Optional.of(SigningKey.random()))).broken()).isTrue();
    }

    /** What needs no key at all: to make no checkpoints, or those after a signed one without a signature. */
    @Property(tries = 200)
    void recordsThatNoSignedCheckpointFollowsShow(
            @ForAll("lives") List<Happening> life, @ForAll @IntRange(min = 0) int which) {
        List<AuditRecord> chain = chain(life, Optional.of(KEY));
        int forged = which % chain.size();
        ChainHead head = forged == 0 ? ChainHead.NONE : ChainHead.NONE.after(chain.get(forged - 1));
        List<AuditRecord> entries = new ArrayList<>(chain.subList(0, forged));
        List<AuditRecord> unsigned = new ArrayList<>(entries);
        AuditRecord entry = head.append(PARTITION, new AuditEntry(
                Instant.EPOCH, "mallory", "operator", "redrive", new Target("file", "f"), "", Outcome.REFUSED, "", "",
                "", null));
        entries.add(entry);
        unsigned.add(entry);
        unsigned.add(head.after(entry).checkpoint(PARTITION, Instant.EPOCH, Optional.empty()));

        assertThat(check(entries).faults()).extracting(Fault::kind).containsExactly(Kind.NOT_SIGNED);
        assertThat(check(unsigned).faults()).extracting(Fault::kind).containsExactly(Kind.NOT_SIGNED);
    }

    /** The checkpoint of the last minute is still to come. */
    @Property(tries = 200)
    void recordsOfTheLastMinutesAreNoFault(@ForAll("lives") List<Happening> life) {
        List<AuditRecord> chain = chain(life, Optional.of(KEY));
        var check = new ChainCheck(PARTITION, List.of(KEY.verifying()));
        chain.subList(0, chain.size() - 1).forEach(record -> check.next(0, record.key(), record));

        assertThat(check.proof(Instant.EPOCH.plus(ChainCheck.LONGEST_UNPROVEN)).faults()).isEmpty();
    }

    @Property(tries = 200)
    void aSignatureOfAnotherCheckpointShows(@ForAll("lives") List<Happening> life) {
        List<AuditRecord> chain = chain(life, Optional.of(KEY));
        AuditRecord last = chain.getLast();
        Checkpoint checkpoint = (Checkpoint) last.content();
        String other = KEY.sign("another hash");
        chain.set(
                chain.size() - 1,
                new AuditRecord(last.link(), new Checkpoint(checkpoint.at(), checkpoint.signedBy(), other)));

        assertThat(check(chain).faults()).extracting(Fault::kind).contains(Kind.BAD_SIGNATURE);
    }

    @Property(tries = 200)
    void aRecordOfAnotherPartitionShows(@ForAll("lives") List<Happening> life) {
        List<AuditRecord> chain = chain(life, Optional.of(KEY));
        var check = new ChainCheck(PARTITION + 1, List.of(KEY.verifying()));
        chain.forEach(record -> check.next(0, record.key(), record));

        assertThat(check.proof(NOW).faults()).extracting(Fault::kind).contains(Kind.REORDERED);
    }

    @Property(tries = 200)
    void anotherKeyOfARecordShows(@ForAll("lives") List<Happening> life) {
        AuditRecord record = chain(life, Optional.of(KEY)).getFirst();
        var check = new ChainCheck(PARTITION, List.of());
        check.next(0, record.key() + "x", record);

        assertThat(check.proof(NOW).faults()).extracting(Fault::kind).containsExactly(Kind.CHANGED);
        assertThat(Link.BEGIN).hasSize(64);
    }
}
