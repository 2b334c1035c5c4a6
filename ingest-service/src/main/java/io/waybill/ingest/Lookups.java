package io.waybill.ingest;

import io.waybill.runtime.time.Backoff;
import io.waybill.store.ObjectCatalog;
import io.waybill.store.ObjectCatalog.Answer;
import io.waybill.store.ObjectVersion;
import io.waybill.store.StoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the object store the questions of one batch, in parallel on virtual threads. A question that the store does not
 * answer is asked again, with growing pauses and without end, because the reader of the topic must not continue past it.
 *
 * <p>One thread makes, awaits and closes it.
 */
final class Lookups implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lookups.class);

    /**
     * How to ask the questions.
     *
     * @param concurrency questions at one time, 1 or more
     * @param backoff     the pause before a question is asked again
     */
    record Policy(int concurrency, Backoff backoff) {
        static final Policy DEFAULT = new Policy(64, new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30)));
    }

    private final ObjectCatalog store;
    private final Policy policy;
    private final Queue<ObjectVersion> questions;
    private final Map<ObjectVersion, Answer> answers = new ConcurrentHashMap<>();
    private final Map<ObjectVersion, String> unanswered = new ConcurrentHashMap<>();
    private final CountDownLatch open;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Throwable bug;

    /** Begins to ask for each object once. */
    Lookups(ObjectCatalog store, Collection<ObjectVersion> objects, Policy policy) {
        this.store = store;
        this.policy = policy;
        this.questions = new ConcurrentLinkedQueue<>(objects);
        this.open = new CountDownLatch(objects.size());
        int threads = Math.min(policy.concurrency(), objects.size());
        for (int i = 0; i < threads; i++) {
            Thread.ofVirtual().name("ingest-lookup-" + i).start(this::ask);
        }
    }

    private void ask() {
        try {
            ObjectVersion next = questions.poll();
            while (next != null && answered(next)) {
                open.countDown();
                next = questions.poll();
            }
        } catch (Throwable e) {
            // This also catches an Error. Otherwise the thread that waits for the answers would wait for ever.
            bug = e;
            while (open.getCount() > 0) {
                open.countDown();
            }
        }
    }

    /** Returns false if this object was closed before the store answered. */
    private boolean answered(ObjectVersion object) {
        for (int failures = 1; closed.getCount() > 0; failures++) {
            try {
                answers.put(object, store.describe(object));
                unanswered.remove(object);
                return true;
            } catch (StoreException e) {
                unanswered.put(object, String.valueOf(e.getMessage()));
                LOG.atDebug()
                        .addKeyValue("bucket", object.bucket())
                        .addKeyValue("key", object.key())
                        .addKeyValue("attempt", failures)
                        .addKeyValue("failure", e.getMessage())
                        .log("The object store does not say whether an object is there; ingest asks again");
                if (closedWithin(policy.backoff().after(failures))) {
                    return false;
                }
            }
        }
        return false;
    }

    private boolean closedWithin(Duration wait) {
        try {
            return closed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /**
     * Waits until the store has answered all questions, at most for this duration. Returns whether it has. Throws if an
     * unforeseen failure ended a question.
     */
    boolean answeredWithin(Duration wait) throws InterruptedException {
        boolean all = open.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        if (bug != null) {
            throw new IllegalStateException("a question to the object store failed in an unforeseen way", bug);
        }
        return all;
    }

    /** The answers. They are complete after {@link #answeredWithin} has returned true. */
    Map<ObjectVersion, Answer> answers() {
        return answers;
    }

    /** The reason why a question is open, for people. It is empty if no question is asked again. */
    Optional<String> trouble() {
        return unanswered.values().stream().findFirst();
    }

    /** Stops asking. Does not wait for questions under way. */
    @Override
    public void close() {
        closed.countDown();
    }
}
