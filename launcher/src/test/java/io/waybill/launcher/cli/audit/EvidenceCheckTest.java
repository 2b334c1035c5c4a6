package io.waybill.launcher.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditEntry.Outcome;
import io.waybill.domain.audit.AuditEntry.Target;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.audit.ChainHead;
import io.waybill.domain.audit.SigningKey;
import io.waybill.launcher.cli.audit.Evidence.Document;
import io.waybill.launcher.cli.audit.Evidence.Proven;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.MoveAnswer;
import io.waybill.runtime.audit.ChainParts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Evidence about a file, in the hands of somebody who has nothing else but the public key. */
final class EvidenceCheckTest {
    private static final String FILE = "mfrggzdfmztwq2lkmnxw4zlt2y";
    private static final String ANSWER =
            """
            {"id":"%s","route":"invoices","status":"COMPLETED","stage":"DELIVERY","sending":1,"attempt":1,"version":4,
             "bucket":"outbound","key":"invoices/a","versionId":"v1","etag":"e1","size":42,
             "lastModified":"2026-01-01T00:00:00Z","destination":"acme","path":"/in/a","lane":1,
             "arrivedAt":"2026-01-01T00:00:00Z","changedAt":"2026-01-01T00:00:09Z","late":false,
             "receipt":{"path":"/in/a","bytes":42,"sha256":"abababab","proof":"SIZE","destinationClass":"A","millis":7}}
            """.formatted(FILE);

    private final SigningKey key = SigningKey.random();

    private static AuditEntry entry(String what, String target, String detail) {
        return new AuditEntry(
                Instant.EPOCH, "ann", "operator", what, Target.file(target), "they made room", Outcome.ACCEPTED, detail,
                "r-1", "10.0.0.1", null);
    }

    /** Two actions on the file among others, checkpoints between them, and the entry with the document's digest. */
    private String evidence(Optional<SigningKey> signer) throws Exception {
        var move = new MoveAnswer("2026-01-01T00:00:09Z", "Completed", "COMPLETED", 1, 1, 4, "", null);
        var document = new Document(
                "2026-01-02T00:00:00Z", ApiJson.read(ANSWER, FileAnswer.class), List.of(move), List.of("SHA256:q"), 3,
                List.of(2L, 5L));
        var parts = new ChainParts(record -> record.content() instanceof AuditRecord.Entry(var one)
                && one.target().equals(Target.file(FILE)));
        ChainHead head = ChainHead.NONE;
        for (String step : List.of("of-other", "redrive", "of-other", "checkpoint", "cancel", "checkpoint", "of-other",
                "evidence", "of-other", "checkpoint", "of-other")) {
            AuditRecord record = switch (step) {
                case "checkpoint" -> head.checkpoint(3, Instant.EPOCH, signer);
                case "of-other" -> head.append(3, entry("retry", "zbcdefghijklmnopqrstuvwxyz", ""));
                case "evidence" -> head.append(3, entry(Evidence.WHAT, FILE, Evidence.digest(document)));
                default -> head.append(3, entry(step, FILE, ""));
            };
            parts.read(3, 0, record.key(), record);
            head = head.after(record);
        }
        return new Evidence(Evidence.FORM, document, parts.parts().stream().map(Proven::of).toList()).text();
    }

    private List<String> faults(String text) {
        return new EvidenceCheck(List.of(key.verifying())).check(text).faults();
    }

    @Test
    void shouldBeGoodAsItWasMade() throws Exception {
        String text = evidence(Optional.of(key));

        EvidenceCheck.Result result = new EvidenceCheck(List.of(key.verifying())).check(text);

        assertThat(result.faults()).isEmpty();
        assertThat(result.file()).isEqualTo(FILE);
        assertThat(result.entries()).isEqualTo(3);
        assertThat(text).contains("\"sha256\" : \"abababab\"", "SHA256:q").doesNotContain("zbcdefghijkl");
        // Whatever reads it and writes it again may use other spaces.
        assertThat(faults(text.replaceAll("\\s*\n\\s*", ""))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                    "\"sha256\" : \"abababab\"           | \"sha256\" : \"cdcdcdcd\"           | document was changed",
                    "\"event\" : \"Completed\"           | \"event\" : \"Failed\"              | document was changed",
                    "SHA256:q                            | SHA256:r                            | document was changed",
                    "\"partition\" : 3                   | \"partition\" : 4                   | changed",
                    "\"what\" : \"redrive\"              | \"what\" : \"cancel\"               | record 2 was changed",
                    "\"who\" : \"ann\"                   | \"who\" : \"bob\"                   | was changed",
                    "\"form\" : 1                        | \"form\" : 2                        | form 2",
                    "\"signature\" : \"                  | \"signature\" : \"00                | signature",
                    "\"document\"                        | \"documents\"                       | no evidence",
            })
    void shouldBeBrokenIfAnythingWasChanged(String was, String is, String fault) throws Exception {
        String text = evidence(Optional.of(key));
        assertThat(text).contains(was);

        assertThat(faults(text.replace(was, is))).anySatisfy(found -> assertThat(found).contains(fault));
    }

    @Test
    void shouldBeBrokenIfAnActionIsLeftOut() throws Exception {
        String text = evidence(Optional.of(key));
        Evidence whole = ApiJson.read(text, Evidence.class);
        var without = new Evidence(1, whole.document(), whole.audit().subList(1, 3));

        assertThat(faults(without.text())).singleElement().asString().contains("[2, 5]");
        assertThat(faults(new Evidence(1, whole.document(), whole.audit().subList(0, 2)).text()))
                .singleElement().asString().contains("no entry with its digest");
    }

    @Test
    void shouldProveNothingWithoutASignatureOfTheKey() throws Exception {
        assertThat(faults(evidence(Optional.empty()))).allSatisfy(fault -> assertThat(fault).contains("not signed"));
        assertThat(faults(evidence(Optional.of(SigningKey.random()))))
                .allSatisfy(fault -> assertThat(fault).contains("signed by another key"));
    }

    @ParameterizedTest
    @CsvSource({"{}", "[]", "null", "no JSON"})
    void shouldSayThatAnotherFileIsNoEvidence(String text) {
        assertThat(faults(text)).singleElement().asString().contains("no evidence");
    }
}
