package io.waybill.sftp;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.NameFolding;
import io.waybill.runtime.config.DestinationConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a probe found out about a destination's server.
 *
 * @param software    the server's own name, such as "SSH-2.0-OpenSSH_9.2p1"
 * @param hostKey     the fingerprint of the key that it showed, "SHA256:…"; this key is pinned
 * @param algorithms  the algorithms, by their purpose
 * @param protocol    the version of SFTP in use
 * @param extensions  the extensions that the server offers, in alphabetical order
 * @param limits      the limits that it reports; empty if it reports none
 * @param roundTrip   the median of a few requests that do nothing
 * @param connections how many connections were open at one time; fewer than were tried, if one was refused
 * @param trial       what the server does with files; empty if this could not be tested
 */
public record ServerReport(
        String software,
        String hostKey,
        Map<String, Algorithm> algorithms,
        int protocol,
        List<String> extensions,
        Optional<Limits> limits,
        Duration roundTrip,
        Connections connections,
        Optional<Trial> trial) {

    /**
     * @param used    the algorithm that this connection uses
     * @param offered the algorithms that the server offers, in its order of preference
     */
    public record Algorithm(String used, List<String> offered) {
        /** Whether the algorithm is used only because the configuration allows weak ones. */
        public boolean weak() {
            return DestinationConfig.Security.WEAK.contains(used);
        }
    }

    /** In bytes and handles; zero if the server names no limit. */
    public record Limits(long packet, long read, long write, long handles) {}

    /**
     * @param refusal the failure of the first refused connection; empty if all connections that were tried are open
     */
    public record Connections(int open, int tried, Optional<String> refusal) {}

    /**
     * @param keeps       what works
     * @param lacks       what does not work
     * @param handles     how many files were open at one time over one connection; empty if this was not tested, because
     *                    files could not be removed again
     * @param moreHandles true if the probe tested no more files than these, so that the server may allow more
     * @param channels    how many channels of one connection the server allows; the probe tests no more than the
     *                    configuration allows, but at least two
     * @param anyOrder    whether the server takes the bytes of a file over several channels in any order; empty if the
     *                    probe could not find out: the server allows one channel only, files could not be removed again, or
     *                    the server refuses something else
     * @param size        whether the server reports the size of a file by its name
     * @param modified    whether the server reports when the file was changed
     * @param foldNames   which names the server takes for one; empty if the probe could not find out, because names cannot
     *                    be looked up or files could not be removed again
     * @param leftBehind  paths that may be left behind, because they could not be removed
     */
    public record Trial(
            Set<Capability> keeps,
            Set<Capability> lacks,
            OptionalInt handles,
            boolean moreHandles,
            int channels,
            Optional<Boolean> anyOrder,
            boolean size,
            boolean modified,
            Optional<NameFolding> foldNames,
            List<String> leftBehind) {
        /** The class that Waybill can promise there. */
        public DestinationClass destinationClass() {
            return Capability.classOf(keeps);
        }

        /** How many files may be open at one time; empty if no limit was found. */
        public OptionalInt handleLimit() {
            return moreHandles ? OptionalInt.empty() : handles;
        }

        /** Over how many channels a large file may be written; empty if the probe could not find out. */
        public OptionalInt channelsOfAFile() {
            if (channels == 1) {
                return OptionalInt.of(1);
            }
            return anyOrder.map(any -> OptionalInt.of(any ? channels : 1)).orElseGet(OptionalInt::empty);
        }
    }
}
