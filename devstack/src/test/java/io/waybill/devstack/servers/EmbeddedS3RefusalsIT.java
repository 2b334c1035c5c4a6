package io.waybill.devstack.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.devstack.servers.s3.DiskSpace;
import io.waybill.testkit.CaughtWarnings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What the store does not take, it refuses with a code that clients know and do not answer by trying again. */
final class EmbeddedS3RefusalsIT {
    private static final String BUCKET = EmbeddedS3.BUCKET;

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(DiskSpace.class);

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
    @CsvSource({
            "a//b, InvalidArgument",
            "/a, InvalidArgument",
            "x/../y, InvalidArgument",
            "./y, InvalidArgument",
    })
    void shouldRefuseKeysThatNoFileCanHaveInsteadOfTakingThemForOthers(String key, String code) throws Exception {
        // Given
        var s3 = client(started());
        s3.putObject(put -> put.bucket(BUCKET).key("a/b"), RequestBody.fromString("content"));
        s3.putObject(put -> put.bucket(BUCKET).key("y"), RequestBody.fromString("content"));
        announced.clear();

        // When, Then
        assertRefused(400, code, () -> put(s3, key));
        assertRefused(404, "NoSuchKey", () -> s3.getObjectAsBytes(get -> get.bucket(BUCKET).key(key)));
        s3.deleteObject(delete -> delete.bucket(BUCKET).key(key));
        assertThat(s3.listObjectsV2(list -> list.bucket(BUCKET)).contents())
                .extracting(S3Object::key)
                .containsExactly("a/b", "y");
        assertThat(announced).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x1, 0x1f, 0xfffe})
    void shouldStayListableWhateverCharactersAreTriedInKeys(int character) throws Exception {
        var s3 = client(started());
        String key = "a" + Character.toString(character) + "b";
        put(s3, "good\u0085\ud83d\ude00.csv");

        assertRefused(400, "InvalidArgument", () -> put(s3, key));
        assertRefused(400, "InvalidArgument", () -> s3.createMultipartUpload(create -> create.bucket(BUCKET).key(key)));
        assertRefused(400, "InvalidArgument", () -> s3.copyObject(copy -> copy.sourceBucket(BUCKET)
                .sourceKey("good\u0085\ud83d\ude00.csv")
                .destinationBucket(BUCKET)
                .destinationKey(key)));
        assertThat(countIn(s3)).isOne();
    }

    @Test
    void shouldRefuseLongNamesAndKeysAndTakeThoseThatFit() throws Exception {
        var s3 = client(started());
        put(s3, "folder/" + "ü".repeat(109));
        assertRefused(400, "KeyTooLongError", () -> put(s3, "folder/" + "ü".repeat(110)));
        assertRefused(400, "KeyTooLongError", () -> put(s3, "x".repeat(256) + "/y"));
        assertRefused(400, "KeyTooLongError", () -> put(s3, "long/".repeat(205)));
        assertRefused(400, "KeyTooLongError",
                () -> s3.createMultipartUpload(create -> create.bucket(BUCKET).key("y".repeat(170))));
        assertThat(countIn(s3)).isOne();
    }

    @Test
    void shouldRefuseAKeyThatIsAFolderOfAnotherOne() throws Exception {
        var s3 = client(started());
        put(s3, "a/b");
        put(s3, "file");
        assertRefused(400, "InvalidRequest", () -> put(s3, "a"));
        assertRefused(400, "InvalidRequest", () -> put(s3, "file/below/it"));
        assertRefused(400, "InvalidRequest",
                () -> s3.createMultipartUpload(create -> create.bucket(BUCKET).key("a")));
        assertRefused(400, "InvalidRequest", () -> s3.copyObject(copy -> copy.sourceBucket(BUCKET)
                .sourceKey("file")
                .destinationBucket(BUCKET)
                .destinationKey("a")));
        assertThat(countIn(s3)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
            "waybill, wrong, SignatureDoesNotMatch",
            "nobody, waybill-secret, InvalidAccessKeyId",
    })
    void shouldRefuseWrongCredentials(String accessKey, String secretKey, String code) throws Exception {
        var store = started();
        var s3 = Clients.s3(store.endpoint(), accessKey, secretKey);
        opened.add(s3);
        assertRefused(403, code, () -> put(s3, "a.txt"));
        assertThat(announced).isEmpty();
    }

    @Test
    void shouldRefuseRequestsWithoutASignature() throws Exception {
        var store = started();
        put(client(store), "a.txt");
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(store.endpoint() + "/inbox/a.txt")).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("<Code>AccessDenied</Code>", "has no signature");
            answer = http.send(
                    HttpRequest.newBuilder(URI.create(
                            store.endpoint() + "/inbox/a.txt?AWSAccessKeyId=waybill&Expires=1&Signature=x")).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("<Code>AccessDenied</Code>", "signature_version s3v4");
        }
    }

    @Test
    void shouldRefuseObjectsBeforeTheDiskIsFull() throws Exception {
        // Given
        var free = new AtomicLong(DiskSpace.RESERVE + 10);
        var s3 = client(started(new DiskSpace(dir, free::get)));

        // When, Then
        put(s3, "ten bytes!");
        assertRefused(507, "InsufficientStorage", () -> put(s3, "eleven bytes"));
        assertRefused(507, "InsufficientStorage", () -> put(s3, "eleven bytes"));
        assertThat(warnings.lines()).singleElement().asString().contains("Disk almost full", "free=256 MiB");
        free.set(Long.MAX_VALUE);
        put(s3, "eleven bytes");
        assertThat(countIn(s3)).isEqualTo(2);
    }

    private EmbeddedS3 started() throws Exception {
        return started(new DiskSpace(dir, () -> Long.MAX_VALUE));
    }

    private EmbeddedS3 started(DiskSpace space) throws Exception {
        var clock = InstantSource.system(); // allow clock: signatures are of the moment
        var store = new EmbeddedS3(dir.resolve("s3"), 0, this::acknowledge, clock, space);
        opened.add(store);
        store.start();
        return store;
    }

    private CompletableFuture<String> acknowledge(String recordKey, String json) {
        announced.add(json);
        return CompletableFuture.completedFuture(recordKey);
    }

    private S3Client client(EmbeddedS3 store) {
        var client = Clients.s3(store.endpoint());
        opened.add(client);
        return client;
    }

    private static int countIn(S3Client s3) {
        return s3.listObjectsV2(list -> list.bucket(BUCKET)).contents().size();
    }

    private static void put(S3Client s3, String key) {
        s3.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromString(key));
    }

    private static void assertRefused(int status, String code, ThrowingCallable request) {
        assertThatThrownBy(request).isInstanceOfSatisfying(S3Exception.class, refused -> {
            assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(refused.statusCode()).isEqualTo(status);
        });
    }
}
