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
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Puts files into S3, of sizes that are drawn: most of 1 to 200 KiB, some of a few MiB, some empty. Where it is asked to,
 * some keys get two to four versions, one soon after the other. One thread.
 */
final class LoadGenerator implements AutoCloseable {
    /** Without versioning, which the embedded store does not have: what is put again replaces what was there. */
    static final String BUCKET = "crash";

    private static final int AT_ONCE = 8;
    private static final int LARGE = 3 << 20;
    private static final int SMALLEST_VERSION = 64;
    private static final int MOST_VERSIONS = 4;

    private final S3Client store;
    private final List<String> directories;
    private final Random random;
    private final boolean versions;
    private final Map<String, Sent> sent = new ConcurrentHashMap<>();
    private final Map<String, Integer> newest = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private int count;
    private Put last = new Put("", "", 0);
    private int toFollow;

    /**
     * @param directories in the order in which they get files
     * @param versions    whether some keys are put again
     */
    LoadGenerator(WaybillConfig config, List<String> directories, long seed, boolean versions) {
        store = client(config.s3());
        this.directories = directories;
        random = new Random(seed);
        this.versions = versions;
    }

    /** What is put next, or was put last. */
    private record Put(String directory, String name, int version) {
        Put again() {
            return new Put(directory, name, version + 1);
        }
    }

    /**
     * Puts one more file.
     *
     * @return false if the store did not answer properly; it may have the file all the same
     */
    boolean put() {
        // Others may come between the versions of a key.
        boolean again = toFollow > 0 && random.nextInt(4) > 0;
        Put next = again ? last.again() : fresh();
        boolean first = toFollow == 0 && versions && random.nextInt(4) == 0;
        if (first) {
            toFollow = random.nextInt(1, MOST_VERSIONS);
        } else if (again) {
            toFollow--;
        }
        if (first || again) {
            last = next;
        }
        // Of a key that is put again, no two are equal.
        boolean taken = put(next, first || again ? Math.max(SMALLEST_VERSION, size()) : size());
        if (!taken) {
            // Whether that version is there is not known, so no other is put over it.
            toFollow = 0;
        }
        return taken;
    }

    boolean put(int size) {
        return put(fresh(), size);
    }

    /** Puts files of one size, many at once. */
    void putAtOnce(int count, int size) {
        try (var many = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < count; i++) {
                Put next = fresh();
                byte[] content = content(size);
                many.execute(() -> put(next, content));
            }
        }
    }

    private Put fresh() {
        String directory = directories.get(count % directories.size());
        return new Put(directory, String.format(Locale.ROOT, "%06d.bin", count++), 1);
    }

    private boolean put(Put next, int size) {
        return put(next, content(size));
    }

    private byte[] content(int size) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        return content;
    }

    /** Any thread. */
    private boolean put(Put next, byte[] content) {
        int size = content.length;
        var certain = new Sent(
                next.directory(), next.name(), next.version(), size, sha256(content), digest("MD5", content), true);
        var uncertain = new Sent(
                next.directory(), next.name(), next.version(), size, certain.sha256(), certain.etag(), false);
        sent.put(certain.identity(), uncertain);
        try {
            store.putObject(request -> request.bucket(BUCKET).key(certain.key()), RequestBody.fromBytes(content));
        } catch (SdkException e) {
            failures.add(e.toString());
            // Never put again: that would be another version, and so another file.
            return false;
        }
        sent.put(certain.identity(), certain);
        newest.put(certain.key(), certain.version());
        accepted.incrementAndGet();
        return true;
    }

    /** Whether the store took a later version of the same key. Any thread. */
    boolean isReplaced(Sent one) {
        return newest.getOrDefault(one.key(), 0) > one.version();
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
        return digest("SHA-256", content);
    }

    private static String digest(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must offer " + algorithm, e);
        }
    }

    /** By {@link Sent#identity()}. Any thread. */
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
