package io.waybill.launcher.cli.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.audit.VerifyingKey;
import io.waybill.launcher.cli.audit.Evidence.Proven;
import io.waybill.runtime.api.ApiJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks evidence with nothing but itself and the public key. */
final class EvidenceCheck {
    private final List<VerifyingKey> keys;
    private final List<String> faults = new ArrayList<>();

    EvidenceCheck(List<VerifyingKey> keys) {
        this.keys = keys;
    }

    /**
     * The result.
     *
     * @param file    the file's id; empty if it cannot be read
     * @param entries how many are proven
     * @param until   the time of the last checkpoint; empty if nothing is proven
     */
    record Result(String file, int entries, String until, List<String> faults) {}

    Result check(String text) {
        try {
            JsonNode tree = ApiJson.read(text, JsonNode.class);
            if (!tree.path("document").isObject()) {
                return broken("the file is no evidence");
            }
            Evidence evidence = ApiJson.read(text, Evidence.class);
            if (evidence.form() != Evidence.FORM) {
                return broken("this version of Waybill does not know the form " + evidence.form());
            }
            return check(evidence, Evidence.digest(tree.path("document")));
        } catch (JsonProcessingException e) {
            return broken("the file is no evidence: " + e.getOriginalMessage());
        } catch (RuntimeException e) {
            // A part is missing, or is not of its form.
            return broken("the file is no evidence: " + e.getMessage());
        }
    }

    private static Result broken(String why) {
        return new Result("", 0, "", List.of(why));
    }

    private Result check(Evidence evidence, String digest) {
        String id = evidence.document().file().id();
        evidence.audit().forEach(proven -> proven.part().fault(keys).ifPresent(faults::add));
        evidence.audit().stream()
                .filter(proven -> !proven.entry().target().equals(id)
                        || proven.partition() != evidence.document().partition())
                .forEach(proven -> faults.add("record " + proven.sequence() + " is about something else"));
        Optional<Proven> seal = evidence.audit().stream()
                .filter(proven -> proven.entry().what().equals(Evidence.WHAT)
                        && proven.entry().detail().equals(digest))
                .findFirst();
        if (seal.isEmpty()) {
            faults.add("the document was changed: the audit has no entry with its digest, " + digest);
        }
        Set<Long> expected = new HashSet<>(evidence.document().entries());
        seal.ifPresent(proven -> expected.add(proven.sequence()));
        Set<Long> found = new HashSet<>();
        evidence.audit().forEach(proven -> found.add(proven.sequence()));
        if (seal.isPresent() && !found.equals(expected)) {
            faults.add("the document names the entries " + evidence.document().entries()
                    + " of the audit, and the file has others");
        }
        String until = seal.map(proven -> proven.checkpoint().at()).orElse("");
        return new Result(id, faults.isEmpty() ? evidence.audit().size() : 0, faults.isEmpty() ? until : "", faults);
    }
}
