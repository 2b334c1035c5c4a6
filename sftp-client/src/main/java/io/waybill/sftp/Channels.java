package io.waybill.sftp;

import io.waybill.runtime.config.DestinationConfig.Flow;
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
 * The channels of one connection. A server takes only so many bytes over a channel before it answers, mostly 2 MiB, which
 * limits a long line however fast it is, and has one process for each, which limits a short one; so large files are
 * written over several. They are made when they are needed and stay until the connection ends. What TCP keeps under way
 * limits the connection as a whole; so on still longer lines other connections are worth while as well. Any thread.
 */
final class Channels {
    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

    /**
     * Faster than any server decrypts over one connection; what is under way beyond that only waits somewhere. The rate is
     * not measured to have less under way on a slower line: what is sent costs this process nothing, since its bytes are free
     * as soon as they are encrypted, and what the network has not taken has a budget of its own ({@link UnsentBytes}).
     */
    private static final long BYTES_PER_MILLISECOND = 512 << 10;

    private static final long LEAST_UNDER_WAY = 4 << 20;

    /** More make a short line no faster. */
    private static final int NEAR = 4;

    /** From how many bytes on further channels are worth what it costs to open them, far and near. */
    private static final long LARGE = 2 << 20;
    private static final long LARGE_NEAR = 32 << 20;

    /** The same of other connections, which may have to be made. */
    static final long LARGE_FOR_OTHERS = 32 << 20;

    private static final long MOST_UNDER_WAY = 64 << 20;

    /** What TCP keeps under way over one connection, where a system's limits are not raised; hardly more. */
    private static final long MOST_OF_CONNECTION = 8 << 20;

    private final Opener opener;
    private final ServerFindings findings;
    private final SftpRequests first;
    private final Supplier<Duration> roundTrip;
    private final Flow flow;
    private final Map<Integer, Further> further = new ConcurrentHashMap<>();
    private final AtomicBoolean lost = new AtomicBoolean();

    /**
     * @param roundTrip how long an answer takes
     * @param flow      what the configuration allows
     */
    Channels(SftpRequests first, Opener opener, ServerFindings findings, Supplier<Duration> roundTrip, Flow flow) {
        this.first = first;
        this.opener = opener;
        this.findings = findings;
        this.roundTrip = roundTrip;
        this.flow = flow;
    }

    /** Opens one more channel of the connection. */
    @FunctionalInterface
    interface Opener {
        SftpRequests open() throws IOException;
    }

    private static final class Further {
        private final ReentrantLock turn = new ReentrantLock();
        private Optional<SftpRequests> channel = Optional.empty();
    }

    /** What fits into the line. */
    private long underWay() {
        return Math.clamp(roundTrip.get().toMillis() * BYTES_PER_MILLISECOND, LEAST_UNDER_WAY, MOST_UNDER_WAY);
    }

    private boolean isNear() {
        return underWay() == LEAST_UNDER_WAY;
    }

    /** How many bytes of a file are sent before it is worth further channels. */
    long large() {
        return isNear() ? LARGE_NEAR : LARGE;
    }

    /** How many channels a large file is written over, the first among them. */
    int worthwhile() {
        if (!stripes()) {
            return 1;
        }
        long wanted = isNear() ? NEAR : Math.ceilDiv(underWay(), first.window());
        return Math.clamp(wanted, 1, allowed());
    }

    private boolean stripes() {
        // Where handles are few, other files have more use for them.
        return flow.channels() > 1 && !findings.lacks(Capability.STRIPES)
                && findings.mostHandles() == Integer.MAX_VALUE;
    }

    private int allowed() {
        return Math.min(flow.channels(), findings.mostChannels());
    }

    /** Over how many connections a large file is worth being written, this one among them. */
    int connections() {
        long one = Math.min(MOST_OF_CONNECTION, allowed() * first.window());
        return !stripes() || isNear() ? 1 : Math.clamp(Math.ceilDiv(underWay(), one), 1, flow.connections());
    }

    /** Whether a large file is worth being written over more than the first channel. */
    boolean spread() {
        return worthwhile() > 1 || connections() > 1;
    }

    /** The channels for a large file of another connection: as few as fill this one, and not the first if there are others. */
    IntStream forGuests() {
        long filling = Math.ceilDiv(MOST_OF_CONNECTION, first.window());
        return allowed() == 1 ? IntStream.of(0) : IntStream.range(1, (int) Math.min(allowed(), 1 + filling));
    }

    /**
     * How many bytes of one file may be under way over a channel.
     *
     * @param striped whether the file may be written over others beside it
     */
    long window(SftpRequests channel, boolean striped) {
        // With others beside it none is given more than it takes at once, so that no write waits for a full channel while
        // another is free. A channel that is alone is kept full.
        return striped && spread() ? channel.window() : Math.max(underWay(), channel.window());
    }

    /**
     * Whether the server was found to take the bytes of a file over several channels in any order.
     *
     * @param second beside the first of this connection
     * @param probe  a name that nobody else has
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

    /** A channel of the connection, the first being 0; made if there is none yet, or none any more. */
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

    /** Makes all channels that are allowed, as far as the server does, and tells how many there are. */
    int count() {
        return (int) IntStream.range(0, flow.channels()).takeWhile(number -> get(number).isPresent()).count();
    }

    private static boolean saysNo(IOException failure) {
        // The connection may be lost right behind the answer.
        return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(SshChannelOpenException.class::isInstance);
    }

    private void failed(IOException reason, boolean refused) {
        if (refused) {
            refused(reason);
        } else if (!lost.getAndSet(true)) {
            // Once, however many channels were being made: a connection may well break by itself.
            findings.lostConnection();
        }
    }

    /** The server did not want what a further channel needs. */
    void refused(IOException reason) {
        findings.refusedStripe();
        LOG.atDebug().setCause(reason).log("A large file goes over fewer channels than useful");
    }
}
