package io.waybill.runtime.halt;

import io.waybill.domain.ControlRecord;
import io.waybill.domain.FileId;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.topic.ControlsReader;
import io.waybill.runtime.topic.TopicFollower;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads {@code controls} on a thread of its own: every instance needs all of them, whatever partitions it owns. If that
 * thread ends, files that wait are still tried when their time comes.
 */
public final class ControlsFollower implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final TopicFollower<FileId, ControlRecord> follower;

    /**
     * @param service  for names of threads and clients
     * @param listener called by this thread
     */
    public ControlsFollower(
            String service, ClientSettings settings, Topics topics, ControlsReader.Listener listener) {
        follower = new TopicFollower<>(
                service + "-controls", settings, WAIT, topics.controls(), ControlsReader.once(listener));
    }

    public void start() {
        follower.start();
    }

    /** As {@link TopicFollower#caughtUp}. */
    public boolean caughtUp() {
        return follower.caughtUp();
    }

    /** As {@link TopicFollower#awaitRead}. */
    public boolean awaitRead(Duration patience) throws InterruptedException {
        return follower.awaitRead(patience);
    }

    /** As {@link TopicFollower#fault}. */
    public Optional<String> fault() {
        return follower.fault();
    }

    @Override
    public void close() {
        follower.close();
    }
}
