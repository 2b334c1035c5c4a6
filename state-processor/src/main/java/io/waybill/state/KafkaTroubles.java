package io.waybill.state;

import io.waybill.domain.DeadLetter;
import io.waybill.domain.DeadLetter.Poison;
import io.waybill.domain.Texts;
import io.waybill.runtime.api.StatusAnswer.HeldPartition;
import io.waybill.runtime.api.StatusAnswer.RecordLetter;
import io.waybill.runtime.api.StatusAnswer.RecordLetters;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.ledger.AdminFacts;
import io.waybill.runtime.ledger.LedgerReading;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.state.http.StatusRoute;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the ledgers and the newest dead letters for what a person must mend. People ask seldom, so each question has clients
 * of its own. Safe for several threads.
 */
final class KafkaTroubles implements StatusRoute.Troubles {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LATELY = Duration.ofDays(1);
    /** The most letters that are read of one partition. A partner that was down may have left thousands about files. */
    private static final int MOST = 2_000;
    private static final int NAMED = 5;
    private static final int LONGEST_REASON = 500;
    /** A letter may hold most of a MiB, and nobody needs the consumer's usual 50 MiB of them at once. */
    private static final int FETCHED_BYTES = 4 << 20;

    private final ClientSettings settings;
    private final Topics topics;
    private final String workers;
    private final int workPartitions;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final TopicTail<DeadLetter> letters;
    private final ProcessClock clock;

    KafkaTroubles(WaybillConfig config, Topics topics, ProcessClock clock) {
        this(config, topics, clock, () -> consumer(new ClientSettings(config.kafka())));
    }

    /** @param consumers of committed records, each for one question */
    KafkaTroubles(
            WaybillConfig config,
            Topics topics,
            ProcessClock clock,
            Supplier<Consumer<byte[], byte[]>> consumers) {
        this.settings = new ClientSettings(config.kafka());
        this.topics = topics;
        this.workers = config.topics().workerGroup();
        this.workPartitions = config.topics().workPartitions();
        this.clock = clock;
        this.consumers = consumers;
        this.letters = new TopicTail<>(topics.deadLetters(), clock, PATIENCE, consumers);
    }

    /** A consumer for one question. */
    static Consumer<byte[], byte[]> consumer(ClientSettings settings) {
        Map<String, Object> properties = settings.consumer();
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "waybill-status");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCHED_BYTES);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Optional<List<HeldPartition>> held() {
        Map<String, Object> properties = settings.admin();
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "waybill-status");
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        try (Admin admin = Admin.create(properties);
                var consumer = consumers.get()) {
            var reading = new LedgerReading(consumer, topics, new AdminFacts(admin, topics, workers), clock);
            Set<Integer> all = IntStream.range(0, workPartitions).boxed().collect(Collectors.toSet());
            return Optional.of(reading.read(all, PATIENCE).values().stream()
                    .flatMap(view -> view.hold().stream()
                            .map(reason -> new HeldPartition(view.partition(), Texts.cut(reason, LONGEST_REASON))))
                    .toList());
        } catch (KafkaException e) {
            // The state-processor may have no right to read the ledger.
            return Optional.empty();
        }
    }

    @Override
    public Optional<RecordLetters> letters() {
        Instant since = clock.instant().minus(LATELY);
        var found = new Found();
        return letters.read(since, MOST, letter -> found.take(letter, since))
                .map(complete -> found.answer(since, complete));
    }

    /** The letters about records among those that are read. */
    private static final class Found {
        private static final Comparator<Poison> OLDEST_FIRST = Comparator.comparing(Poison::at);

        private final PriorityQueue<Poison> newest = new PriorityQueue<>(OLDEST_FIRST);
        private long records;

        void take(DeadLetter letter, Instant since) {
            if (letter instanceof Poison poison && !poison.at().isBefore(since)) {
                records++;
                newest.add(poison);
                if (newest.size() > NAMED) {
                    newest.remove();
                }
            }
        }

        RecordLetters answer(Instant since, boolean complete) {
            return new RecordLetters(
                    records,
                    since.toString(),
                    newest.stream()
                            .sorted(OLDEST_FIRST.reversed())
                            .map(letter -> new RecordLetter(
                                    letter.at().toString(),
                                    letter.origin(),
                                    Texts.cut(letter.reason(), LONGEST_REASON)))
                            .toList(),
                    complete);
        }
    }
}
