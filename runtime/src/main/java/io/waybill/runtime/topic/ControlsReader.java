package io.waybill.runtime.topic;

import io.waybill.domain.ControlRecord;
import io.waybill.domain.FileId;
import io.waybill.domain.Release;
import io.waybill.domain.Suspension;
import io.waybill.runtime.time.Pause;
import io.waybill.runtime.topic.TopicReader.Met;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code controls} to its end, and follows the topic from there. After any error it starts again and keeps what it
 * knows. It says each release and each suspension once: an old one must not let a place be tried now. A control that
 * cannot be read is left out: the work that it would stop continues. {@link #run} runs on the reader's own thread; any
 * thread may call the other methods.
 */
public final class ControlsReader {
    private final TopicReader<FileId, ControlRecord> reader;

    /** Takes what was read. Called by the reader's thread. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param record null for a tombstone
         */
        void read(FileId key, @Nullable ControlRecord record);
    }

    /**
     * @param consumers makes consumers that read committed records, in no group; closed here
     * @param ends      as for {@link TopicReader}
     * @param pause     taken before the reader starts again after an error
     */
    public ControlsReader(
            Supplier<Consumer<byte[], byte[]>> consumers,
            TopicReader.Ends ends,
            Topic<FileId, ControlRecord> topic,
            Listener listener,
            Pause pause) {
        reader = new TopicReader<>(consumers, ends, topic, once(listener), pause);
    }

    /** Lets no old release and no old suspension pass that was read before: files would start that are paused now. */
    public static TopicReader.Listener<FileId, ControlRecord> once(Listener listener) {
        return (key, record, met) -> {
            if (met != Met.AGAIN || !(record instanceof Release || record instanceof Suspension)) {
                listener.read(key, record);
            }
        };
    }

    /** As {@link TopicReader#awaitRead}. */
    public boolean awaitRead(Duration patience) throws InterruptedException {
        return reader.awaitRead(patience);
    }

    /** As {@link TopicReader#wakeup}. */
    public void wakeup() {
        reader.wakeup();
    }

    /** Reads until {@code stopped} says so. */
    public void run(BooleanSupplier stopped) throws InterruptedException {
        reader.run(stopped);
    }
}
