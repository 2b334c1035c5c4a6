package io.waybill.launcher.cli.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.waybill.domain.audit.ChainCheck.Fault;
import io.waybill.domain.audit.ChainCheck.Proof;
import io.waybill.domain.audit.VerifyingKey;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the check of the audit found. */
final class ProofReport {
    private final Terminal terminal;
    private final List<VerifyingKey> keys;

    /**
     * @param keys empty if signatures were not checked
     */
    ProofReport(Terminal terminal, List<VerifyingKey> keys) {
        this.terminal = terminal;
        this.keys = keys;
    }

    /** A partition under {@code --json}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record PartitionJson(
            int partition,
            boolean broken,
            boolean signaturesChecked,
            long records,
            @Nullable Long firstSequence,
            @Nullable String from,
            @Nullable Long provenSequence,
            @Nullable String provenUntil,
            long unproven,
            long faultCount,
            List<FaultJson> faults) {}

    /** A fault under {@code --json}. */
    private record FaultJson(String kind, long offset, String text) {}

    void print(List<Proof> proofs) {
        if (terminal.json()) {
            terminal.result(proofs.stream().map(this::json).toList());
            return;
        }
        var table = new Table(">PARTITION", ">RECORDS", "FROM", "PROVEN UNTIL", ">AFTER THAT", "STATE");
        proofs.forEach(proof -> table.row(
                String.valueOf(proof.partition()),
                String.valueOf(proof.records()),
                proof.first().map(record -> record.at().toString()).orElse("-"),
                proof.until().map(Object::toString).orElse("-"),
                String.valueOf(proof.unproven()),
                state(proof)));
        terminal.result(table);
        proofs.forEach(this::faults);
        if (keys.isEmpty()) {
            terminal.note(
                    "signatures are not checked, so somebody who can write to Kafka may have written all of it: give"
                            + " --key FILE, or audit.signingKey");
        }
    }

    private static String state(Proof proof) {
        if (proof.broken()) {
            return "BROKEN";
        }
        return proof.headless() ? "good; older records are removed" : "good";
    }

    private void faults(Proof proof) {
        for (Fault fault : proof.faults()) {
            terminal.note("partition " + proof.partition()
                    + (fault.offset() < 0 ? "" : ", offset " + fault.offset()) + ": " + fault.kind() + ": "
                    + Terminal.printable(fault.text()));
        }
        if (proof.count() > proof.faults().size()) {
            terminal.note("partition " + proof.partition() + ": and " + (proof.count() - proof.faults().size())
                    + " more");
        }
    }

    private PartitionJson json(Proof proof) {
        return new PartitionJson(
                proof.partition(),
                proof.broken(),
                !keys.isEmpty(),
                proof.records(),
                proof.first().map(record -> record.link().sequence()).orElse(null),
                proof.first().map(record -> record.at().toString()).orElse(null),
                proof.proven().map(record -> record.link().sequence()).orElse(null),
                proof.until().map(Object::toString).orElse(null),
                proof.unproven(),
                proof.count(),
                proof.faults().stream()
                        .map(fault -> new FaultJson(fault.kind().name(), fault.offset(), fault.text()))
                        .toList());
    }
}
