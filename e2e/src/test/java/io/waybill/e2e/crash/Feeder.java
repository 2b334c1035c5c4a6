package io.waybill.e2e.crash;

import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Puts files into S3, of sizes that are drawn: most of 1 to 200 KiB, some of a few MiB, some empty. One thread. */
final class Feeder implements AutoCloseable {
    static final String BUCKET = "crash";

    private static final int LARGE = 3 << 20;

    private final S3Client store;
    private final List<String> directories;
    private final Random random;
    private final Map<String, Sent> sent = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private int count;
    private final AtomicInteger accepted = new AtomicInteger();

    Feeder(WaybillConfig config, List<String> directories, long seed) {
        store = client(config.s3());
        this.directories = directories;
        random = new Random(seed);
    }

    /**
     * Puts one more file.
     *
     * @return false if the store did not answer properly; it may have the file all the same
     */
    boolean put() {
        return put(size());
    }

    boolean put(int size) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        String directory = directories.get(count % directories.size());
        String name = String.format(Locale.ROOT, "%06d.bin", count++);
        var certain = new Sent(directory, name, content.length, sha256(content), true);
        var uncertain = new Sent(directory, name, content.length, certain.sha256(), false);
        sent.put(certain.key(), uncertain);
        try {
            store.putObject(request -> request.bucket(BUCKET).key(certain.key()), RequestBody.fromBytes(content));
        } catch (SdkException e) {
            failures.add(e.toString());
            // Never put again under this name: that would be another version, and so another file.
            return false;
        }
        sent.put(certain.key(), certain);
        accepted.incrementAndGet();
        return true;
    }

    /** Tries once: the SDK's own second try would be another version, too. */
    private static S3Client client(S3Settings settings) {
        return S3Client.builder()
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                .endpointOverride(settings.endpoint().orElseThrow())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        settings.accessKey().map(Secret::reveal).orElseThrow(),
                        settings.secretKey().map(Secret::reveal).orElseThrow())))
                .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(1)))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    private int size() {
        int kind = random.nextInt(100);
        if (kind < 3) {
            return 0;
        }
        if (kind < 9) {
            return 1 + random.nextInt(LARGE);
        }
        // Log-uniform, as real files are.
        return (int) Math.round(1024 * Math.exp(random.nextDouble() * Math.log(200)));
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must offer SHA-256", e);
        }
    }

    /** By {@link Sent#key()}. Any thread. */
    Map<String, Sent> sent() {
        return sent;
    }

    /** What the store answered where it did not answer properly. Any thread. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** How many files the store took for certain. Any thread. */
    int accepted() {
        return accepted.get();
    }

    @Override
    public void close() {
        store.close();
    }
}
