package io.waybill.ingest;

import io.waybill.ingest.BatchResult.Failure;
import io.waybill.ingest.parked.Buckets;
import io.waybill.ingest.parked.Buckets.Fault;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.ObjectCatalog;
import io.waybill.store.ObjectCatalog.Answer;
import io.waybill.store.StoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the object store the questions of one batch, once each, on virtual threads. Each bucket has threads of its own, so
 * that a slow one does not delay the questions about the others.
 *
 * <p>One thread makes, awaits and closes it.
 */
final class Lookups implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lookups.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    /**
     * How to ask the questions.
     *
     * @param concurrency questions about one bucket at one time, 1 or more. Those of earlier batches count that nobody waits
     *                    for any more
     * @param budget      the longest time for all questions of a batch
     * @param stall       the longest time without an answer about a bucket
     */
    record Policy(int concurrency, Duration budget, Duration stall) {
        static final Policy DEFAULT = new Policy(48, Duration.ofSeconds(2), Duration.ofMillis(250));
    }

    private final ObjectCatalog store;
    private final Buckets buckets;
    private final Policy policy;
    private final ProcessClock clock;
    private final Map<Question, Answer> answers = new ConcurrentHashMap<>();
    private final Map<Question, Failure> failures = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> open = new ConcurrentHashMap<>();
    private final Map<String, Long> lastAnswer = new ConcurrentHashMap<>();
    private final long deadline;
    private volatile boolean closed;
    private volatile @Nullable Error error;

    /** Begins to ask. */
    Lookups(
            ObjectCatalog store,
            Collection<Question> questions,
            Buckets buckets,
            Policy policy,
            ProcessClock clock) {
        this.store = store;
        this.buckets = buckets;
        this.policy = policy;
        this.clock = clock;
        this.deadline = clock.after(policy.budget());
        long begun = clock.nanos();
        questions.stream()
                .collect(Collectors.groupingBy(
                        question -> question.object().bucket(), Collectors.toCollection(ConcurrentLinkedQueue::new)))
                .forEach((bucket, ofBucket) -> {
                    // Keys that hang while others are answered would otherwise take the connections of all buckets.
                    int threads = Math.min(policy.concurrency() - buckets.underWay(bucket), ofBucket.size());
                    if (threads <= 0) {
                        return;
                    }
                    var latch = new CountDownLatch(ofBucket.size());
                    open.put(bucket, latch);
                    lastAnswer.put(bucket, begun);
                    for (int i = 0; i < threads; i++) {
                        Thread.ofVirtual().name("ingest-lookup-" + i).start(() -> ask(ofBucket, latch));
                    }
                });
    }

    private void ask(Queue<Question> questions, CountDownLatch latch) {
        try {
            for (Question next = questions.poll(); next != null && !closed; next = questions.poll()) {
                counted(next);
                latch.countDown();
            }
        } catch (Error e) {
            // Otherwise the thread that waits for the answers would park the questions, and nobody would learn of it.
            error = e;
            while (latch.getCount() > 0) {
                latch.countDown();
            }
        }
    }

    private void counted(Question question) {
        buckets.begins(question.object().bucket());
        try {
            ask(question);
        } finally {
            buckets.ends(question.object().bucket());
        }
    }

    private void ask(Question question) {
        String bucket = question.object().bucket();
        long begun = clock.nanos();
        try {
            Answer answer = question.ask(store);
            buckets.answered(bucket, clock.since(begun));
            if (answer instanceof Answer.Archived(var advice)) {
                failures.put(question, new Failure(advice, true));
            } else {
                answers.put(question, answer);
            }
        } catch (StoreException e) {
            Fault fault = buckets.failed(bucket, question.object().key(), false, e);
            boolean ofObject = fault == Fault.OBJECT && e.scope() == StoreException.Scope.OBJECT;
            failures.put(question, new Failure(String.valueOf(e.getMessage()), ofObject));
        } catch (RuntimeException e) {
            // Whatever a name provokes in a library, it is this object that provokes it.
            LOG.atWarn()
                    .addKeyValue("bucket", bucket)
                    .addKeyValue("key", question.object().key())
                    .setCause(e)
                    .log("A question to the object store failed in an unforeseen way");
            failures.put(question, new Failure("unforeseen: " + e, true));
        }
        lastAnswer.put(bucket, clock.nanos());
    }

    /**
     * Waits until there is nothing left to wait for: all questions are answered or failed, or those that are left take
     * too long. Throws if an error ended a question.
     */
    BatchResult.Answers await() throws InterruptedException {
        while (!isOver()) {
            for (CountDownLatch latch : open.values()) {
                if (latch.getCount() > 0) {
                    boolean _ = latch.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        }
        if (error != null) {
            throw new IllegalStateException("a question to the object store ended with an error", error);
        }
        open.forEach((bucket, latch) -> {
            if (latch.getCount() > 0 && stalls(bucket)) {
                buckets.slow(bucket);
            }
        });
        return new BatchResult.Answers(Map.copyOf(answers), Map.copyOf(failures));
    }

    private boolean isOver() {
        return error != null
                || clock.isOver(deadline)
                || open.entrySet().stream()
                        .allMatch(one -> one.getValue().getCount() == 0 || stalls(one.getKey()));
    }

    private boolean stalls(String bucket) {
        return clock.since(lastAnswer.getOrDefault(bucket, 0L)).compareTo(policy.stall()) >= 0;
    }

    /** Begins no further question. Does not wait for questions under way; their outcome still tells of the bucket. */
    @Override
    public void close() {
        closed = true;
    }
}
