package io.waybill.e2e;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.devstack.process.EmbeddedPorts;
import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.devstack.process.EmbeddedProcess.Running;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.ReadyFile;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.service.Closing;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.store.Content;
import io.waybill.store.ObjectStore;
import io.waybill.store.ObjectWriter;
import io.waybill.testkit.api.ApiContract;
import io.waybill.testkit.api.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The embedded stack with all services, spoken to over S3, HTTP and Kafka. What is asked over HTTP and what is answered is
 * held against docs/openapi.yaml.
 */
@SuppressWarnings("try") // close() throws what the servers throw
final class LiveStack implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ApiContract CONTRACT = ApiContract.shipped();
    private static final String BUCKET = "files";

    private final Closing closing = new Closing();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path scratch;
    private final Running running;
    private final Topics topics;
    private final ObjectWriter store;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> letterReader;
    private final List<DeadLetter> letters = new ArrayList<>();

    /** What the API answers. */
    record Answer(int status, JsonNode body) {}

    /**
     * @param yaml destinations and routes; objects are in the bucket {@code files}
     */
    LiveStack(Path scratch, String yaml) throws IOException, InterruptedException {
        this.scratch = scratch;
        Path file = Files.writeString(scratch.resolve("user.yaml"), yaml);
        var process = closing.add(new EmbeddedProcess(
                new EmbeddedProcess.Settings(
                        scratch.resolve("data"),
                        EmbeddedPorts.ANY,
                        Optional.of(file),
                        Overrides.NONE,
                        false,
                        Services.ALL),
                ProcessClock.system()));
        running = process.start((_, _) -> {}).orElseThrow();
        var serdes = closing.add(DomainSerdes.from(config().serde()));
        topics = Topics.from(config().topics(), serdes);
        store = closing.add(ObjectStore.writer(config().s3()));
        producer = closing.add(new KafkaProducer<>(
                new ClientSettings(config().kafka()).producer(),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
        letterReader = closing.add(reader(topics.deadLetters().name()));
    }

    WaybillConfig config() {
        return running.config();
    }

    Topics topics() {
        return topics;
    }

    String registry() {
        return running.stack().registryUrl().toString();
    }

    String api() {
        return "http://" + config().http().host() + ":" + config().http().port();
    }

    /** Where the embedded SFTP server keeps its files. */
    Path delivered() {
        return running.stack().sftpFiles();
    }

    void put(String key, String content) throws IOException {
        Path file = Files.writeString(scratch.resolve("content"), content);
        store.put(BUCKET, key, file, Content.of(file).sha256());
    }

    /** Puts an object and returns its file's id as soon as it is known. */
    String arrived(String key, String content) throws Exception {
        put(key, content);
        return awaitFile(key, _ -> true).path("id").asText();
    }

    /** The only file of an object, once it is as it should be. */
    JsonNode awaitFile(String key, Predicate<JsonNode> awaited) throws InterruptedException {
        String route = key.substring(0, key.indexOf('/'));
        var found = new ArrayList<JsonNode>();
        await(key).until(() -> {
            found.clear();
            get("/v1/files?limit=1000&route=" + route).path("files").forEach(found::add);
            found.removeIf(file -> !file.path("key").asText().equals(key) || !awaited.test(file));
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    JsonNode file(String id) {
        return get("/v1/files/" + id);
    }

    JsonNode awaitState(String id, Predicate<JsonNode> awaited) throws InterruptedException {
        var last = new ArrayList<JsonNode>();
        await("the state of " + id).until(() -> {
            last.clear();
            last.add(file(id));
            return awaited.test(last.getFirst());
        });
        return last.getFirst();
    }

    JsonNode awaitStatus(String id, String status) throws InterruptedException {
        return awaitState(id, file -> file.path("status").asText().equals(status));
    }

    JsonNode get(String path) {
        return send(HttpRequest.newBuilder(URI.create(api() + path)), "").body();
    }

    ShownMetrics metrics() {
        return ShownMetrics.read(
                ask(HttpRequest.newBuilder(URI.create(api() + "/metrics")).build()).body());
    }

    /** How many events can be read. */
    int events() {
        var read = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var reader = reader(topics.fileEvents().name())) {
            readToEnd(reader, read::add);
        }
        return read.size();
    }

    Answer post(String path, String body) {
        String json = body.replace('\'', '"');
        return send(
                HttpRequest.newBuilder(URI.create(api() + path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json)),
                json);
    }

    private Answer send(HttpRequest.Builder builder, String body) {
        HttpRequest request = builder.build();
        HttpResponse<String> answer = ask(request);
        try {
            CONTRACT.check(new Exchange(
                    request.method(),
                    request.uri(),
                    request.headers().firstValue("Content-Type").orElse(null),
                    body,
                    answer.statusCode(),
                    answer.headers().firstValue("Content-Type").orElse(null),
                    answer.body()));
            return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> ask(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    void redrive(String id) {
        assertThat(post("/v1/files/" + id + "/redrive", "{'by':'ann','reason':'it is mended'}").status())
                .isEqualTo(202);
    }

    void tell(FileEvent event) throws ExecutionException, InterruptedException {
        producer.send(topics.fileEvents().record(event.id(), event)).get();
    }

    void write(String topic, byte[] key, byte[] value) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topic, key, value)).get();
    }

    /** All dead letters so far. */
    List<DeadLetter> letters() {
        readToEnd(letterReader, record -> letters.add(
                topics.deadLetters().value().deserializer().deserialize(record.topic(), record.value())));
        return List.copyOf(letters);
    }

    /** What importers are told of a route. */
    List<ReadyFile> readyFiles(String route) {
        var ready = new ArrayList<ReadyFile>();
        try (var reader = reader(topics.readyFiles().name())) {
            readToEnd(reader, record -> ready.add(
                    topics.readyFiles().value().deserializer().deserialize(record.topic(), record.value())));
        }
        ready.removeIf(file -> !file.route().value().equals(route));
        return ready;
    }

    /** All states of a file that were told, oldest first. */
    List<FileState> fileStates(FileId id) {
        var states = new ArrayList<FileState>();
        try (var reader = reader(topics.fileState().name())) {
            readToEnd(reader, record -> {
                FileState state = topics.fileState()
                        .value()
                        .deserializer()
                        .deserialize(record.topic(), record.value());
                if (state.id().equals(id)) {
                    states.add(state);
                }
            });
        }
        return states;
    }

    /** At the beginning of a topic. */
    private KafkaConsumer<byte[], byte[]> reader(String topic) {
        var consumer = new KafkaConsumer<>(
                new ClientSettings(config().kafka()).consumer(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static void readToEnd(
            KafkaConsumer<byte[], byte[]> reader, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            reader.poll(Duration.ofMillis(100)).forEach(each);
        }
    }

    /** The letters of one file's ends. */
    List<DeadLetter> lettersOf(String id) {
        return letters().stream()
                .filter(letter -> letter instanceof DeadLetter.GivenUp(var file, _)
                        && file.id().value().equals(id))
                .toList();
    }

    @Override
    public void close() throws Exception {
        http.shutdownNow();
        closing.close();
    }
}
