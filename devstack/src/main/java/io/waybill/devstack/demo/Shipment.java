package io.waybill.devstack.demo;

import io.waybill.devstack.demo.LocalFiles.LocalFile;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Status;
import io.waybill.store.Content;
import java.time.Instant;
import java.util.Optional;

/** One local file on its way. */
sealed interface Shipment {
    LocalFile file();

    /** The store has the file. */
    record Stored(LocalFile file, Content content, FileId id) implements Shipment {}

    /**
     * The file did not reach the store.
     *
     * @param reason for people
     */
    record NotStored(LocalFile file, String reason) implements Shipment {}

    /** How a file ended. */
    enum Fate {
        /** The file arrived in this run. */
        DELIVERED,
        /** The file had arrived in an earlier run. */
        UNCHANGED,
        FAILED
    }

    /** What an ended state means to a run that began at this time. */
    static Fate fate(FileState state, Instant began) {
        if (state.status() != Status.COMPLETED) {
            return Fate.FAILED;
        }
        return state.changedAt().isBefore(began) ? Fate.UNCHANGED : Fate.DELIVERED;
    }

    /** Why a file was not delivered, for people. */
    static String reason(Optional<FileState> state) {
        return state.map(found -> switch (found.phase()) {
            case Phase.Failed failed ->
                failed.failure()
                        + (failed.failure().kind() == FailureKind.IN_DOUBT
                                ? "; './waybill resolve " + found.id() + "' ends the doubt"
                                : "; './waybill redrive " + found.id() + "' sends it again");
            case Phase.TimedOut timedOut -> "timed out: " + timedOut.kind();
            case Phase.Waiting waiting -> "still waits to be tried again: " + waiting.reason();
            case Phase.Queued _, Phase.Started _ -> "still " + found.status();
            case Phase.Completed _ -> "";
        }).orElse("was not noticed by the ingest-service");
    }
}
