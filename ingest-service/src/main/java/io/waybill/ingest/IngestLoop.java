package io.waybill.ingest;

import io.waybill.runtime.service.Health;
import io.waybill.runtime.time.Backoff;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.store.ObjectCatalog;
import io.waybill.store.ObjectVersion;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls, looks objects up, publishes, and repeats. It handles one batch at a time, on one thread. While the object
 * store leaves a question open, the loop polls without taking records, so that it stays in the group. It never
 * continues past the record of an open question.
 */
final class IngestLoop {
    private static final Logger LOG = LoggerFactory.getLogger(IngestLoop.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration KEEP_ALIVE = Duration.ofMillis(200);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

    private final Consumer<byte[], byte[]> consumer;
    private final Membership membership;
    private final EventPublisher publisher;
    private final ObjectCatalog store;
    private final Lookups.Policy policy;
    private final Routing routing;
    private final Topics topics;
    private final IngestMetrics metrics;
    private final ProcessClock clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Health health = Health.starting("joins its consumer group");
    private int failures;

    /**
     * @param clients {@link #run} closes its consumer and its producers
     * @param store   the caller closes it
     */
    IngestLoop(
            KafkaClients clients,
            ObjectCatalog store,
            Lookups.Policy policy,
            Routing routing,
            Topics topics,
            IngestMetrics metrics,
            ProcessClock clock) {
        this.consumer = clients.consumer();
        this.membership = new Membership(consumer);
        this.publisher = new EventPublisher(
                clients::producer, this::isClosing, clients.fencing(clock));
        this.store = store;
        this.policy = policy;
        this.routing = routing;
        this.topics = topics;
        this.metrics = metrics;
        metrics.reads(consumer);
        this.clock = clock;
    }

    /** Returns after {@link #close}. Throws only failures that waiting cannot end. */
    void run() throws InterruptedException {
        try (consumer;
                publisher) {
            consumer.subscribe(Set.of(topics.s3Notifications().name()), membership);
            boolean settled = false;
            while (!isClosing()) {
                try {
                    if (!settled) {
                        publisher.open();
                        rewind();
                        settled = true;
                    }
                    pass();
                } catch (WakeupException e) {
                    LOG.atDebug().log("Woken up to stop");
                } catch (KafkaException e) {
                    settled = false;
                    afterFailure(e);
                }
            }
        }
    }

    private void pass() throws InterruptedException {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        if (!records.isEmpty()) {
            publish(Batch.of(records));
        }
        failures = 0;
        health = consumer.groupMetadata().generationId() > 0 ? Health.UP : Health.starting("joins its consumer group");
    }

    private void publish(Batch batch) throws InterruptedException {
        membership.begin();
        var owned = membership.owned();
        Set<ObjectVersion> questions = batch.all()
                .flatMap(reading -> reading.objectEvents().stream())
                .filter(ObjectEvent.Created.class::isInstance)
                .map(objectEvent -> ((ObjectEvent.Created) objectEvent).object())
                .filter(routing::takes)
                .collect(Collectors.toSet());
        try (var lookups = new Lookups(store, questions, policy)) {
            if (!lookups.answeredWithin(KEEP_ALIVE)) {
                owned = keepAlive(lookups);
            }
            if (!isClosing()) {
                commit(batch.only(owned.partitions()::contains), lookups, owned);
            }
        }
    }

    private Membership.Owned keepAlive(Lookups lookups) throws InterruptedException {
        membership.hold();
        try {
            do {
                if (!consumer.poll(Duration.ZERO).isEmpty()) {
                    throw new IllegalStateException("the consumer gave records of paused partitions");
                }
                lookups.trouble().ifPresent(this::waitingForStore);
            } while (!isClosing() && !lookups.answeredWithin(KEEP_ALIVE));
            return membership.owned();
        } finally {
            metrics.waiting(false);
            membership.release();
        }
    }

    private void waitingForStore(String trouble) {
        var waiting = new Health(Health.State.UP, "waits for the object store: " + trouble);
        if (!waiting.equals(health)) {
            LOG.atWarn()
                    .addKeyValue("failure", trouble)
                    .log("The object store does not answer a question; ingest waits, and loses nothing");
        }
        health = waiting;
        metrics.waiting(true);
    }

    private void commit(Batch batch, Lookups lookups, Membership.Owned owned) {
        if (batch.next().isEmpty()) {
            return;
        }
        var result = new BatchResult(routing, topics, lookups.answers(), clock.instant());
        batch.all().forEach(result::add);
        publisher.publish(result.records(), batch.next(), owned.metadata());
        metrics.committed(result.counts());
    }

    /**
     * After a failure only the group knows which records are done, so the consumer continues at the group's offsets.
     */
    private void rewind() {
        Set<TopicPartition> assigned = membership.current();
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(assigned);
        for (TopicPartition partition : assigned) {
            OffsetAndMetadata next = committed.get(partition);
            if (next == null) {
                consumer.seekToBeginning(Set.of(partition));
            } else {
                consumer.seek(partition, next);
            }
        }
    }

    /**
     * The only place where the loop continues after an exception. All state that it needs is in the group's offsets,
     * and {@link #rewind} reads them.
     */
    private void afterFailure(KafkaException failure) throws InterruptedException {
        if (lasting(failure)) {
            throw failure;
        }
        failures++;
        health = new Health(Health.State.UP, "tries again after: " + failure);
        LOG.atWarn()
                .addKeyValue("attempt", failures)
                .setCause(failure)
                .log("A batch was not committed; it is read again");
        if (closing.await(BACKOFF.after(failures).toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.atDebug().log("Stopped while waiting to try again");
        }
    }

    /**
     * Whether an operator must repair the cause: no permission, an unfit broker, a schema that the registry refuses.
     */
    private static boolean lasting(KafkaException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidConfigurationException
                    || cause instanceof SerializationException
                    || cause instanceof InterruptException) {
                return true;
            }
        }
        return false;
    }

    Health check() {
        return health;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    void close() {
        closing.countDown();
        consumer.wakeup();
    }
}
