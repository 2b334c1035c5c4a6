package io.waybill.state.write;

import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.text.Reasons;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes changes in transactions of its own, because HTTP requests do not take part in the transactions of the stream.
 * One thread takes everything that waits and writes it in one transaction. So the more requests come, the more of them
 * share a transaction, and a slow transaction delays writers only.
 */
public final class TransactionalWriter implements ChangeWriter, AutoCloseable {
    /** Of one transaction: beyond it a single commit is no longer what takes the time. */
    static final int MOST_TOGETHER = 500;
    /** More requests than that are told at once that nothing is written. */
    static final int MOST_WAITING = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(TransactionalWriter.class);
    private static final int DELIVERY_TIMEOUT_MILLIS = 10_000;
    private static final int REQUEST_TIMEOUT_MILLIS = 5_000;
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LAST_CHANCE = Duration.ofSeconds(3);
    private static final String NOT_KNOWN = "it is not known whether the request was written: ";

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Topics topics;
    private final Duration patience;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private volatile boolean closed;
    private volatile @Nullable Thread thread;
    private volatile @Nullable Throwable failure;
    private volatile Runnable onFailure = () -> {};
    /** Used by the writer's thread only. Null until it is needed, and after each failure. */
    private @Nullable Producer<byte[], byte[]> current;

    /**
     * @param producers make transactional producers, all with the same transactional id; closed here
     * @param patience  the longest time for which a request waits
     */
    TransactionalWriter(Supplier<Producer<byte[], byte[]>> producers, Topics topics, Duration patience) {
        this.producers = producers;
        this.topics = topics;
        this.patience = patience;
    }

