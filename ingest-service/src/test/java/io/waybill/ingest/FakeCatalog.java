package io.waybill.ingest;

import io.waybill.domain.SourceObject;
import io.waybill.store.ObjectCatalog;
import io.waybill.store.ObjectVersion;
import io.waybill.store.StoreException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has every object unless told otherwise. */
class FakeCatalog implements ObjectCatalog {
    static final Instant WRITTEN = Instant.parse("2026-03-02T08:15:30Z");

    final Map<String, Answer> answers = new ConcurrentHashMap<>();
    final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    final AtomicInteger questions = new AtomicInteger();
    volatile boolean closed;
    volatile @Nullable RuntimeException bug;

    static SourceObject object(String key) {
        return new SourceObject("outbound", key, null, "d41d8cd9", 3, WRITTEN);
    }

    @Override
    public Answer describe(ObjectVersion object) throws StoreException {
        questions.incrementAndGet();
        RuntimeException unforeseen = bug;
        if (unforeseen != null) {
            throw unforeseen;
        }
        if (forbidden.contains(object.key())) {
            throw new StoreException("403 for " + object.key());
        }
        return answers.getOrDefault(object.key(), new Answer.Found(object(object.key())));
    }

    @Override
    public void list(String bucket, String prefix, Consumer<SourceObject> each) {
        throw new UnsupportedOperationException("ingest lists nothing");
    }

    @Override
    public void requireBucket(String bucket) {
        throw new UnsupportedOperationException("ingest asks for objects only");
    }

    @Override
    public void close() {
        closed = true;
    }
}
