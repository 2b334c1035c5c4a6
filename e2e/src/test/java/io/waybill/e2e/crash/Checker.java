package io.waybill.e2e.crash;

import java.util.List;
import java.util.stream.Stream;

/** One promise of the product, as code that judges a run. */
interface Checker {
    /** In one sentence. */
    String promise();

    /** What is wrong with one file. */
    Stream<String> faults(FileHistory file);

    default List<Violation> violations(History history) {
        return history.files().stream()
                .flatMap(file -> faults(file).map(fault -> new Violation(promise(), file.name(), fault, file.told())))
                .toList();
    }

    /** All promises. */
    static List<Checker> all() {
        return List.of(
                new OneFinalState(),
                new CompletedIffPublishedOnce(),
                new NoPartialFile(),
                new OneRenameForSending(),
                new CompletedRecordedOnce(),
                new OneReadyFile(),
                new AttemptsDoNotOverlap(),
                new NothingLost(),
                new NewerStays(),
                new SupersededByNewer(),
                new OneDeliveryForAsking(),
                new InDoubtOnlyWithoutEvidence());
    }
}
