package io.waybill.ingest;

import io.waybill.domain.IngestRetry.Parked;
import io.waybill.store.ObjectCatalog;
import io.waybill.store.ObjectCatalog.Answer;
import io.waybill.store.ObjectVersion;
import io.waybill.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * What ingest asks the store about an object event.
 *
 * @param object with the decoded key
 * @param rawKey the key as the notification has it, if the store may mean it literally; else null
 */
record Question(ObjectVersion object, @Nullable String rawKey) {
    /** The question about an object that waits. If it settles, only its current version counts. */
    static Question about(Parked parked) {
        @Nullable String version = parked.settlesAt() == null ? parked.versionId() : null;
        return new Question(new ObjectVersion(parked.bucket(), parked.key(), version), parked.rawKey());
    }

    /** The object with the key as the notification has it. */
    private ObjectVersion literally(String key) {
        return new ObjectVersion(object.bucket(), key, object.versionId());
    }

    /**
     * Asks the store. If it does not have the decoded key, it may have the one that the notification shows.
     *
     * @throws StoreException as {@link ObjectCatalog#describe}
     */
    Answer ask(ObjectCatalog store) throws StoreException {
        Answer answer = store.describe(object);
        return answer instanceof Answer.Gone && rawKey != null ? store.describe(literally(rawKey)) : answer;
    }
}
