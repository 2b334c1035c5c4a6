package io.waybill.sftp;

import io.waybill.runtime.config.DestinationConfig.Flow;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHLimitsExtensionInfo;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * What a connection allows.
 *
 * @param chunkSize the most bytes of a file in one request
 * @param roundTrip the time until an answer comes
 * @param told      what the server reports about its limits
 */
record ServerLimits(int chunkSize, Duration roundTrip, Optional<OpenSSHLimitsExtensionInfo> told) {
    private static final String NAME = "limits@openssh.com";

    /** The write that every server must accept (draft-ietf-secsh-filexfer-02, section 3). */
    private static final int SAFE_CHUNK = 32 << 10;

    /** The largest write that is worth its memory; the limit of OpenSSH. */
    private static final int LARGEST_CHUNK = 255 << 10;

    /** A server that names fewer bytes means something else, or wants to be sent a request for each of them. */
    private static final int LEAST_CHUNK = 1 << 10;

    /** The limits before the server was asked. */
    static final ServerLimits UNKNOWN = new ServerLimits(SAFE_CHUNK, Duration.ZERO, Optional.empty());

    /**
     * Asks the server and waits for its answer.
     *
     * @param offered whether the server offers to report its limits
     */
    static ServerLimits ask(SftpRequests requests, boolean offered, Flow flow, ScheduledExecutorService ticker)
            throws IOException {
        var counting = RoundTrip.begin(ticker);
        try {
            Optional<OpenSSHLimitsExtensionInfo> told = offered ? told(requests) : Optional.empty();
            if (!offered) {
                // The answer does not matter; the request only measures the round trip.
                requests.awaitAnything(requests.send(SftpConstants.SSH_FXP_REALPATH, requests.encoded(".")));
            }
            // Zero means that the server names no limit. It does not promise to accept any size.
            long longest = told.map(limits -> limits.maxWriteLength).orElse(0L);
            int chunk = longest <= 0 ? SAFE_CHUNK : Math.clamp(longest, LEAST_CHUNK, mostAtOnce(flow));
            return new ServerLimits(chunk, counting.end(), told);
        } finally {
            counting.end();
        }
    }

    private static Optional<OpenSSHLimitsExtensionInfo> told(SftpRequests requests) throws IOException {
        try {
            return Optional.of(requests.awaitReply(
                    requests.sendExtended(NAME),
                    reply -> OpenSSHLimitsExtensionInfo.decode(reply, new OpenSSHLimitsExtensionInfo())));
        } catch (SftpException e) {
            // Whatever the reason of the refusal, the server may take files.
            return Optional.empty();
        }
    }

    /** If only a few bytes a second are allowed, they are sent in small parts. */
    private static int mostAtOnce(Flow flow) {
        return Math.clamp(flow.maxBytesPerSecond().orElse(Integer.MAX_VALUE) / 4, SAFE_CHUNK, LARGEST_CHUNK);
    }

    static boolean offeredBy(PipelinedSftpClient client) {
        return client.getServerExtensions().containsKey(NAME);
    }

    /**
     * Counts milliseconds by the ticks of a scheduler until it is stopped. This is precise enough to distinguish a long
     * line from a short one.
     */
    private static final class RoundTrip {
        private final AtomicInteger millis = new AtomicInteger();
        private final ScheduledFuture<?> ticks;

        private RoundTrip(ScheduledExecutorService ticker) {
            ticks = ticker.scheduleAtFixedRate(millis::incrementAndGet, 1, 1, TimeUnit.MILLISECONDS);
        }

        /** Begins to count. */
        static RoundTrip begin(ScheduledExecutorService ticker) {
            return new RoundTrip(ticker);
        }

        /** The time from the beginning to the first call of this method. */
        Duration end() {
            ticks.cancel(false);
            return Duration.ofMillis(millis.get());
        }
    }
}
