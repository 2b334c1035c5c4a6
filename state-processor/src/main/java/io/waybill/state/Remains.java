package io.waybill.state;

import io.waybill.runtime.api.forget.ForgetAnswer.Remaining;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topic.Cleanup;
import io.waybill.runtime.topic.Topics;
import java.util.List;

/**
 * Says what the topics still hold of a file that is forgotten, and until when. No topic is rewritten: each loses its old
 * records as it always does. The times are those with which {@code ./waybill topics} creates the topics.
 */
final class Remains {
    private Remains() {}

    /**
     * The topics that hold data of a file, in the order in which a file passes through them.
     *
     * @param application the application id of the state-processor, with which the names of its changelogs begin
     */
    static List<Remaining> of(Topics topics, String application) {
        String compacted = until(topics.fileState().layout().cleanup());
        return List.of(
                remaining(topics.s3Notifications(), "bucket and key, in the store's notification"),
                remaining(topics.ingestRetry(), "bucket and key, if the notification waited for the store"),
                remaining(topics.fileEvents(), "bucket, key, ETag, path and SHA-256, and who did what and why"),
                remaining(topics.fileState(), "its former states"),
                new Remaining(application + "-files-changelog", "its former states", compacted),
                new Remaining(application + "-history-changelog", "its former history", compacted),
                remaining(topics.transferWork(), "bucket, key and path"),
                remaining(topics.transferLedger(), "path and SHA-256, while it was delivered"),
                remaining(topics.workerStatus(), "the last part of its path, while it was delivered"),
                remaining(topics.deliveryIndex(), "digests of destination, path, bucket, key and ETag"),
                remaining(topics.readyFiles(), "bucket, key, path and SHA-256"),
                remaining(topics.deadLetters(), "a former state, if it was given up once"),
                remaining(topics.auditEntries(), "who did what with it and why, under its id"),
                remaining(topics.audit(), "the same, as a chain that nobody can change unseen"));
    }

    private static Remaining remaining(Topic<?, ?> topic, String holds) {
        return new Remaining(topic.name(), holds, until(topic.layout().cleanup()));
    }

    private static String until(Cleanup cleanup) {
        return switch (cleanup) {
            case Cleanup.AfterDays(int days) -> days + " days after each record was written";
            case Cleanup.NotBeforeDays(int days) -> days + " days after each record was written, or later";
            case Cleanup.Compacted() -> "the broker compacts the topic: a day after the newer record at the earliest";
            case Cleanup.CompactedSoon() -> "minutes after the record that replaces or removes it";
            case Cleanup.Kept() -> "the worker removes finished work from the beginning of the partition";
        };
    }
}
