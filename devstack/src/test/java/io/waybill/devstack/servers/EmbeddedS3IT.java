package io.waybill.devstack.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.testkit.CaughtWarnings;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

final class EmbeddedS3IT {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(NotifyingBlobStore.class);

    private static final String BUCKET = EmbeddedS3.BUCKET;
    private static final int PART_BYTES = 5 * 1024 * 1024;

    private final Queue<String> announced = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    Path dir;

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "plain.txt",
                    "with space +plus%.csv",
                    "100%25.txt",
                    "a/deep/folder/with.file",
                    "ümläut/文件/😀 x.bin",
                    ".hidden",
                    "~/x",
                    "semi;colon:'\"<>&*?.txt"
            })
    void shouldKeepAnyNameAndAnnounceIt(String key) throws Exception {
        // Given
        var s3 = client(started(this::acknowledge));

        // When
        s3.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromString(key));

        // Then
        var object = onlyAnnouncement().at("/Records/0/s3/object");
        var head = s3.headObject(ask -> ask.bucket(BUCKET).key(key));
        assertThat(URLDecoder.decode(object.path("key").asText(), StandardCharsets.UTF_8)).isEqualTo(key);
        assertThat(head.eTag()).isEqualTo('"' + object.path("eTag").asText() + '"');
        assertThat(object.path("size").asLong()).isEqualTo(head.contentLength());
        assertThat(s3.listObjectsV2(list -> list.bucket(BUCKET)).contents())
                .extracting("key")
                .containsExactly(key);
        assertThat(s3.getObjectAsBytes(get -> get.bucket(BUCKET).key(key)).asUtf8String())
                .isEqualTo(key);
    }

    @Test
    void shouldAnnounceAsAwsDoes() throws Exception {
        // Given
        var s3 = client(started(this::acknowledge));

        // When
        s3.putObject(put -> put.bucket(BUCKET).key("empty"), RequestBody.empty());

        // Then
        var event = onlyAnnouncement().at("/Records/0");
        assertThat(event.path("eventVersion").asText()).isEqualTo("2.1");
        assertThat(event.path("eventSource").asText()).isEqualTo("aws:s3");
        assertThat(event.path("eventName").asText()).isEqualTo("ObjectCreated:Put");
        assertThat(event.at("/s3/bucket/name").asText()).isEqualTo(BUCKET);
        assertThat(event.at("/s3/object/size").asLong()).isZero();
        assertThat(event.at("/s3/object/sequencer").asText()).matches("[0-9A-F]{16}");
    }

    @Test
    void shouldJoinTheMultipartUploadAndAnnounceItOnce() throws Exception {
        // Given
        var s3 = client(started(this::acknowledge));
        byte[] content = random(2 * PART_BYTES + 17);

        // When
        uploadInParts(s3, "parts.bin", content);

        // Then
        var event = onlyAnnouncement().at("/Records/0");
        assertThat(event.path("eventName").asText()).isEqualTo("ObjectCreated:CompleteMultipartUpload");
        assertThat(event.at("/s3/object/eTag").asText()).endsWith("-3");
        assertThat(s3.getObjectAsBytes(get -> get.bucket(BUCKET).key("parts.bin")).asByteArray())
                .isEqualTo(content);
    }

    @Test
    void shouldAnnounceACopy() throws Exception {
        // Given
        var s3 = client(started(this::acknowledge));
        s3.putObject(put -> put.bucket(BUCKET).key("a"), RequestBody.fromString("content"));
        announced.clear();

        // When
        s3.copyObject(copy -> copy.sourceBucket(BUCKET)
                .sourceKey("a")
                .destinationBucket(BUCKET)
                .destinationKey("b"));

        // Then
        var event = onlyAnnouncement().at("/Records/0");
        assertThat(event.path("eventName").asText()).isEqualTo("ObjectCreated:Copy");
        assertThat(event.at("/s3/object/key").asText()).isEqualTo("b");
    }

    @Test
    void shouldServeRangesAndRefuseAnotherETag() throws Exception {
        // Given
        var s3 = client(started(this::acknowledge));
        var stored = s3.putObject(put -> put.bucket(BUCKET).key("r"), RequestBody.fromString("0123456789"));

        // When
        var part = s3.getObjectAsBytes(
                get -> get.bucket(BUCKET).key("r").ifMatch(stored.eTag()).range("bytes=3-5"));

        // Then
        assertThat(part.asUtf8String()).isEqualTo("345");
        assertThatThrownBy(() -> s3.getObjectAsBytes(
                get -> get.bucket(BUCKET).key("r").ifMatch("\"00000000000000000000000000000000\"")))
                .isInstanceOfSatisfying(
                        S3Exception.class, refused -> assertThat(refused.statusCode()).isEqualTo(412));
    }

    @Test
    void shouldKeepTheIdentityOfAnObjectOverARestart() throws Exception {
        // Given
        var first = started(this::acknowledge);
        client(first).putObject(put -> put.bucket(BUCKET).key("kept"), RequestBody.fromString("content"));
        var before = client(first).headObject(ask -> ask.bucket(BUCKET).key("kept"));
        first.close();
        announced.clear();

        // When
        var s3 = client(started(this::acknowledge));

        // Then
        var after = s3.headObject(ask -> ask.bucket(BUCKET).key("kept"));
        assertThat(after.eTag()).isEqualTo(before.eTag());
        assertThat(after.lastModified()).isEqualTo(before.lastModified());
        assertThat(announced).isEmpty();
    }

    @Test
    void shouldAnnounceAtTheNextStartWhatItCouldNot() throws Exception {
        // Given
        var first = started((_, _) -> CompletableFuture.failedFuture(new IllegalStateException("Kafka is gone")));
        client(first).putObject(put -> put.bucket(BUCKET).key("late file"), RequestBody.fromString("content"));
        first.close();

        // When
        started(this::acknowledge);

        // Then
        assertThat(onlyAnnouncement().at("/Records/0/s3/object/key").asText()).isEqualTo("late+file");
    }

    @Test
    void shouldShowNothingOfAnUploadBeforeItsEnd() throws Exception {
        // Given
        var s3 = client(started(this::acknowledge));
        var listed = new ArrayList<Integer>();
        byte[] content = random(PART_BYTES);

        // When
        s3.putObject(
                put -> put.bucket(BUCKET).key("slow"),
                RequestBody.fromContentProvider(
                        () -> watched(content, () -> listed.add(countIn(s3))), content.length, "text/plain"));

        // Then
        assertThat(listed).isNotEmpty().containsOnly(0);
    }

    @Test
    void shouldRemoveAnUploadThatACrashCutOff() throws Exception {
        // Given
        var inbox = Files.createDirectories(dir.resolve("s3").resolve(BUCKET));
        var draft = Files.writeString(inbox.resolve("file.bin-7b3a2f1e-0c4d-4e5f-8a9b-0123456789ab"), "half a fi");
        var foreign = Files.writeString(inbox.resolve("laid in by hand"), "content");

        // When
        var s3 = client(started(this::acknowledge));

        // Then
        assertThat(draft).doesNotExist();
        assertThat(foreign).exists();
        assertThat(announced).isEmpty();
        assertThat(s3.listObjectsV2(list -> list.bucket(BUCKET)).contents()).isEmpty();
    }

    @Test
    void shouldTakeALargeObjectInOnePut() throws Exception {
        // Given
        var s3 = client(started(this::acknowledge));
        byte[] content = random(129 << 20);

        // When
        s3.putObject(put -> put.bucket(BUCKET).key("large"), RequestBody.fromBytes(content));

        // Then
        assertThat(s3.headObject(ask -> ask.bucket(BUCKET).key("large")).contentLength()).isEqualTo(content.length);
    }

    @Test
    void shouldServeAPresignedAddress() throws Exception {
        // Given
        var store = started(this::acknowledge);
        client(store).putObject(
                put -> put.bucket(BUCKET).key("a folder/a+file.txt"), RequestBody.fromString("content"));
        try (var signer = Clients.presigner(store.endpoint());
                var http = HttpClient.newHttpClient()) {
            var address = signer.presignGetObject(sign -> sign.signatureDuration(Duration.ofMinutes(1))
                    .getObjectRequest(get -> get.bucket(BUCKET).key("a folder/a+file.txt")));

            // When
            var answer = http.send(
                    HttpRequest.newBuilder(address.url().toURI()).build(), HttpResponse.BodyHandlers.ofString());

            // Then
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("content");
        }
    }

    /** Runs the watcher while the second half is read. The client reads twice: to sign, and to send. */
    private static InputStream watched(byte[] content, Runnable watcher) {
        return new ByteArrayInputStream(content) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                // Not at the end any more: what is sent whole may show at once.
                if (available() > 0 && available() < content.length / 2) {
                    watcher.run();
                }
                return super.read(into, offset, length);
            }
        };
    }

    private static int countIn(S3Client s3) {
        return s3.listObjectsV2(list -> list.bucket(BUCKET)).contents().size();
    }

    private EmbeddedS3 started(NotificationSink sink) throws Exception {
        var store = new EmbeddedS3(dir.resolve("s3"), 0, sink, InstantSource.system()); // allow clock: a main of sorts
        opened.add(store);
        store.start();
        return store;
    }

    private S3Client client(EmbeddedS3 store) {
        var client = Clients.s3(store.endpoint());
        opened.add(client);
        return client;
    }

    private CompletableFuture<String> acknowledge(String recordKey, String json) {
        announced.add(json);
        return CompletableFuture.completedFuture(recordKey);
    }

    private JsonNode onlyAnnouncement() throws Exception {
        assertThat(announced).hasSize(1);
        return new ObjectMapper().readTree(announced.peek());
    }

    private static byte[] random(int size) {
        var content = new byte[size];
        new Random(4711).nextBytes(content);
        return content;
    }

    private static void uploadInParts(S3Client s3, String key, byte[] content) {
        var upload = s3.createMultipartUpload(create -> create.bucket(BUCKET).key(key));
        var parts = new ArrayList<CompletedPart>();
        for (int from = 0; from < content.length; from += PART_BYTES) {
            int number = parts.size() + 1;
            var body = new ByteArrayInputStream(content, from, PART_BYTES);
            var stored = s3.uploadPart(
                    part -> part.bucket(BUCKET).key(key).uploadId(upload.uploadId()).partNumber(number),
                    RequestBody.fromInputStream(body, body.available()));
            parts.add(CompletedPart.builder().partNumber(number).eTag(stored.eTag()).build());
        }
        assertThat(countIn(s3)).as("objects before the upload's end").isZero();
        s3.completeMultipartUpload(complete -> complete.bucket(BUCKET)
                .key(key)
                .uploadId(upload.uploadId())
                .multipartUpload(all -> all.parts(parts)));
    }
}
