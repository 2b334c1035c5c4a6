package io.waybill.monitor;

import io.waybill.domain.DeadLetter;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Setback;
import io.waybill.domain.Stage;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Remembers what set files back, and writes a letter with all of it when one is given up. */
final class Letters {
    private final ProcessorContext<Object, Object> context;
    private final KeyValueStore<FileId, Setbacks> setbacks;
    private final MonitorMetrics metrics;

    Letters(
            ProcessorContext<Object, Object> context,
            KeyValueStore<FileId, Setbacks> setbacks,
            MonitorMetrics metrics) {
        this.context = context;
        this.setbacks = setbacks;
        this.metrics = metrics;
    }

    /**
     * Takes note of a state that is newer than any before it.
     *
     * @param timestamp of the record that told of it: the event's own is somebody's word, and the broker checks
     */
    void note(FileState file, long timestamp) {
        Setback setback = Setback.of(file);
        if (setback != null) {
            Setbacks before = setbacks.get(file.id());
            setbacks.put(file.id(), (before == null ? Setbacks.NONE : before).plus(setback));
        }
        switch (file.phase()) {
            case Phase.Open _ -> {
                // A redriven file keeps what it went through.
            }
            case Phase.Failed failed -> write(file, reason(file, failed), timestamp);
            case Phase.TimedOut timedOut -> write(file, reason(timedOut), timestamp);
            case Phase.Completed _ -> forget(file.id());
        }
    }

    /** To be called when nothing more can be written of a file. */
    void forget(FileId id) {
        // Looked up first: most files never had any, and a deletion is written even where there is nothing.
        if (setbacks.get(id) != null) {
            setbacks.delete(id);
        }
    }

    private void write(FileState file, String reason, long timestamp) {
        Setbacks history = setbacks.get(file.id());
        var letter = new DeadLetter.GivenUp(file, reason, history == null ? Setbacks.NONE.all() : history.all());
        byte[] key = file.id().value().getBytes(StandardCharsets.UTF_8);
        context.forward(new Record<>(key, letter, timestamp), MonitorTopology.TO_DEAD_LETTERS);
        metrics.deadLetter(file);
    }

    private static String reason(FileState file, Phase.Failed failed) {
        boolean inDoubt = failed.stage() == Stage.DELIVERY && failed.failure().kind() == FailureKind.IN_DOUBT;
        // It may be the second letter about the file, after one that spoke of a redrive: this one must not be overlooked.
        return inDoubt
                ? failed.failure() + "; ask the partner, then ./waybill resolve " + file.id()
                        + " --delivered | --resend"
                : failed.failure().toString();
    }

    private static String reason(Phase.TimedOut timedOut) {
        return switch (timedOut.kind()) {
            case UNCLAIMED -> "nobody took up " + timedOut.stage() + " " + timedOut.attempt() + " in time";
            case UNFINISHED -> "nobody reported the end of " + timedOut.stage() + " " + timedOut.attempt() + " in time";
            case RETRY_DUE -> throw new IllegalStateException("a due retry is no time-out");
        };
    }
}
