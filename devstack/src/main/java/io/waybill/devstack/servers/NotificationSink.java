package io.waybill.devstack.servers;

import java.util.concurrent.CompletionStage;

/** Where the embedded store announces its objects. Called from any thread. */
@FunctionalInterface
public interface NotificationSink {
    /**
     * Hands over one announcement.
     *
     * @param recordKey tells announcements of one object from those of others
     * @param json one S3 event notification
     * @return completes when the announcement cannot be lost any more, exceptionally when it may be
     */
    CompletionStage<?> send(String recordKey, String json);
}
