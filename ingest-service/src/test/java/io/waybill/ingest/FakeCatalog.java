package io.waybill.ingest;

import io.waybill.domain.SourceObject;
import io.waybill.store.ObjectCatalog;
import io.waybill.store.ObjectVersion;
import io.waybill.store.StoreException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has every object unless told otherwise. */
class FakeCatalog implements ObjectCatalog {
    static final Instant WRITTEN = Instant.parse("2026-03-02T08:15:30Z");

    final Map<String, Answer> answers = new ConcurrentHashMap<>();
    /** Keys that the store does not describe, although it answers for the bucket. */
    final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    /** Buckets for which it does not answer. */
    final Set<String> away = ConcurrentHashMap.newKeySet();
    /** Keys about which it says nothing until it is told to. */
    final Map<String, CountDownLatch> silent = new ConcurrentHashMap<>();
    final Set<String> asked = ConcurrentHashMap.newKeySet();
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
        asked.add(object.key());
        CountDownLatch silence = silent.get(object.key());
        if (silence != null) {
            await(silence);
        }
        if (away.contains(object.bucket())) {
            throw new StoreException("no connection for " + object.key());
        }
        if (forbidden.contains(object.key())) {
            throw StoreException.ofObject("403 for " + object.key(), new IllegalStateException("403"));
        }
        return answers.getOrDefault(object.key(), new Answer.Found(object(object.key())));
    }

    private static void await(CountDownLatch silence) throws StoreException {
        try {
            silence.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted", e);
        }
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
