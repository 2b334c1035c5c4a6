package io.waybill.state.table;

import static java.util.Objects.requireNonNull;

import io.waybill.domain.DeadLetter.Poison;
import io.waybill.domain.Effect;
import io.waybill.domain.Effect.Announce;
import io.waybill.domain.Effect.Dispatch;
import io.waybill.domain.Effect.GiveUp;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Lane;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends each decision to its sink. Only here the compiler does not check the type of a record.
 *
 * <p>A record carries the time of the record that caused it, not the time of the event. The sender chooses the event's
 * time. If that time is too far in the future, the broker refuses the record, and the stream would stop at this record
 * for good.
 */
final class Outbox {
    static final String FILE_STATE = "to-file-state";
    static final String TRANSFER_WORK = "to-transfer-work";
    static final String CONTROLS = "to-controls";
    static final String READY_FILES = "to-ready-files";
    static final String DEAD_LETTERS = "to-dead-letters";

    private final ProcessorContext<Object, Object> context;

    Outbox(ProcessorContext<Object, Object> context) {
        this.context = context;
    }

    void state(FileState file, long timestamp) {
        context.forward(new Record<>(file.id(), file, timestamp), FILE_STATE);
    }

    /**
     * Writes what another service must do because of a move.
     *
     * @param file the file after the move
     */
    void effect(Effect effect, FileState file, long timestamp) {
        switch (effect) {
            case Dispatch(var work) -> {
                int lane = requireNonNull(file.lane(), "a file with work has a lane");
                String key = new Lane(work.target().destination(), lane).key();
                context.forward(new Record<>(key, work, timestamp), TRANSFER_WORK);
            }
            case GiveUp(var control) -> context.forward(new Record<>(control.id(), control, timestamp), CONTROLS);
            case Announce(var ready) -> context.forward(new Record<>(ready.id(), ready, timestamp), READY_FILES);
        }
    }

    /** Lets the workers forget that the work of a file was given up. */
    void release(FileId id, long timestamp) {
        context.forward(new Record<>(id, null, timestamp), CONTROLS);
    }

    void deadLetter(Poison letter, long timestamp) {
        context.forward(new Record<>(letter.key(), letter, timestamp), DEAD_LETTERS);
    }

    void tombstone(FileId id, long timestamp) {
        context.forward(new Record<>(id, null, timestamp), FILE_STATE);
    }
}
