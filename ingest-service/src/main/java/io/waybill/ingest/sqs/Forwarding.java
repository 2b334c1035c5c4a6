package io.waybill.ingest.sqs;

import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.queue.MessageQueue;
import io.waybill.store.queue.QueueException;
import io.waybill.store.queue.QueueMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the messages that were received at once to the topic, and deletes each from the queue when Kafka has it. While Kafka
 * does not answer, the messages stay hidden from others. A message that is written twice is harmless: the same object is the
 * same file. For one thread.
 */
final class Forwarding {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);

    /** So often within the time for which messages are hidden they are hidden again. */
    private static final int EXTENSIONS = 3;

    private final MessageQueue queue;
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final Duration round;
    private final BooleanSupplier closing;
    private final Runnable waits;
    private final ProcessClock clock;

    private final List<QueueMessage> unsent = new ArrayList<>();
    private final Map<QueueMessage, Future<RecordMetadata>> sent = new LinkedHashMap<>();
    private int written;
    private int tooLarge;

    /**
     * @param visibility how long the queue hides a message that was received
     * @param closing    whether to leave the rest to the queue
     * @param waits      called each time when Kafka has not answered for a third of that time
     */
    Forwarding(
            MessageQueue queue,
            Producer<byte[], byte[]> producer,
            String topic,
            Duration visibility,
            BooleanSupplier closing,
            Runnable waits,
            ProcessClock clock) {
        this.queue = queue;
        this.producer = producer;
        this.topic = topic;
        this.round = visibility.dividedBy(EXTENSIONS);
        this.closing = closing;
        this.waits = waits;
        this.clock = clock;
    }

    /** How many messages Kafka has now. */
    int written() {
        return written;
    }

    /** How many messages Kafka does not take, because they are too large. They were left to the queue. */
    int tooLarge() {
        return tooLarge;
    }

    /**
     * Returns when each message was written and deleted, or is too large for Kafka.
     *
     * @param messages {@value MessageQueue#BATCH} at most
     * @throws KafkaException if Kafka refuses; what was not deleted comes again
     */
    void forward(Collection<QueueMessage> messages) throws QueueException, InterruptedException {
        unsent.addAll(messages);
        while (!closing.getAsBoolean()) {
            long extend = clock.after(round);
            send();
            queueDelete(await(extend));
            if (unsent.isEmpty() && sent.isEmpty()) {
                return;
            }
            var open = new ArrayList<>(unsent);
            open.addAll(sent.keySet());
            queue.extend(open);
            waits.run();
        }
    }

    private void queueDelete(List<QueueMessage> done) throws QueueException {
        if (!done.isEmpty()) {
            written += done.size();
            queue.delete(done);
        }
    }

    /** Sends what is not sent. Stops at the first message for which there is no broker, since each would wait as long. */
    private void send() throws InterruptedException {
        for (Iterator<QueueMessage> each = unsent.iterator(); each.hasNext();) {
            QueueMessage message = each.next();
            var record = new ProducerRecord<byte[], byte[]>(topic, message.body().getBytes(StandardCharsets.UTF_8));
            Future<RecordMetadata> future = producer.send(record);
            if (future.state() == Future.State.FAILED && future.exceptionNow() instanceof RetriableException) {
                return;
            }
            each.remove();
            sent.put(message, future);
        }
    }

    /** The messages that Kafka has. */
    private List<QueueMessage> await(long until) throws InterruptedException {
        var done = new ArrayList<QueueMessage>();
        for (var entries = sent.entrySet().iterator(); entries.hasNext();) {
            var entry = entries.next();
            try {
                entry.getValue().get(clock.until(until).toNanos(), TimeUnit.NANOSECONDS);
                done.add(entry.getKey());
                entries.remove();
            } catch (TimeoutException e) {
                LOG.atDebug().log("Kafka has not answered yet");
            } catch (ExecutionException e) {
                entries.remove();
                failed(entry.getKey(), e.getCause() == null ? e : e.getCause());
            }
        }
        return done;
    }

    private void failed(QueueMessage message, Throwable failure) {
        switch (failure) {
            case RecordTooLargeException e -> {
                tooLarge++;
                LOG.atError()
                        .addKeyValue("message", message.id())
                        .addKeyValue("failure", e.getMessage())
                        .log("A message of the queue is larger than Kafka takes; it stays in the queue, which may move it to its"
                                + " dead-letter queue");
            }
            case RetriableException e -> {
                LOG.atDebug().setCause(e).log("Sent again");
                unsent.add(message);
            }
            case KafkaException e -> throw e;
            default -> throw new KafkaException(failure);
        }
    }
}
