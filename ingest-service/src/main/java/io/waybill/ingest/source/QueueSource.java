package io.waybill.ingest.source;

import io.waybill.runtime.config.Key;
import io.waybill.runtime.config.KeyType;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.SectionEntry;
import io.waybill.runtime.config.SectionReader;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import io.waybill.store.queue.QueueSettings;
import io.waybill.store.queue.QueueSettings.Login;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A queue of SQS from which notifications come: a source of {@code type: sqs}.
 *
 * @param name       of the source
 * @param address    the queue's URL
 * @param waitTime   how long the server may wait for a message, 0 to 20 s in whole seconds
 * @param visibility how long nobody else gets a message that was received, 30 s to 12 h in whole seconds
 * @param login      empty for that of the store
 */
public record QueueSource(
        String name, URI address, Duration waitTime, Duration visibility, Optional<Login> login) {
    /** It stands in metrics, logs and names of threads. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    private static final Duration SHORTEST_VISIBILITY = Duration.ofSeconds(30);
    private static final Duration LONGEST_VISIBILITY = Duration.ofHours(12);

    private static final Key<SourceType> TYPE = Key.required(
            "type", KeyType.oneOf(SourceType.class),
            "What the source is; `sqs` is a queue of AWS SQS with notifications.")
            .see("sources.md#a-queue-of-sqs");

    static final Key<URI> QUEUE = Key.required(
            "queue",
            KeyType.text("address of a queue", QueueSource::address),
            "The URL of the queue, such as `https://sqs.eu-central-1.amazonaws.com/123456789012/arrivals`, which also says"
                    + " in which region it is.");

    private static final Key<Duration> WAIT_TIME = Key.of(
            "waitTime",
            KeyType.DURATION_OR_ZERO,
            LONGEST_WAIT,
            "How long SQS waits for a message before it answers that there is none, 20s at most.");

    private static final Key<Duration> VISIBILITY = Key.of(
            "visibility",
            KeyType.POSITIVE_DURATION,
            Duration.ofMinutes(2),
            "How long SQS hides a message that Waybill has received, from 30s to 12h; Waybill hides it longer while Kafka does"
                    + " not answer.");

    private static final Key<Secret> ACCESS_KEY = Key.optional(
            "accessKey",
            KeyType.SECRET,
            "as for the store",
            "The access key for the queue; without it `s3.accessKey` counts, and without that the default places of AWS's"
                    + " SDK.");

    private static final Key<Secret> SECRET_KEY = Key.optional(
            "secretKey", KeyType.SECRET, "as for the store", "The secret of the access key.");

    static final SectionEntry[] KEYS = {TYPE, QUEUE, WAIT_TIME, VISIBILITY, ACCESS_KEY, SECRET_KEY};

    /** Empty if something is missing, of which the reader complains. */
    static Optional<QueueSource> read(String name, SectionReader keys) {
        if (!NAME.matcher(name).matches()) {
            keys.problem(TYPE,
                    "the name of a source has 1 to 63 letters, digits, '.', '_' or '-', and begins with a letter or"
                            + " digit");
        }
        keys.required(TYPE, SourceType.SQS);
        Optional<URI> address = keys.has(QUEUE) ? keys.find(QUEUE) : missing(keys);
        Duration waitTime = between(keys, WAIT_TIME, Duration.ZERO, LONGEST_WAIT);
        Duration visibility = between(keys, VISIBILITY, SHORTEST_VISIBILITY, LONGEST_VISIBILITY);
        Optional<Login> login = login(keys);
        keys.finish();
        return address.map(queue -> new QueueSource(name, queue, waitTime, visibility, login));
    }

    private static Optional<URI> missing(SectionReader keys) {
        keys.problem(QUEUE, "is missing");
        return Optional.empty();
    }

    private static Duration between(SectionReader keys, Key<Duration> key, Duration least, Duration most) {
        Duration given = keys.get(key);
        if (given.compareTo(least) < 0 || given.compareTo(most) > 0 || given.toMillisPart() != 0) {
            keys.problem(key,
                    "expected whole seconds from " + least.toSeconds() + "s to " + most.toSeconds() + "s, was "
                            + given.toMillis() + "ms");
        }
        return given;
    }

    private static Optional<Login> login(SectionReader keys) {
        Optional<Secret> accessKey = keys.find(ACCESS_KEY);
        Optional<Secret> secretKey = keys.find(SECRET_KEY);
        if (keys.has(ACCESS_KEY) != keys.has(SECRET_KEY)) {
            keys.problem(keys.has(ACCESS_KEY) ? SECRET_KEY : ACCESS_KEY, "is missing; give both keys, or none");
        }
        return accessKey.flatMap(key -> secretKey.map(secret -> new Login(key, secret)));
    }

    private static URI address(String text) {
        String expected = "expected the URL of a queue, such as"
                + " https://sqs.eu-central-1.amazonaws.com/123456789012/arrivals, was '" + text + "'";
        try {
            var address = new URI(text);
            boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
            boolean named = address.getHost() != null && address.getPath() != null && address.getPath().length() > 1;
            if (!web || !named || address.getUserInfo() != null || address.getQuery() != null) {
                throw new IllegalArgumentException(expected);
            }
            return address;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

    /** How to ask the queue, with what the store's configuration says where the source says nothing. */
    public QueueSettings settings(S3Settings store) {
        Optional<Login> ofStore = store.accessKey()
                .flatMap(key -> store.secretKey().map(secret -> new Login(key, secret)));
        return new QueueSettings(address, store.region(), login.or(() -> ofStore), waitTime, visibility);
    }
}
