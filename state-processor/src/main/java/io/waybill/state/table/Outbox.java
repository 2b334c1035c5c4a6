package io.waybill.state.table;

import io.waybill.domain.DeadLetter.Poison;
import io.waybill.domain.Effect;
import io.waybill.domain.Effect.Announce;
import io.waybill.domain.Effect.Dispatch;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
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
    static final String READY_FILES = "to-ready-files";
    static final String DEAD_LETTERS = "to-dead-letters";

    private final ProcessorContext<Object, Object> context;
    private final Rules rules;

    Outbox(ProcessorContext<Object, Object> context, Rules rules) {
        this.context = context;
        this.rules = rules;
    }

    void state(FileState file, long timestamp) {
        context.forward(new Record<>(file.id(), file, timestamp), FILE_STATE);
    }

    void effect(Effect effect, long timestamp) {
        switch (effect) {
            case Dispatch(var work) ->
                context.forward(
                        new Record<>(rules.lane(work.target()).key(), work, timestamp), TRANSFER_WORK);
            case Announce(var file) -> context.forward(new Record<>(file.id(), file, timestamp), READY_FILES);
        }
    }

    void deadLetter(Poison letter, long timestamp) {
        context.forward(new Record<>(letter.key(), letter, timestamp), DEAD_LETTERS);
    }

    void tombstone(FileId id, long timestamp) {
        context.forward(new Record<>(id, null, timestamp), FILE_STATE);
    }
}
