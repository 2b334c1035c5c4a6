import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Prints the committed records of topics, one line of JSON each. Reads each record with its writer's schema. Arguments:
 * BROKERS REGISTRY TOPIC…
 */
final class Records {
    private static final int HEADER = 5;

    private final Map<Integer, Schema> schemas = new HashMap<>();
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String registry;

    private Records(String registry) {
        this.registry = registry;
    }

    public static void main(String... arguments) throws Exception {
        var records = new Records(arguments[1]);
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", arguments[0],
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest",
                "enable.metrics.push", "false");
        try (var consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var known = consumer.listTopics();
            for (int i = 2; i < arguments.length; i++) {
                if (known.containsKey(arguments[i])) {
                    records.print(consumer, arguments[i]);
                }
            }
        }
    }

    private void print(KafkaConsumer<byte[], byte[]> consumer, String topic) throws Exception {
        var partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            for (var record : consumer.poll(Duration.ofMillis(200))) {
                var line = new HashMap<String, Object>();
                line.put("topic", topic);
                line.put("key", record.key() == null ? null : new String(record.key()));
                line.put("value", record.value() == null ? null : json.readTree(text(record.value())));
                System.out.println(json.writeValueAsString(line));
            }
        }
    }

    private String text(byte[] value) throws Exception {
        int id = ByteBuffer.wrap(value, 1, Integer.BYTES).getInt();
        if (!schemas.containsKey(id)) {
            var request = HttpRequest.newBuilder(URI.create(registry + "/schemas/ids/" + id)).build();
            String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            schemas.put(id, new Schema.Parser().parse(json.readTree(body).get("schema").asText()));
        }
        var reader = new GenericDatumReader<GenericRecord>(schemas.get(id));
        var decoder = DecoderFactory.get().binaryDecoder(value, HEADER, value.length - HEADER, null);
        return reader.read(null, decoder).toString();
    }
}
