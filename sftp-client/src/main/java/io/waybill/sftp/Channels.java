package io.waybill.sftp;

import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.sftp.flow.UnsentBytes;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels of one connection. Large files are written over several channels, for two reasons. A server accepts a
 * limited number of bytes over a channel before it answers, mostly 2 MiB; this limits the throughput of a long line however
 * fast it is. A server also has one process per channel; this limits a short line. A channel is opened when it is needed,
 * and stays until the connection ends. The bytes that TCP keeps under way limit the connection as a whole, so on still
 * longer lines further connections are useful too. Any thread.
 */
final class Channels {
    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

    /**
     * Faster than any server decrypts over one connection; more bytes under way would only wait somewhere. The rate is not
     * measured to keep fewer bytes under way on a slower line. Bytes that were sent cost this process nothing, because
     * their memory is free as soon as they are encrypted. Bytes that the network has not taken have a budget of their own
     * ({@link UnsentBytes}).
     */
    private static final long BYTES_PER_MILLISECOND = 512 << 10;

    private static final long LEAST_UNDER_WAY = 4 << 20;

    /** More channels make a short line no faster. */
    private static final int NEAR = 4;

    /** From this file size on, further channels are worth the cost of opening them: on a long line and on a short one. */
    private static final long LARGE = 2 << 20;
    private static final long LARGE_NEAR = 32 << 20;

    /** The same for further connections, which the worker may have to open first. */
    static final long LARGE_FOR_OTHERS = 32 << 20;

    private static final long MOST_UNDER_WAY = 64 << 20;

    /** About the most that TCP keeps under way over one connection if the system's limits are not raised. */
    private static final long MOST_OF_CONNECTION = 8 << 20;

    private final Opener opener;
    private final ServerFindings findings;
    private final SftpRequests first;
    private final Supplier<Duration> roundTrip;
    private final Flow flow;
    private final Map<Integer, Further> further = new ConcurrentHashMap<>();
    private final AtomicBoolean lost = new AtomicBoolean();

    /**
     * @param roundTrip the time until an answer comes
     * @param flow      the limits in the configuration
     */
    Channels(SftpRequests first, Opener opener, ServerFindings findings, Supplier<Duration> roundTrip, Flow flow) {
        this.first = first;
        this.opener = opener;
        this.findings = findings;
        this.roundTrip = roundTrip;
        this.flow = flow;
    }

    /** Opens another channel of the connection. */
    @FunctionalInterface
    interface Opener {
        SftpRequests open() throws IOException;
    }

    private static final class Further {
        private final ReentrantLock turn = new ReentrantLock();
        private Optional<SftpRequests> channel = Optional.empty();
    }

    /** How many bytes fit into the line. */
    private long underWay() {
        return Math.clamp(roundTrip.get().toMillis() * BYTES_PER_MILLISECOND, LEAST_UNDER_WAY, MOST_UNDER_WAY);
    }

    private boolean isNear() {
        return underWay() == LEAST_UNDER_WAY;
    }

    /** From how many sent bytes on a file is worth further channels. */
    long large() {
        return isNear() ? LARGE_NEAR : LARGE;
    }

    /** Over how many channels a large file should be written, including the first. */
    int worthwhile() {
        if (!stripes()) {
            return 1;
        }
        long wanted = isNear() ? NEAR : Math.ceilDiv(underWay(), first.window());
        return Math.clamp(wanted, 1, allowed());
    }

    private boolean stripes() {
        // Where the server allows only a few handles, other files need them more.
        return flow.channels() > 1 && !findings.lacks(Capability.STRIPES)
                && findings.mostHandles() == Integer.MAX_VALUE;
    }

    private int allowed() {
        return Math.min(flow.channels(), findings.mostChannels());
    }

    /** Over how many connections a large file should be written, including this one. */
    int connections() {
        long one = Math.min(MOST_OF_CONNECTION, allowed() * first.window());
        return !stripes() || isNear() ? 1 : Math.clamp(Math.ceilDiv(underWay(), one), 1, flow.connections());
    }

    /** Whether a large file should be written over more than the first channel. */
    boolean spread() {
        return worthwhile() > 1 || connections() > 1;
    }

    /**
     * The channels that a large file of another connection may use: the fewest that fill this connection. The first channel
     * is not among them if there are others.
     */
    IntStream forGuests() {
        long filling = Math.ceilDiv(MOST_OF_CONNECTION, first.window());
        return allowed() == 1 ? IntStream.of(0) : IntStream.range(1, (int) Math.min(allowed(), 1 + filling));
    }

    /**
     * How many bytes of one file may be under way over a channel.
     *
     * @param striped whether the file may use further channels as well
     */
    long window(SftpRequests channel, boolean striped) {
        // If the file uses further channels, each channel gets only what it accepts at once, so that no write waits for a
        // full channel while another channel is free. A channel that is alone is kept full.
        return striped && spread() ? channel.window() : Math.max(underWay(), channel.window());
    }

    /**
     * Whether a trial showed that the server takes the bytes of a file over several channels in any order. Runs the trial
     * if it has not run yet.
     *
     * @param second another channel, beside the first of this connection
     * @param probe  a name that nobody else uses
     */
    boolean proven(SftpRequests second, byte[] probe) {
        try {
            boolean stripes = findings.stripes(() -> new StripeProbe(first, second, probe).run());
            findings.keptConnection();
            return stripes;
        } catch (IOException e) {
            failed(e, first.isConnected() && second.isConnected());
            return false;
        }
    }

    /** A channel of the connection; number 0 is the first. Opens the channel if it does not exist, or no longer works. */
    Optional<SftpRequests> get(int number) {
        if (number == 0) {
            return Optional.of(first);
        }
        Further place = further.computeIfAbsent(number, _ -> new Further());
        place.turn.lock();
        try {
            place.channel = place.channel.filter(SftpRequests::isOpen);
            if (place.channel.isEmpty() && number < findings.mostChannels() && first.isConnected()) {
                place.channel = Optional.of(opener.open());
            }
            return place.channel;
        } catch (IOException e) {
            boolean refused = first.isConnected() || saysNo(e);
            if (refused) {
                findings.refusedChannel(number);
            }
            failed(e, refused);
            return Optional.empty();
        } finally {
            place.turn.unlock();
        }
    }

    /**
     * Opens all channels that the configuration allows, as far as the server allows them, and returns how many there are.
     */
    int count() {
        return (int) IntStream.range(0, flow.channels()).takeWhile(number -> get(number).isPresent()).count();
    }

    private static boolean saysNo(IOException failure) {
        // The connection may be lost right after the server's answer.
        return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(SshChannelOpenException.class::isInstance);
    }

    private void failed(IOException reason, boolean refused) {
        if (refused) {
            refused(reason);
        } else if (!lost.getAndSet(true)) {
            // Counted once, however many channels were being opened: a connection can also break for other reasons.
            findings.lostConnection();
        }
    }

    /** The server refused something that a further channel needs. */
    void refused(IOException reason) {
        findings.refusedStripe();
        LOG.atDebug().setCause(reason).log("A large file goes over fewer channels than useful");
    }
}
