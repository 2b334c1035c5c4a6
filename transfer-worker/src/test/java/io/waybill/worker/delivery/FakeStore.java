package io.waybill.worker.delivery;

import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import io.waybill.store.ObjectArchivedException;
import io.waybill.store.ObjectReader;
import io.waybill.worker.Works;
import io.waybill.worker.connections.SourceDownException;
import io.waybill.worker.connections.SourceGate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A store in memory that gives what was put, and nothing else. */
final class FakeStore implements ObjectReader, SourceGate {
    private final Map<SourceObject, byte[]> objects = new ConcurrentHashMap<>();
    private final Set<SourceObject> archived = ConcurrentHashMap.newKeySet();
    private volatile boolean down;
    private int downAfter;

    SourceObject put(String key, byte[] content) {
        SourceObject object = Works.object(key, content);
        objects.put(object, content);
        return object;
    }

    /** Gives other bytes for an object than it says it has. */
    void corrupt(SourceObject object, byte[] content) {
        objects.put(object, content);
    }

    /** Moves an object into an archive. */
    void archive(SourceObject object) {
        archived.add(object);
    }

    void remove(SourceObject object) {
        objects.remove(object);
    }

    /** Breaks off after so many bytes of an object, and is away from then on. */
    void goesDownAfter(int bytes) {
        downAfter = bytes;
    }

    void isDown() {
        down = true;
    }

    @Override
    public void requireUp(String bucket) throws SourceDownException {
        if (down) {
            throw away();
        }
    }

    private static SourceDownException away() {
        return new SourceDownException(
                new Failure(FailureKind.SOURCE_UNREACHABLE, "the store is away"), Instant.EPOCH.plusSeconds(60));
    }

    @Override
    public InputStream open(SourceObject object) throws TransferException {
        byte[] content = objects.get(object);
        if (archived.contains(object)) {
            throw new ObjectArchivedException("restore it", new IOException("403 InvalidObjectState"));
        }
        if (content == null) {
            throw new TransferException(FailureKind.SOURCE_GONE, object.key() + " does not exist any more");
        }
        return downAfter == 0
                ? new ByteArrayInputStream(content)
                : new SequenceInputStream(new ByteArrayInputStream(content, 0, downAfter), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        down = true;
                        throw new IOException("connection reset", away());
                    }

                    @Override
                    public int read(byte[] bytes, int from, int length) throws IOException {
                        return read();
                    }
                });
    }

    @Override
    public void close() {
        // Holds nothing but memory.
    }
}
