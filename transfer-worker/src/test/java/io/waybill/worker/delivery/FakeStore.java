package io.waybill.worker.delivery;

import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import io.waybill.store.ObjectReader;
import io.waybill.worker.Works;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A store in memory that gives what was put, and nothing else. */
final class FakeStore implements ObjectReader {
    private final Map<SourceObject, byte[]> objects = new ConcurrentHashMap<>();

    SourceObject put(String key, byte[] content) {
        SourceObject object = Works.object(key, content);
        objects.put(object, content);
        return object;
    }

    /** Gives other bytes for an object than it says it has. */
    void corrupt(SourceObject object, byte[] content) {
        objects.put(object, content);
    }

    void remove(SourceObject object) {
        objects.remove(object);
    }

    @Override
    public InputStream open(SourceObject object) throws TransferException {
        byte[] content = objects.get(object);
        if (content == null) {
            throw new TransferException(FailureKind.SOURCE_GONE, object.key() + " does not exist any more");
        }
        return new ByteArrayInputStream(content);
    }

    @Override
    public void close() {
        // Holds nothing but memory.
    }
}
