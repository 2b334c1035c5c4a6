package io.waybill.sftp;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.NameFolding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a probe found out about a destination's server.
 *
 * @param software    how the server names itself, such as "SSH-2.0-OpenSSH_9.2p1"
 * @param hostKey     the fingerprint of the key it showed, "SHA256:…", which is pinned
 * @param algorithms  by what they are for
 * @param protocol    the version of SFTP that is spoken
 * @param extensions  that the server offers, in alphabetical order
 * @param limits      that it tells; empty if it tells none
 * @param roundTrip   the median of a few requests that do nothing
 * @param connections how many were open at one time; fewer than were tried, if one was refused
 * @param trial       what it does with files; empty if it could not be tried out
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
     * @param used    what this connection uses
     * @param offered by the server, the ones it likes best first
     */
    public record Algorithm(String used, List<String> offered) {}

    /** In bytes and handles; zero where the server names no limit. */
    public record Limits(long packet, long read, long write, long handles) {}

    /**
     * @param refusal what the first refused connection failed with; empty if all that were tried are there
     */
    public record Connections(int open, int tried, Optional<String> refusal) {}

    /**
     * @param keeps       what works
     * @param lacks       what does not
     * @param handles     how many files were open at one time over one connection; empty where that was not tried, because
     *                    files could not be removed again
     * @param moreHandles whether no more than these were tried
     * @param channels    how many channels of one connection the server takes; no more than the configuration allows are
     *                    tried, but two in any case
     * @param anyOrder    whether it takes the bytes of a file over several channels in any order; empty where that
     *                    cannot be told: it takes one only, files could not be removed again, or something else is refused
     * @param size        whether the server tells the size of a file by its name
     * @param modified    whether it tells when the file was changed
     * @param foldNames   which names it takes for one; empty where that cannot be told, because names cannot be looked at or
     *                    files could not be removed again
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
        /** What Waybill can promise there. */
        public DestinationClass destinationClass() {
            return Capability.classOf(keeps);
        }

        /** How many files may be open at one time, if there is a limit that matters. */
        public OptionalInt handleLimit() {
            return moreHandles ? OptionalInt.empty() : handles;
        }

        /** Over how many channels a large file may be written; empty where that cannot be told. */
        public OptionalInt channelsOfAFile() {
            if (channels == 1) {
                return OptionalInt.of(1);
            }
            return anyOrder.map(any -> OptionalInt.of(any ? channels : 1)).orElseGet(OptionalInt::empty);
        }
    }
}
