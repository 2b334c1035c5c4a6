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
 * Where decisions leave, each for its sink. The one place where the type of a record is no longer checked.
 *
 * <p>Records carry the time of the record that caused them and not of the event: that one is somebody's word, and one
 * too far ahead is refused by the broker and would stop the stream at this record for good.
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
     * Tells others what a move means to them.
     *
     * @param file where the move led to
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

    /** Lets the workers forget that a file's work was given up. */
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
