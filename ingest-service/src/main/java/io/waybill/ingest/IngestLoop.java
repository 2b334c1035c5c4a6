package io.waybill.ingest;

import io.waybill.domain.IngestRetry.Place;
import io.waybill.domain.IngestRetry.Skip;
import io.waybill.domain.SourceObject;
import io.waybill.ingest.ObjectEvent.Created;
import io.waybill.ingest.Positions.NotificationsLostException;
import io.waybill.ingest.parked.Buckets;
import io.waybill.ingest.parked.ParkedObjects;
import io.waybill.ingest.parked.ParkedObjects.End;
import io.waybill.ingest.parked.RetryTopic;
import io.waybill.runtime.config.WaybillConfig.NotificationKeys;
import io.waybill.runtime.kafka.MemberPoll;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.time.Backoff;
import io.waybill.runtime.time.Pause;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.store.ObjectCatalog;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
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
 * Polls, looks objects up, publishes, and repeats. It handles one batch at a time, on one thread. An object that the store
 * does not describe in time is parked in the transaction of its batch. Between the batches the loop asks about parked
 * objects and publishes what came of them.
 */
final class IngestLoop {
    private static final Logger LOG = LoggerFactory.getLogger(IngestLoop.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration POLL_WHILE_PARKED = Duration.ofMillis(100);
    private static final Duration POLL_WHILE_BUSY = Duration.ofMillis(5);
    private static final int POLLS_UNTIL_SEEN = 50;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

    /** More parked objects would take too much memory. Their notifications wait where they are. */
    private static final int MOST_PARKED = 100_000;

    /** A bucket that does not answer for so long needs a person. */
    private static final Duration TOO_LONG = Duration.ofMinutes(5);

    /** A wish to skip a notification may come just before the objects are seen that were parked of it. */
    private static final Duration SKIP_STANDS = Duration.ofMinutes(1);

    private final Consumer<byte[], byte[]> consumer;
    private final MemberPoll<byte[], byte[]> member;
    private final Positions positions;
    private final Membership membership;
    private final EventPublisher publisher;
    private final ObjectCatalog store;
    private final IngestParts parts;
    private final Buckets buckets;
    private final ParkedObjects parked;
    private final RetryTopic retries;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Health health = Health.starting("joins its consumer group");
    private boolean holding;
    /** The paused buckets of which the log tells. */
    private Set<String> toldPaused = Set.of();
    /** For so many polls more something that was parked may not be in the topic's view yet. */
    private int expected;
    private int failures;

    /**
     * What every loop of an instance needs.
     *
     * @param keys  how the store writes keys in its notifications
     * @param batch how to ask the questions of a batch
     * @param later how to ask about parked objects
     */
    record IngestParts(
            Routing routing,
            Topics topics,
            NotificationKeys keys,
            Lookups.Policy batch,
            ParkedObjects.Policy later,
            Unrouted unrouted,
            IngestMetrics metrics,
            ProcessClock clock) {}

    /**
     * @param clients {@link #run} closes its consumers and its producers
     * @param store   the caller closes it
     */
    IngestLoop(KafkaClients clients, ObjectCatalog store, IngestParts parts) {
        this.parts = parts;
        this.store = store;
        this.consumer = clients.consumer();
        this.member = new MemberPoll<>(consumer, Pause.until(closing));
        this.positions = new Positions(consumer, parts.routing().buckets());
        this.membership = new Membership(consumer, positions::restore);
        this.publisher = new EventPublisher(clients::producer, this::isClosing, clients.fencing(parts.clock()));
        this.buckets = new Buckets(parts.clock(), parts.batch().stall());
        this.parked = new ParkedObjects(
                entry -> Question.about(entry).ask(store), buckets, parts.later(), parts.clock());
        this.retries = new RetryTopic(clients.reader(), parts.topics().ingestRetry(), parked, parts.clock());
        parts.metrics().reads(consumer);
    }

    /** Returns after {@link #close}. Throws only failures that waiting cannot end. */
    void run() throws InterruptedException {
        try (consumer;
                retries;
                publisher) {
            consumer.subscribe(Set.of(parts.topics().s3Notifications().name()), membership);
            boolean settled = false;
            while (!isClosing()) {
                try {
                    if (!settled) {
                        publisher.open();
                        // After a failure only the group knows which records are done, and only the topic which objects
                        // are parked.
                        positions.restore(membership.current());
                        retries.restart();
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
        hold(parked.size() >= MOST_PARKED);
        ConsumerRecords<byte[], byte[]> records = member.poll(patience());
        retries.follow(membership.assignments());
        if (records.isEmpty()) {
            passOver(positions.behind(membership.current()));
        } else {
            publish(Batch.of(records, parts.keys()));
            retries.follow(membership.assignments());
        }
        parked.ask();
        publishParked(parked.ended());
        failures = 0;
        look();
    }

    /**
     * Commits what is behind the last notification and is none. Otherwise it would look like a loss as soon as Kafka removes
     * it.
     */
    private void passOver(Map<TopicPartition, OffsetAndMetadata> behind) {
        if (behind.isEmpty()) {
            return;
        }
        membership.begin();
        Membership.Owned owned = membership.owned();
        var next = new HashMap<>(behind);
        next.keySet().retainAll(owned.partitions());
        if (!next.isEmpty()) {
            publish(result(), next, owned);
        }
    }

    /** How long a poll may wait: not long while there is something else to do. */
    private Duration patience() {
        if (expected > 0) {
            expected--;
        }
        if (expected > 0 || parked.isFlowing()) {
            return POLL_WHILE_BUSY;
        }
        return parked.size() == 0 ? POLL : POLL_WHILE_PARKED;
    }

    private void hold(boolean full) {
        if (full != holding) {
            holding = full;
            if (full) {
                LOG.atWarn().addKeyValue("parked", parked.size())
                        .log("Too many objects wait for the object store; ingest reads no further notifications");
                membership.hold();
            } else {
                membership.release();
            }
        }
    }

    /** Sets the health, and what the metrics show of it. */
    private void look() {
        List<Buckets.Pause> pauses = buckets.pauses();
        List<Buckets.Pause> tooLong = pauses.stream()
                .filter(pause -> pause.lasts().compareTo(TOO_LONG) >= 0)
                .toList();
        Set<String> down = tooLong.stream().map(Buckets.Pause::bucket).collect(Collectors.toSet());
        parts.metrics().waiting(parked.sizes(), !pauses.isEmpty(), down);
        Health now = consumer.groupMetadata().generationId() <= 0
                ? Health.starting("joins its consumer group")
                : !tooLong.isEmpty() ? Health.waiting(told(tooLong)) : new Health(Health.State.UP, told(pauses));
        // What a bucket says differs from key to key, and a paused one is asked about another every second.
        Set<String> paused = pauses.stream().map(Buckets.Pause::bucket).collect(Collectors.toSet());
        boolean news = now.state() != health.state() || !paused.equals(toldPaused);
        toldPaused = paused;
        if (news && !now.detail().isEmpty()) {
            LOG.atWarn().addKeyValue("failure", now.detail())
                    .log("The object store does not answer for a bucket; its objects wait, and nothing is lost");
        }
        health = now;
    }

    private static String told(List<Buckets.Pause> pauses) {
        return pauses.stream()
                .map(pause -> "waits for bucket " + pause.bucket() + ": " + pause.trouble())
                .sorted()
                .collect(Collectors.joining("; "));
    }

    private void publish(Batch batch) throws InterruptedException {
        membership.begin();
        Membership.Owned owned = membership.owned();
        try (var lookups = new Lookups(store, questions(batch), buckets, parts.batch(), parts.clock())) {
            commit(batch.only(owned.partitions()::contains), lookups.await(), owned);
        }
    }

    /** The questions that the batch waits for. Objects of a bucket that is paused or slow are parked at once. */
    private Set<Question> questions(Batch batch) {
        return batch.all()
                .filter(reading -> parked.skip(reading.place()).isEmpty())
                .flatMap(reading -> reading.objectEvents().stream())
                .filter(Created.class::isInstance)
                .map(Created.class::cast)
                .filter(created -> Routing.anyAtOnce(parts.routing().of(created)))
                .filter(created -> !SourceObject.hasDotParts(created.object().key()))
                .filter(created -> buckets.isPrompt(created.object().bucket()))
                .map(Created::question)
                .collect(Collectors.toSet());
    }

    private void commit(Batch batch, BatchResult.Answers answers, Membership.Owned owned) {
        if (batch.next().isEmpty()) {
            return;
        }
        var result = result();
        batch.all().forEach(reading -> parked.skip(reading.place()).ifPresentOrElse(
                skip -> result.skip(reading, ParkedObjects.reason(skip)), () -> result.add(reading, answers)));
        publish(result, batch.next(), owned);
    }

    private BatchResult result() {
        return new BatchResult(parts.routing(), parts.topics(), parts.clock().instant());
    }

    private void publish(
            BatchResult result, Map<TopicPartition, OffsetAndMetadata> next, Membership.Owned owned) {
        publisher.publish(result.records(), next, owned.metadata());
        positions.committed(next);
        expected = result.counts().parked() > 0 ? POLLS_UNTIL_SEEN : expected;
        parts.metrics().committed(result.counts());
        parts.unrouted().add(result.unrouted());
    }

    /**
     * Publishes what came of parked objects. The transaction commits the present offsets again: so the group refuses it if
     * this instance has lost the partition.
     */
    private void publishParked(List<End> ends) {
        membership.begin();
        Membership.Owned owned = membership.owned();
        var result = result();
        var next = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (End end : ends) {
            TopicPartition partition = notifications(end.entry().parked().place().partition());
            if (owned.partitions().contains(partition)) {
                next.put(partition, positions.next(partition));
                switch (end) {
                    case End.Answered(var entry, var answer) -> result.add(entry.parked(), answer);
                    case End.GivenUp(var entry, var reason) -> result.giveUp(entry.parked(), reason);
                }
            }
        }
        for (Skip skip : parked.skips()) {
            Place place = skip.place();
            TopicPartition partition = notifications(place.partition());
            if (owned.partitions().contains(partition)
                    && place.offset() < positions.next(partition).offset()
                    && skip.at().plus(SKIP_STANDS).isBefore(parts.clock().instant())) {
                // The notification was read before, and what was left of it has ended.
                next.put(partition, positions.next(partition));
                result.unpark(place.partition(), skip.entryKey());
            }
        }
        if (!next.isEmpty()) {
            publish(result, next, owned);
        }
    }

    private TopicPartition notifications(int partition) {
        return new TopicPartition(parts.topics().s3Notifications().name(), partition);
    }

    /**
     * The only place where the loop continues after an exception. All state that it needs is in the group's offsets and in
     * the topic of parked objects.
     */
    private void afterFailure(KafkaException failure) throws InterruptedException {
        if (failure instanceof InvalidOffsetException lost) {
            LOG.atWarn().setCause(lost).log("The records at the group's offset are gone");
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotificationsLostException lost) {
                throw lost;
            }
            if (isLasting(cause)) {
                throw failure;
            }
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
    private static boolean isLasting(Throwable cause) {
        return cause instanceof InvalidConfigurationException
                || cause instanceof SerializationException
                || cause instanceof InterruptException;
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
