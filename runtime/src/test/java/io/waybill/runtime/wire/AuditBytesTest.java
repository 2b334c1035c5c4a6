package io.waybill.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.audit.ChainCheck;
import io.waybill.domain.audit.ChainHead;
import io.waybill.domain.audit.SigningKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import org.apache.kafka.common.errors.SerializationException;

/** The bytes of the topic audit: no bit of a chain can be another one unnoticed. */
@Domain(DomainArbitraries.class)
@Domain(net.jqwik.api.domains.DomainContext.Global.class)
class AuditBytesTest {
    private static final DomainSerdes SERDES = DomainSerdes.of(new InMemorySchemaRegistry());
    private static final SigningKey KEY = SigningKey.random();

    @Property(tries = 2000)
    void oneFlippedBitShows(
            @ForAll @Size(min = 1, max = 4) List<AuditEntry> entries,
            @ForAll @IntRange(min = 0) int which,
            @ForAll @IntRange(min = 0) int place,
            @ForAll @IntRange(min = 0, max = 7) int bit) {
        List<AuditRecord> chain = chain(entries);
        List<byte[]> bytes = chain.stream()
                .map(record -> SERDES.auditRecord().serializer().serialize("audit", record))
                .toList();
        byte[] flipped = bytes.get(which % bytes.size());
        flipped[place % flipped.length] ^= (byte) (1 << bit);

        var check = new ChainCheck(0, List.of(KEY.verifying()));
        for (int i = 0; i < bytes.size(); i++) {
            read(check, i, chain.get(i).key(), bytes.get(i));
        }

        ChainCheck.Proof proof = check.proof(Instant.EPOCH);
        // A checkpoint that now names another key proves nothing more, and is no fault of the records before it.
        assertThat(proof.broken() || proof.proven().isEmpty() || proof.unproven() > 0).isTrue();
    }

    private static List<AuditRecord> chain(List<AuditEntry> entries) {
        var chain = new ArrayList<AuditRecord>();
        ChainHead head = ChainHead.NONE;
        for (AuditEntry entry : entries) {
            chain.add(head.append(0, entry));
            head = head.after(chain.getLast());
        }
        chain.add(head.checkpoint(0, Instant.EPOCH, Optional.of(KEY)));
        return chain;
    }

    private static void read(ChainCheck check, long offset, String key, byte[] bytes) {
        try {
            check.next(offset, key, SERDES.auditRecord().deserializer().deserialize("audit", bytes));
        } catch (SerializationException e) {
            check.unreadable(offset, String.valueOf(e.getMessage()));
        }
    }
}
