package io.waybill.launcher.cli.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.audit.AuditRecord.Link;
import io.waybill.domain.audit.ChainPart;
import io.waybill.domain.audit.Checkpoint;
import io.waybill.runtime.access.TokenHash;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.MoveAnswer;
import io.waybill.runtime.api.audit.ActionAnswer;
import java.time.Instant;
import java.util.List;

/**
 * What an auditor takes away about one file. The document says what happened. Its digest is in the last entry of the
 * audit, so a signed checkpoint proves the document, too.
 *
 * @param form of this file
 */
record Evidence(int form, Document document, List<Proven> audit) {
    static final int FORM = 1;
    /** The action by which evidence is made; the entry's detail is the digest of the document. */
    static final String WHAT = "evidence";

    private static final JsonMapper SORTED = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /**
     * What Waybill knows of a file.
     *
     * @param file     with its receipt: path, bytes, sha256, and by what the delivery was proven
     * @param hostKeys fingerprints of which the server had to show one; empty without a destination
     * @param entries  the numbers of all entries of the audit about the file, in its chain
     */
    record Document(
            String madeAt,
            FileAnswer file,
            List<MoveAnswer> history,
            List<String> hostKeys,
            int partition,
            List<Long> entries) {}

    /** A checkpoint of the chain. */
    record CheckpointJson(
            long sequence, String at, String previous, String hash, String signedBy, String signature) {
        static CheckpointJson of(AuditRecord record, Checkpoint content) {
            Link link = record.link();
            return new CheckpointJson(
                    link.sequence(),
                    content.at().toString(),
                    link.previous(),
                    link.hash(),
                    content.signedBy(),
                    content.signature());
        }

        AuditRecord record(int partition) {
            return new AuditRecord(
                    new Link(partition, sequence, previous, hash),
                    new Checkpoint(Instant.parse(at), signedBy, signature));
        }
    }

    /**
     * An entry with its way to a signed checkpoint.
     *
     * @param following digests of the records between them
     */
    record Proven(
            ActionAnswer entry,
            int partition,
            long sequence,
            String previous,
            String hash,
            List<String> following,
            CheckpointJson checkpoint) {
        /** Of a part whose record is an entry. */
        static Proven of(ChainPart part) {
            Link link = part.record().link();
            if (!(part.record().content() instanceof AuditRecord.Entry(var entry))
                    || !(part.checkpoint().content() instanceof Checkpoint checkpoint)) {
                throw new IllegalArgumentException("an entry and a checkpoint");
            }
            return new Proven(
                    ActionAnswer.of(entry),
                    link.partition(),
                    link.sequence(),
                    link.previous(),
                    link.hash(),
                    part.following(),
                    CheckpointJson.of(part.checkpoint(), checkpoint));
        }

        ChainPart part() {
            return new ChainPart(
                    new AuditRecord(
                            new Link(partition, sequence, previous, hash), new AuditRecord.Entry(entry.entry())),
                    following,
                    checkpoint.record(partition));
        }
    }

    static String digest(Document document) {
        return digest(SORTED.<JsonNode>valueToTree(document));
    }

    /** The digest of a document as it was read: also of fields that this version does not know. */
    static String digest(JsonNode document) {
        try {
            // A tree keeps the order of what was read; a map is sorted.
            return TokenHash.of(SORTED.writeValueAsString(SORTED.convertValue(document, Object.class))).text();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that was read can be written", e);
        }
    }

    String text() {
        try {
            return SORTED.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("evidence is plain records", e);
        }
    }
}