    /**
     * The writer of an instance.
     *
     * @param instance unique among the instances and the same after a restart, so that a restarted instance ends the
     *                 transaction that its earlier self left open
     */
    public static TransactionalWriter of(ClientSettings settings, Topics topics, String prefix, String instance) {
        Map<String, Object> properties =
                settings.transactionalProducer(prefix + "state-processor-" + instance + "-requests");
        // A client waits for the answer. After this time "not known" is an answer, too.
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "waybill-http-requests");
        return new TransactionalWriter(
                () -> new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()),
                topics,
                PATIENCE);
    }

    /** The records of a request, and the one that waits for them. */
    private record Waiting(List<ProducerRecord<byte[], byte[]>> records, CompletableFuture<Void> written) {}

    /** Some requests of a transaction cannot be written, each for a reason of its own. The others can. */
    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Map<Waiting, RuntimeException> reasons;

        RefusedException(Map<Waiting, RuntimeException> reasons) {
            super("requests that Kafka refuses: " + reasons.size(), reasons.values().iterator().next());
            this.reasons = reasons;
        }
    }

    /**
     * Call this once, before the first request comes.
     *
     * @param broken called if the writer ends by itself: no request is written any more, and the process must be restarted
     */
    public void start(Runnable broken) {
        onFailure = broken;
        thread = Thread.ofPlatform().name("state-processor-requests").start(this::run);
    }

    @Override
    public void write(Change change) {
        // Here, so that a change that cannot be serialized is the trouble of its own request alone.
        var waiting = new Waiting(change.records(topics), new CompletableFuture<>());
        if (thread == null || closed) {
            throw new NotWrittenException("the request was not written: the state-processor does not run");
        }
        if (!queue.offer(waiting)) {
            throw new NotWrittenException("the request was not written: too many others wait");
        }
        await(waiting);
    }

    /** What ended the writer; empty while it runs, and if it was asked to end. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** How many requests nobody writes yet. */
    int waiting() {
        return queue.size();
    }

    private void await(Waiting waiting) {
        try {
            waiting.written().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            String reason = Reasons.of(e.getCause() == null ? e : e.getCause());
            throw new NotWrittenException(reason, e);
        } catch (TimeoutException e) {
            throw queue.remove(waiting)
                    ? new NotWrittenException("the request was not written: Kafka is slow", e)
                    : new NotWrittenException(NOT_KNOWN + "Kafka is slow", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void run() {
        try {
            open();
            while (!closed) {
                Waiting first = queue.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    var together = new ArrayList<Waiting>();
                    together.add(first);
                    queue.drainTo(together, MOST_TOGETHER - 1);
                    answer(together);
                }
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            // An Error, such as no memory, leaves the whole process in doubt. A new thread would only hide it.
            failure = e;
        } finally {
            closed = true;
            fail(List.copyOf(queue), new NotWrittenException("the request was not written: the process ends"));
            end();
        }
    }

    private void end() {
        try {
            discard();
        } finally {
            if (failure != null) {
                onFailure.run();
            }
        }
    }

    /** At once, since it ends the transaction of the earlier self, for whose end all readers wait. */
    private void open() {
        try {
            producer();
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            // The first request tries again.
            warn(e);
            discard();
        }
    }

    private void answer(List<Waiting> together) {
        try {
            write(together);
        } catch (RuntimeException | Error e) {
            // Those that have an answer keep it.
            fail(together, new NotWrittenException(NOT_KNOWN + "the process ends", e));
            throw e;
        }
    }

    private void write(List<Waiting> together) {
        try {
            if (!prepared(together)) {
                // With a new producer: an id that was not used for a week is forgotten by Kafka.
                prepare(together);
            }
        } catch (InterruptException e) {
            fail(together, new NotWrittenException("the request was not written: the process ends", e));
            throw e;
        } catch (RefusedException e) {
            warn(e);
            discard();
            e.reasons.forEach((waiting, why) -> fail(List.of(waiting), notWritten(why)));
            List<Waiting> others = together.stream().filter(one -> !e.reasons.containsKey(one)).toList();
            if (!others.isEmpty()) {
                write(others);
            }
            return;
        } catch (RuntimeException e) {
            warn(e);
            discard();
            fail(together, notWritten(e));
            return;
        }
        commit(together);
    }

    private boolean prepared(List<Waiting> together) {
        try {
            prepare(together);
            return true;
        } catch (InterruptException | RefusedException e) {
            throw e;
        } catch (RuntimeException e) {
            warn(e);
            discard();
            return false;
        }
    }

    private static NotWrittenException notWritten(RuntimeException why) {
        return new NotWrittenException("the request was not written: " + Reasons.of(why), why);
    }

    /** If it fails, nothing is written: the next producer ends the transaction. */
    private void prepare(List<Waiting> together) {
        Producer<byte[], byte[]> producer = producer();
        producer.beginTransaction();
        var sent = new IdentityHashMap<Waiting, List<Future<RecordMetadata>>>();
        @Nullable RuntimeException stopped = send(producer, together, sent);
        // Also if it was stopped: only then each record says why.
        producer.flush();
        var refused = new IdentityHashMap<Waiting, RuntimeException>();
        for (Map.Entry<Waiting, List<Future<RecordMetadata>>> request : sent.entrySet()) {
            for (Future<RecordMetadata> record : request.getValue()) {
                @Nullable RuntimeException failed = failure(record);
                if (failed != null && ofItsRecord(failed)) {
                    refused.putIfAbsent(request.getKey(), failed);
                } else if (stopped == null) {
                    stopped = failed;
                }
            }
        }
        if (!refused.isEmpty()) {
            throw new RefusedException(refused);
        }
        if (stopped != null) {
            throw stopped;
        }
    }

    /**
     * Sends until the producer takes no more, because one of the records before has failed.
     *
     * @return why it takes no more; null if it took all
     */
    private static @Nullable RuntimeException send(
            Producer<byte[], byte[]> producer,
            List<Waiting> together,
            Map<Waiting, List<Future<RecordMetadata>>> sent) {
        for (Waiting waiting : together) {
            var records = new ArrayList<Future<RecordMetadata>>();
            sent.put(waiting, records);
            for (ProducerRecord<byte[], byte[]> record : waiting.records()) {
                try {
                    records.add(producer.send(record));
                } catch (InterruptException e) {
                    throw e;
                } catch (RuntimeException e) {
                    if (ofItsRecord(e)) {
                        records.add(CompletableFuture.failedFuture(e));
                    }
                    return e;
                }
            }
        }
        return null;
    }

    /** Whether it is the trouble of this record, wherever it is sent with. All others are of the transaction. */
    private static boolean ofItsRecord(RuntimeException failure) {
        return failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof InvalidRecordException
                || failure instanceof InvalidTopicException
                || failure instanceof TopicAuthorizationException
                || failure instanceof PolicyViolationException;
    }

    private static @Nullable RuntimeException failure(Future<RecordMetadata> sent) {
        try {
            sent.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause() instanceof KafkaException known ? known : new KafkaException(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void commit(List<Waiting> together) {
        try {
            commit(producer());
        } catch (InterruptException e) {
            fail(together, new NotWrittenException(NOT_KNOWN + "the process ends", e));
            throw e;
        } catch (RuntimeException e) {
            warn(e);
            discard();
            fail(together, new NotWrittenException(NOT_KNOWN + Reasons.of(e), e));
            return;
        }
        together.forEach(waiting -> waiting.written().complete(null));
    }

    private static void commit(Producer<byte[], byte[]> producer) {
        try {
            producer.commitTransaction();
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            // The same commit may be asked for again, and often succeeds when a broker was replaced.
            producer.commitTransaction();
        }
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> producer = current;
        if (producer == null) {
            producer = producers.get();
            current = producer;
            producer.initTransactions();
        }
        return producer;
    }

    private void discard() {
        Producer<byte[], byte[]> producer = current;
        current = null;
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
    }

    private static void fail(List<Waiting> together, NotWrittenException why) {
        together.forEach(waiting -> waiting.written().completeExceptionally(why));
    }

    private static void warn(RuntimeException e) {
        LOG.atWarn()
                .addKeyValue("failure", e.toString())
                .log("The transaction of requests failed; the next one has a new producer");
    }

    @Override
    public void close() {
        closed = true;
        Thread started = thread;
        if (started == null) {
            return;
        }
        try {
            if (!started.join(LAST_CHANCE)) {
                started.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
