package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.kafka.FencingGuard;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.testkit.CaughtWarnings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventPublisherTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(EventPublisher.class);

    private static final ConsumerGroupMetadata MEMBER = new MockConsumer<>("earliest").groupMetadata();
    private static final TopicPartition PARTITION = new TopicPartition("waybill.s3-notifications", 0);

    private final List<ScriptedProducer> made = new ArrayList<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final EventPublisher publisher = new EventPublisher(this::fresh, closing::get, guard());
    private final Deque<KafkaException> commits = new ArrayDeque<>();

    @Test
    void shouldCommitEventsAndOffsetsTogether() {
        publisher.open();
        publish();
        assertThat(made).hasSize(1);
        assertThat(made.getFirst().history()).hasSize(1);
        assertThat(made.getFirst().consumerGroupOffsetsHistory())
                .containsExactly(Map.of(MEMBER.groupId(), Map.of(PARTITION, new OffsetAndMetadata(7))));
    }

    @Test
    void shouldRepeatACommitThatGotNoAnswer() {
        commits.add(new TimeoutException("silence"));
        commits.add(new TimeoutException("silence"));
        publisher.open();
        publish();
        assertThat(made).hasSize(1);
        assertThat(made.getFirst().commitCount()).isEqualTo(1);
        assertThat(made.getFirst().transactionAborted()).isFalse();
    }

    @Test
    void shouldNeitherAbortNorRepeatACommitWithoutAnswerWhenStopping() {
        closing.set(true);
        commits.add(new TimeoutException("silence"));
        publisher.open();
        assertThatThrownBy(this::publish).isInstanceOf(TimeoutException.class);
        assertThat(made.getFirst().transactionAborted()).isFalse();
        assertThat(made.getFirst().closed()).isTrue();
    }

    @Test
    void shouldAbortWhatTheGroupRefusesAndKeepTheProducer() {
        publisher.open();
        made.getFirst().sendOffsetsToTransactionException = new CommitFailedException();
        assertThatThrownBy(this::publish).isInstanceOf(CommitFailedException.class);
        assertThat(made.getFirst().transactionAborted()).isTrue();
        assertThat(made.getFirst().history()).isEmpty();

        made.getFirst().sendOffsetsToTransactionException = null;
        publisher.open();
        publish();
        assertThat(made).hasSize(1);
        assertThat(made.getFirst().history()).hasSize(1);
    }

    @Test
    void shouldReplaceAProducerThatIsBeyondRepair() {
        publisher.open();
        made.getFirst().fenceProducer();
        assertThatThrownBy(this::publish).isInstanceOf(ProducerFencedException.class);
        assertThat(made.getFirst().closed()).isTrue();

        publisher.open();
        publish();
        assertThat(made).hasSize(2);
        assertThat(made.getLast().history()).hasSize(1);
    }

    @Test
    void shouldEndTheElderOfTwoInstancesOfOneNameAndSayWhichKeyToChange() {
        var younger = new EventPublisher(this::fresh, closing::get, guard());
        publisher.open();
        younger.open();

        assertThatThrownBy(this::publish).isInstanceOf(ProducerFencedException.class);
        publisher.open();
        assertThatThrownBy(() -> publish(younger)).isInstanceOf(ProducerFencedException.class);
        younger.open();
        assertThatThrownBy(this::publish)
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageStartingWith("streams.instanceId")
                .hasMessageContaining("'waybill-1'");

        publish(younger);
        assertThat(made.getLast().history()).hasSize(1);
    }

    @Test
    void shouldKeepNoProducerThatCouldNotBegin() {
        var refusing = new EventPublisher(
                () -> {
                    ScriptedProducer producer = fresh();
                    producer.initTransactionException = new TimeoutException("no coordinator");
                    return producer;
                },
                closing::get,
                guard());
        assertThatThrownBy(refusing::open).isInstanceOf(TimeoutException.class);
        assertThat(made.getFirst().closed()).isTrue();
    }

    private static FencingGuard guard() {
        return new FencingGuard(
                "streams.instanceId", "waybill-1", Duration.ofSeconds(10),
                ProcessClock.of(() -> Instant.EPOCH, () -> 0));
    }

    private void publish() {
        publish(publisher);
    }

    private static void publish(EventPublisher publisher) {
        publisher.publish(
                List.of(new ProducerRecord<>("waybill.file-events", new byte[1], new byte[1])),
                Map.of(PARTITION, new OffsetAndMetadata(7)),
                MEMBER);
    }

    private ScriptedProducer fresh() {
        made.stream().filter(earlier -> !earlier.closed()).forEach(MockProducer::fenceProducer);
        var producer = new ScriptedProducer(commits);
        made.add(producer);
        return producer;
    }

    /** Fails as many commits as the script says. */
    private static final class ScriptedProducer extends MockProducer<byte[], byte[]> {
        private final Deque<KafkaException> commits;

        ScriptedProducer(Deque<KafkaException> commits) {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.commits = commits;
        }

        @Override
        public void commitTransaction() {
            KafkaException next = commits.poll();
            if (next != null) {
                throw next;
            }
            super.commitTransaction();
        }
    }
}
