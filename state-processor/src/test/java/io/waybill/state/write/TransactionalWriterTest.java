package io.waybill.state.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.testkit.CaughtWarnings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How requests come into topics: whole, together, and never with a wrong answer. */
final class TransactionalWriterTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(TransactionalWriter.class);

    private static final FileId FILE = new FileId("abcdefghijklmnopqrstuvwxyz");
    private static final CancelRequested CANCEL = new CancelRequested(FILE, Instant.EPOCH, 1, "ann", "not needed");
    private static final Release RELEASE = new Release(
            new Place.Destination(new DestinationName("acme")), Instant.EPOCH, Release.Cause.ASKED, "ann");

    private final Topics topics =
            Topics.from(new TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    private final List<Broker> producers = new ArrayList<>();
    private final CountDownLatch broken = new CountDownLatch(1);
    private int used;
    private final TransactionalWriter writer =
            new TransactionalWriter(this::next, topics, Duration.ofMillis(500));

    /** A producer whose commits a test lets pass, or fail. */
    private static final class Broker extends MockProducer<byte[], byte[]> {
        final Semaphore commits = new Semaphore(0);
        final CountDownLatch committing = new CountDownLatch(1);
        @Nullable
        RuntimeException atFlush;
        @Nullable
        Error fatal;
        String tooLarge = "";
        private boolean failed;
        @Nullable
        RuntimeException atCommit;
        int transactions;

        Broker() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        /** As the producer of Kafka: after one record has failed, the transaction takes no more. */
        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            if (failed) {
                throw new KafkaException("the transaction is in an error state");
            }
            failed = record.topic().equals(tooLarge);
            return failed
                    ? CompletableFuture.failedFuture(new RecordTooLargeException("2 MB"))
                    : super.send(record);
        }

        @Override
        public synchronized void flush() {
            if (fatal != null) {
                throw fatal;
            }
            if (atFlush != null) {
                throw atFlush;
            }
            super.flush();
        }

        @Override
        public void commitTransaction() {
            committing.countDown();
            commits.acquireUninterruptibly();
            RuntimeException failure = atCommit;
            atCommit = null;
            if (failure != null) {
                throw failure;
            }
            transactions++;
            super.commitTransaction();
        }

        /** What readers of committed records see. */
        List<String> committed() {
            return history().stream().map(ProducerRecord::topic).toList();
        }
    }

    private Broker broker() {
        var broker = new Broker();
        broker.commits.release(1_000);
        producers.add(broker);
        return broker;
    }

    private synchronized Producer<byte[], byte[]> next() {
        return producers.get(used++);
    }

    @AfterEach
    void close() {
        producers.forEach(broker -> broker.commits.release(1_000));
        writer.close();
    }

    @Test
    void shouldWriteAllRecordsOfARequestInOneTransaction() {
        Broker broker = broker();
        writer.start(broken::countDown);

        writer.write(Change.of(CANCEL).with(List.of(RELEASE)));

        assertThat(broker.committed()).containsExactly("controls", "file-events");
        assertThat(broker.transactions).isOne();
    }

    /** Before the first request: what its earlier self left open holds up all readers. */
    @Test
    void shouldEndTheTransactionOfItsEarlierSelfAtTheStart() {
        Broker broker = broker();

        writer.start(broken::countDown);

        await().until(broker::transactionInitialized);
    }

    @Test
    void shouldWriteTogetherWhatComesWhileItWrites() throws Exception {
        Broker broker = broker();
        broker.commits.drainPermits();
        writer.start(broken::countDown);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = callers.submit(() -> writer.write(Change.of(CANCEL)));
            broker.committing.await();
            List<? extends Future<?>> others = IntStream.range(0, 100)
                    .mapToObj(_ -> callers.submit(() -> writer.write(Change.of(CANCEL))))
                    .toList();
            await().until(() -> writer.waiting() == 100);

            broker.commits.release(1_000);

            first.get();
            for (Future<?> other : others) {
                other.get();
            }
        }
        assertThat(broker.committed()).hasSize(101);
        assertThat(broker.transactions).isEqualTo(2);
    }

    @Test
    void shouldTryAgainWhatIsSurelyNotWritten() {
        Broker first = broker();
        first.atFlush = new InvalidPidMappingException("the id was not used for a week");
        Broker second = broker();
        writer.start(broken::countDown);

        writer.write(Change.of(CANCEL));

        assertThat(first.committed()).isEmpty();
        assertThat(first.closed()).isTrue();
        assertThat(second.committed()).containsExactly("file-events");
        assertThat(warnings.lines()).hasSize(1);
    }

    @Test
    void shouldRefuseTheOneRequestThatKafkaRefusesAndWriteTheOthers() throws Exception {
        Broker first = broker();
        first.commits.drainPermits();
        first.tooLarge = "controls";
        Broker second = broker();
        writer.start(broken::countDown);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> before = callers.submit(() -> writer.write(Change.of(CANCEL)));
            first.committing.await();
            List<Future<?>> good = new ArrayList<>();
            good.add(callers.submit(() -> writer.write(Change.of(CANCEL))));
            await().until(() -> writer.waiting() == 1);
            Future<?> large = callers.submit(() -> assertThatExceptionOfType(NotWrittenException.class)
                    .isThrownBy(() -> writer.write(Change.of(CANCEL).with(List.of(RELEASE))))
                    .withMessage("the request was not written: 2 MB"));
            await().until(() -> writer.waiting() == 2);
            good.add(callers.submit(() -> writer.write(Change.of(CANCEL))));
            await().until(() -> writer.waiting() == 3);

            first.commits.release(1_000);

            before.get();
            large.get();
            for (Future<?> other : good) {
                other.get();
            }
        }
        assertThat(second.committed()).containsExactly("file-events", "file-events");
        assertThat(warnings.lines()).hasSize(1);
    }

    /** Nobody would restart a process whose writer is gone and whose health is good. */
    @Test
    void shouldSayThatItEndsIfAnErrorEndsIt() throws Exception {
        Broker broker = broker();
        broker.fatal = new StackOverflowError("too deep");
        writer.start(broken::countDown);

        assertThatExceptionOfType(NotWrittenException.class)
                .isThrownBy(() -> writer.write(Change.of(CANCEL)))
                .withMessage("it is not known whether the request was written: the process ends: too deep");

        broken.await();
        assertThat(writer.failure()).containsSame(broker.fatal);
        assertThat(broker.closed()).isTrue();
    }

    @Test
    void shouldNotSayThatItFailedIfItIsClosed() {
        broker();
        writer.start(broken::countDown);
        writer.write(Change.of(CANCEL));
        writer.close();

        assertThat(writer.failure()).isEmpty();
        assertThat(broken.getCount()).isOne();
    }

    @Test
    void shouldSayThatNothingIsWritten() {
        broker().atFlush = new KafkaException("no");
        broker().atFlush = new KafkaException("not authorized");
        Broker third = broker();
        writer.start(broken::countDown);

        assertThatExceptionOfType(NotWrittenException.class)
                .isThrownBy(() -> writer.write(Change.of(CANCEL)))
                .withMessage("the request was not written: not authorized");
        writer.write(Change.of(RELEASE));

        assertThat(third.committed()).containsExactly("controls");
        assertThat(warnings.lines()).hasSize(2);
    }

    @Test
    void shouldSayThatItIsNotKnownAfterACommitWithoutAnAnswer() {
        Broker first = broker();
        first.atCommit = new KafkaException("the broker is gone");
        Broker second = broker();
        writer.start(broken::countDown);

        assertThatExceptionOfType(NotWrittenException.class)
                .isThrownBy(() -> writer.write(Change.of(CANCEL)))
                .withMessage("it is not known whether the request was written: the broker is gone");
        writer.write(Change.of(RELEASE));

        assertThat(second.committed()).containsExactly("controls");
        assertThat(warnings.lines()).hasSize(1);
    }

    @Test
    void shouldAskForTheSameCommitAgainAfterATimeOut() {
        Broker broker = broker();
        broker.atCommit = new TimeoutException("slow");
        writer.start(broken::countDown);

        writer.write(Change.of(CANCEL));

        assertThat(broker.committed()).containsExactly("file-events");
    }

    @Test
    void shouldNotWriteWhatItsSenderNoLongerWaitsFor() throws Exception {
        Broker broker = broker();
        broker.commits.drainPermits();
        writer.start(broken::countDown);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> begun = callers.submit(() -> assertThatExceptionOfType(NotWrittenException.class)
                    .isThrownBy(() -> writer.write(Change.of(CANCEL)))
                    .withMessage("it is not known whether the request was written: Kafka is slow"));
            broker.committing.await();
            assertThatExceptionOfType(NotWrittenException.class)
                    .isThrownBy(() -> writer.write(Change.of(RELEASE)))
                    .withMessage("the request was not written: Kafka is slow");
            begun.get();
        }

        broker.commits.release(1_000);
        writer.write(Change.of(CANCEL));

        assertThat(broker.committed()).containsExactly("file-events", "file-events");
    }

    @Test
    void shouldRefuseRequestsBeforeItRunsAndAfterwards() {
        broker();
        assertThatExceptionOfType(NotWrittenException.class).isThrownBy(() -> writer.write(Change.of(CANCEL)));
        writer.start(broken::countDown);
        writer.write(Change.of(CANCEL));
        writer.close();

        assertThatExceptionOfType(NotWrittenException.class).isThrownBy(() -> writer.write(Change.of(CANCEL)));
    }
}
