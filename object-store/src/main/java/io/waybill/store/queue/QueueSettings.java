package io.waybill.store.queue;

import io.waybill.runtime.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A queue of SQS, and how to ask it.
 *
 * @param address    the queue's URL, which names the server and so the region
 * @param region     where the URL names none
 * @param login      empty for the default chain of credentials
 * @param waitTime   how long the server may wait for a message, 0 to 20 s in whole seconds
 * @param visibility how long nobody else gets a message that was received, in whole seconds
 */
public record QueueSettings(
        URI address, String region, Optional<Login> login, Duration waitTime, Duration visibility) {
    /** "sqs.REGION." since 2012, and "REGION.queue." before. */
    private static final Pattern REGION =
            Pattern.compile("(?:^|\\.)sqs(?:-fips)?\\.([a-z0-9-]+)\\.|^([a-z0-9-]+)\\.queue\\.");

    /** A key and its secret. */
    public record Login(Secret accessKey, Secret secretKey) {}

    /** The region that the address names, or else {@link #region()}. */
    String regionOfAddress() {
        var named = REGION.matcher(address.getHost());
        if (!named.find()) {
            return region;
        }
        return named.group(1) == null ? named.group(2) : named.group(1);
    }

    /** The server of the queue. */
    URI server() {
        return URI.create(address.getScheme() + "://" + address.getRawAuthority());
    }
}
