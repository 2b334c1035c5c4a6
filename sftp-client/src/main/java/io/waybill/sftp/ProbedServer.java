package io.waybill.sftp;

import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.ServerFindings.Place;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What one connection knows about the server at its other end. */
abstract class ProbedServer implements RemoteFiles {
    private static final String PROBE = ".probe";

    /** OpenSSH asks the system to rename, and does nothing else if the system refuses. */
    private static final String NEVER_COPIES = "SSH-2.0-OpenSSH";

    private static final Map<Capability, String> EXTENSIONS = Map.of(
            Capability.REPLACE, SftpSession.REPLACE,
            Capability.SYNC, SftpSession.SYNC,
            Capability.SYNC_DIRECTORY, SftpSession.SYNC,
            Capability.FREE_SPACE, FreeSpace.EXTENSION);

    private final String hostKey;
    private final String software;
    private final Set<Capability> offered;
    private final ServerFindings findings;
    /** The places where nothing could be renamed, and where this connection has tried once more. */
    private final Set<Place> triedAgain = ConcurrentHashMap.newKeySet();

    /**
     * @param hostKey    fingerprint of the key that the server showed
     * @param software   the server's own name for its software
     * @param extensions names of the extensions that it offers
     * @param findings   shared by all connections to this server
     */
    ProbedServer(String hostKey, String software, Set<String> extensions, ServerFindings findings) {
        this.hostKey = hostKey;
        this.software = software;
        this.offered = offered(extensions);
        this.findings = findings;
    }

    private static Set<Capability> offered(Set<String> extensions) {
        var offered = EnumSet.of(Capability.RENAME);
        EXTENSIONS.forEach((capability, extension) -> {
            if (extensions.contains(extension)) {
                offered.add(capability);
            }
        });
        return Set.copyOf(offered);
    }

    @Override
    public final Set<Capability> capabilities() {
        return Collections.unmodifiableSet(findings.reliable(offered));
    }

    @Override
    public final Set<Capability> capabilities(RemotePath staging) {
        return Collections.unmodifiableSet(findings.reliable(offered, place(staging)));
    }

    @Override
    public final Evidence replacing(RemotePath staging) {
        return findings.replacing(place(staging));
    }

    @Override
    public final void tryOut(RemotePath staging) throws TransferException {
        Place place = place(staging);
        if (findings.refusesRenames(place) && triedAgain.add(place)) {
            findings.probeAgain(place, () -> probe(staging, anotherMark()));
        }
        findings.probeOnce(place, () -> probe(staging, PROBE));
    }

    @Override
    public final boolean renamesNothing(RemotePath staging) throws TransferException {
        return findings.renamesNothing(place(staging), () -> probe(staging, anotherMark()));
    }

    /**
     * Each trial uses other names: the former names are still taken if a trial broke off, or if nothing can be removed.
     */
    private static String anotherMark() {
        return PROBE + ThreadLocalRandom.current().nextInt(100, 1_000_000);
    }

    @Override
    public final boolean mayCopy(RemotePath from, RemotePath to) throws TransferException {
        return !software.startsWith(NEVER_COPIES)
                && capabilities().contains(Capability.FREE_SPACE)
                && findings.apart(place(from), place(to), () -> apart(from, to));
    }

    /** Whether the directories of two names are on different file systems; empty if the server does not say. */
    abstract Optional<Boolean> apart(RemotePath one, RemotePath other) throws TransferException;

    /**
     * Runs a trial beside a name.
     *
     * @param mark what follows this name in the names of the trial's files; each file also has a digit
     */
    abstract Optional<ServerProbe.Result> probe(RemotePath beside, String mark) throws TransferException;

    /** The directory of a name at this server. */
    final Place place(RemotePath staging) {
        return new Place(server(), staging.directory());
    }

    @Override
    public final void disprove(Capability capability) {
        findings.disprove(capability);
    }

    @Override
    public final String hostKey() {
        return hostKey;
    }

    @Override
    public final String server() {
        return described(hostKey, software);
    }

    /**
     * Distinguishes a server from another one at the same address.
     *
     * @param software the server's own name for its software
     */
    static String described(String hostKey, @Nullable String software) {
        return hostKey + " " + software;
    }

    /** What the server offers. */
    final Set<Capability> offered() {
        return offered;
    }
}
