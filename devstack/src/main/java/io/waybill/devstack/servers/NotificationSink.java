package io.waybill.devstack.servers;

import java.util.concurrent.CompletionStage;

/** The place to which the embedded store sends its announcements. Any thread calls it. */
@FunctionalInterface
public interface NotificationSink {
    /**
     * Takes one announcement.
     *
     * @param recordKey distinguishes the announcements of one object from those of others
     * @param json      one S3 event notification
     * @return completes when the announcement can no longer be lost; completes exceptionally if it may be lost
     */
    CompletionStage<?> send(String recordKey, String json);
}
