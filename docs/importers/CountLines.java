import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * An importer that counts the lines of every file of one route. To make it yours, replace {@link #importFile}.
 *
 * <p>It needs kafka-clients, avro, jackson-databind and the S3 client of the AWS SDK. Start it, as often as you like, by
 * {@code java -cp "lib/*" CountLines.java KAFKA REGISTRY API ROUTE NAME DIRECTORY}: the addresses of the broker, the
 * schema registry and the state-processor, the route, a name of its own, and the directory that files are delivered to.
 * A route without a delivery leaves its files in S3. The importer then reads them there, by AWS_ACCESS_KEY_ID,
 * AWS_SECRET_ACCESS_KEY and, for a store other than AWS, AWS_ENDPOINT_URL. If the API has a login, WAYBILL_TOKEN holds
 * the token.
 */
public final class CountLines {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LOOK_AROUND = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService heart =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private final Map<Integer, Schema> schemas = new HashMap<>();
    private final String kafka;
    private final String registry;
    private final String api;
    private final String route;
    private final String name;
    private final Path directory;
    private S3Client s3;

    private CountLines(List<String> arguments) {
        kafka = arguments.get(0);
        registry = arguments.get(1);
        api = arguments.get(2);
        route = arguments.get(3);
        name = arguments.get(4);
        directory = Path.of(arguments.get(5));
    }

    public static void main(String[] arguments) throws Exception {
        new CountLines(List.of(arguments)).run();
    }

    private void run() throws IOException, InterruptedException {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", kafka,
                "group.id", "count-lines-" + route,
                "isolation.level", "read_committed", // what is not committed did not happen
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "max.poll.records", "1",
                "max.poll.interval.ms", "3600000"); // longer than the longest import
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("waybill.ready-files"));
            takeBack();
            Instant look = Instant.EPOCH;
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    GenericRecord ready = decoded(record.value());
                    if (route.equals(ready.get("route").toString())) {
                        // The same again when the record comes again, so that a crashed importer gets its file back.
                        take(ready.get("fileId").toString(), record.partition() + "@" + record.offset());
                    }
                }
                // A crash before this line makes the record come again; the claim then says whose the file is.
                consumer.commitSync();
                if (Instant.now().isAfter(look)) {
                    takeWhatIsLeft();
                    look = Instant.now().plus(LOOK_AROUND);
                }
            }
        }
    }

    /** What an earlier run under this name had claimed when it died: nobody else gets these files. */
    private void takeBack() throws IOException, InterruptedException {
        forEach("STARTED", file -> {
            if (atImport(file) && isMe(file.path("by").asText()) && file.hasNonNull("claimId")) {
                take(file.path("id").asText(), file.path("claimId").asText());
            }
        });
    }

    /** A file is announced once, ever: one whose import is tried again or redriven is found by asking. */
    private void takeWhatIsLeft() throws IOException, InterruptedException {
        forEach("PENDING", file -> {
            if (atImport(file) && !file.has("due")) {
                take(file.path("id").asText(), UUID.randomUUID().toString());
            }
        });
    }

    /** With a login, the name of the token stands before the name of this importer. */
    private boolean isMe(String by) {
        return by.equals(name) || by.endsWith("/" + name);
    }

    private static boolean atImport(JsonNode file) {
        return file.path("stage").asText().equals("IMPORT");
    }

    private interface Listed {
        void take(JsonNode file) throws IOException, InterruptedException;
    }

    private void forEach(String status, Listed listed) throws IOException, InterruptedException {
        String next = "";
        while (next != null) {
            JsonNode page = get(api + "/v1/files?status=" + status + "&limit=1000&route=" + route + next);
            for (JsonNode file : page.path("files")) {
                listed.take(file);
            }
            next = page.hasNonNull("cursor") ? "&cursor=" + page.path("cursor").asText() : null;
        }
    }

    /** Claims a file, and imports it if the claim wins; one that is repeated under its claimId wins again. */
    private void take(String id, String claimId) throws IOException, InterruptedException {
        ObjectNode request = JSON.createObjectNode().put("action", "claim").put("claimId", claimId);
        HttpResponse<String> claim = say(id, request);
        JsonNode file = JSON.readTree(claim.body());
        if (claim.statusCode() == 202) {
            // Not decided in time. Should the claim win after all, the file's state says so.
            file = get(api + "/v1/files/" + id);
        } else if (claim.statusCode() != 200) {
            return; // another has it, or it has ended
        }
        if (!isMe(file.path("by").asText()) || !file.path("claimId").asText().equals(claimId)) {
            return;
        }
        ObjectNode report = report(file);
        try (var _ = heartbeats(id, file)) {
            System.out.println(file.path("key").asText() + " " + importFile(file));
            report.put("action", "completed");
        } catch (NotUsableException e) {
            report.put("action", "failed").put("kind", "IMPORT_REJECTED").put("detail", e.getMessage());
        } catch (IOException | RuntimeException e) {
            // Whatever it is: a claim without a report keeps the file from all others.
            report.put("action", "failed").put("kind", "IMPORT_FAILED").put("detail", e.toString());
        }
        say(id, report);
    }

    /** What a file is imported by. May be asked again for a file that it had imported: a crash may hide the end. */
    private long importFile(JsonNode file) throws IOException, NotUsableException {
        try (var reader = new BufferedReader(new InputStreamReader(opened(file), StandardCharsets.UTF_8))) {
            long count = reader.lines().count();
            if (count == 0) {
                throw new NotUsableException("there is not one line in " + file.path("key").asText());
            }
            return count;
        }
    }

    /** The bytes: of the delivered file, or on a route without a delivery of the object. */
    private InputStream opened(JsonNode file) throws IOException {
        if (file.has("receipt")) {
            return Files.newInputStream(directory.resolve(file.path("receipt").path("path").asText().substring(1)));
        }
        if (s3 == null) {
            s3 = store();
        }
        return s3.getObject(object -> object.bucket(file.path("bucket").asText())
                .key(file.path("key").asText())
                .versionId(file.path("versionId").asText(null))
                // So that nobody takes a newer object of the same key for this one.
                .ifMatch('"' + file.path("etag").asText() + '"'));
    }

    private static S3Client store() {
        var builder = S3Client.builder().region(Region.of(System.getenv().getOrDefault("AWS_REGION", "us-east-1")));
        String endpoint = System.getenv("AWS_ENDPOINT_URL");
        if (endpoint != null) {
            builder.endpointOverride(URI.create(endpoint)).forcePathStyle(true);
        }
        return builder.build();
    }

    /** Trying again would not help. */
    private static final class NotUsableException extends Exception {
        private static final long serialVersionUID = 1;

        NotUsableException(String message) {
            super(message);
        }
    }

    /** Lets the file's state know that work goes on, until closed; every third of the time allowed. */
    private AutoCloseableTask heartbeats(String id, JsonNode file) {
        if (!file.has("heartbeatBy")) {
            return () -> {}; // the route does not ask for them
        }
        ObjectNode heartbeat = report(file).put("action", "heartbeat");
        Duration allowed = Duration.between(
                Instant.parse(file.path("changedAt").asText()), Instant.parse(file.path("heartbeatBy").asText()));
        long period = Math.max(1, allowed.toMillis() / 3);
        var beating = heart.scheduleAtFixedRate(() -> {
            try {
                say(id, heartbeat);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, period, period, TimeUnit.MILLISECONDS);
        return () -> beating.cancel(false);
    }

    private interface AutoCloseableTask extends AutoCloseable {
        @Override
        void close();
    }

    /** A report names the claim it belongs to, so that one that comes late speaks of nobody else's. */
    private static ObjectNode report(JsonNode file) {
        ObjectNode report = JSON.createObjectNode();
        report.set("sending", file.path("sending"));
        report.set("attempt", file.path("attempt"));
        return report;
    }

    private HttpResponse<String> say(String id, ObjectNode what) throws InterruptedException {
        return asked(request(api + "/v1/files/" + id + "/import")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(what.put("by", name).toString()))
                .build());
    }

    private JsonNode get(String address) throws IOException, InterruptedException {
        HttpResponse<String> answer = asked(request(address).build());
        if (answer.statusCode() != 200) {
            throw new IOException(address + " answers " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    private HttpRequest.Builder request(String address) {
        var request = HttpRequest.newBuilder(URI.create(address));
        String token = System.getenv("WAYBILL_TOKEN");
        if (token != null && address.startsWith(api)) { // and to nobody else
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    /** An importer that ended because the API was away would keep the file that it has from all others. */
    private HttpResponse<String> asked(HttpRequest request) throws InterruptedException {
        while (true) {
            try {
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                if (answer.statusCode() != 503) { // the table moves between instances
                    return answer;
                }
            } catch (IOException e) {
                System.err.println("an answer was lost, so it is asked for again: " + e);
            }
            Thread.sleep(1000); // nobody tells an importer when the API is back
        }
    }

    /** Confluent's format: a zero, the schema's id in four bytes, and Avro. */
    private GenericRecord decoded(byte[] value) throws IOException, InterruptedException {
        int id = ByteBuffer.wrap(value).getInt(1);
        Schema schema = schemas.get(id);
        if (schema == null) {
            JsonNode answer = get(registry + "/schemas/ids/" + id);
            schema = new Schema.Parser().parse(answer.path("schema").asText());
            schemas.put(id, schema);
        }
        var decoder = DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null);
        return new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
    }
}
