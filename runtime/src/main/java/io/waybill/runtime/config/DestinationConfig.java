package io.waybill.runtime.config;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Lane;
import io.waybill.domain.NameFolding;
import io.waybill.domain.RemotePath;
import io.waybill.domain.schedule.Schedule;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A partner's SFTP server.
 *
 * @param port             1 to 65535
 * @param privateKeyFile   an OpenSSH, PEM or PuTTY private key; at least one of the key and the password is there
 * @param hostKeys         pinned fingerprints as OpenSSH prints them, "SHA256:…"; at least one
 * @param root             the directory above every path, without a trailing slash: "/", an absolute path, "~" for the
 *                         directory in which the login begins, or "~/…" below that
 * @param maxConnections   connections at one time over the whole cluster, and so the number of lanes; 1 to 64
 * @param inFlight         files at one time over one connection, 1 to 64
 * @param fifo             whether files are sent one after the other in the order of their arrival
 * @param staging          where a file is until it is whole
 * @param connectTimeout   for connecting and for authentication, each
 * @param stallTimeout     how long a transfer may pass without an acknowledged byte
 * @param idleTimeout      how long an unused connection is kept
 * @param charset          how the server writes file names; UTF-8 unless the operator says otherwise
 * @param onUnknownOutcome what follows if nobody can tell whether a file was delivered
 * @param evidenceWindow   how long after an upload the absence of its staging file is evidence that it was renamed
 * @param flow             how much of a line large files may take
 * @param foldNames        which names the server regards as the same
 * @param security         how the server and the client prove who they are, beyond fingerprints, key and password
 * @param schedule         when files may start
 */
public record DestinationConfig(
        DestinationName name,
        String host,
        int port,
        String user,
        Optional<Path> privateKeyFile,
        Optional<Secret> password,
        List<String> hostKeys,
        String root,
        int maxConnections,
        int inFlight,
        boolean fifo,
        Staging staging,
        Duration connectTimeout,
        Duration stallTimeout,
        Duration idleTimeout,
        Charset charset,
        UnknownOutcome onUnknownOutcome,
        Duration evidenceWindow,
        Flow flow,
        NameFolding foldNames,
        Security security,
        Schedule schedule) {

    private static final String HOME = "~";

    /** A destination whose server regards all names as different, with modern algorithms only, that takes files at any time. */
    public DestinationConfig(
            DestinationName name,
            String host,
            int port,
            String user,
            Optional<Path> privateKeyFile,
            Optional<Secret> password,
            List<String> hostKeys,
            String root,
            int maxConnections,
            int inFlight,
            boolean fifo,
            Staging staging,
            Duration connectTimeout,
            Duration stallTimeout,
            Duration idleTimeout,
            Charset charset,
            UnknownOutcome onUnknownOutcome,
            Duration evidenceWindow,
            Flow flow) {
        this(
                name,
                host,
                port,
                user,
                privateKeyFile,
                password,
                hostKeys,
                root,
                maxConnections,
                inFlight,
                fifo,
                staging,
                connectTimeout,
                stallTimeout,
                idleTimeout,
                charset,
                onUnknownOutcome,
                evidenceWindow,
                flow,
                NameFolding.NONE,
                Security.DEFAULT,
                Schedule.ALWAYS);
    }

    /**
     * The server's own path for a path below the destination's root. A path that does not begin with "/" is relative to the
     * directory in which the login begins (draft-ietf-secsh-filexfer-02, section 6.2).
     */
    public String absolute(String path) {
        if (root.equals("/")) {
            return path;
        }
        String below = path.equals("/") ? "" : path;
        if (!root.startsWith(HOME)) {
            return root + below;
        }
        String relative = root.substring(HOME.length()) + below;
        return relative.isEmpty() ? "." : relative.substring(1);
    }

    /** How many lanes the destination's work is spread over. */
    public int lanes() {
        return fifo ? 1 : maxConnections;
    }

    /** The lane of a path here. */
    public Lane lane(RemotePath path) {
        return Lane.of(name, path, foldNames, lanes());
    }

    /** How many files one lane sends at one time. */
    public int concurrencyPerLane() {
        return fifo ? 1 : inFlight;
    }

    /**
     * How the server and the client prove who they are.
     *
     * @param passphrase      of the private key, if it is encrypted
     * @param certificateFile an OpenSSH certificate of the private key
     * @param hostKeyTypes    the types of the pinned host keys as far as the configuration tells them, such as
     *                        "ssh-ed25519"
     * @param allowed         those of {@link #WEAK} that this destination may use
     */
    public record Security(
            Optional<Secret> passphrase, Optional<Path> certificateFile, Set<String> hostKeyTypes,
            Set<String> allowed) {
        /** Algorithms that were common once, and are broken or too short now; nothing else can be allowed. */
        public static final List<String> WEAK = List.of(
                "ssh-rsa",
                "diffie-hellman-group14-sha1",
                "diffie-hellman-group-exchange-sha1",
                "diffie-hellman-group1-sha1",
                "aes128-cbc",
                "aes192-cbc",
                "aes256-cbc",
                "3des-cbc",
                "hmac-sha1",
                "hmac-sha1-96",
                "hmac-sha1-etm@openssh.com");

        /** Modern algorithms only. */
        public static final Security DEFAULT = new Security(Optional.empty(), Optional.empty(), Set.of(), Set.of());
    }

    /**
     * How much of a line large files may take.
     *
     * @param channels          over how many channels of one connection the ranges of a large file may be written, 1 to
     *                          32
     * @param connections       over how many connections the ranges of a large file may be written, 1 to 64; more than
     *                          1 only if all of them end at one machine
     * @param maxBytesPerSecond the limit for one worker over all its connections to the destination, 32,768 or more;
     *                          empty: no limit
     */
    public record Flow(int channels, int connections, OptionalInt maxBytesPerSecond) {
        /**
         * The default: as fast as one connection allows, over no more channels than OpenSSH allows without
         * configuration.
         */
        public static final Flow DEFAULT = new Flow(10, 1, OptionalInt.empty());
    }

    /** The name a file has until it is whole, always on the file system of its final name. */
    public record Staging(Kind kind, String text) {
        /** The default: a directory beside the file. */
        public static final Staging DEFAULT = new Staging(Kind.DIRECTORY, ".waybill");

        /** How staging names differ from final names. */
        public enum Kind {
            /** A directory of this name beside the file. */
            DIRECTORY,
            /** This text before the name, in the file's own directory. */
            PREFIX,
            /** This text after the name, in the file's own directory. */
            SUFFIX
        }
    }
}
