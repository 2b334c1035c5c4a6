package io.waybill.sftp;

import io.waybill.domain.NameFolding;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.ServerReport.Algorithm;
import io.waybill.sftp.ServerReport.Connections;
import io.waybill.sftp.ServerReport.Limits;
import io.waybill.sftp.ServerReport.Trial;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** Finds out everything about a server that one connection can find out. One thread. */
final class DestinationProbe {
    private static final int ROUND_TRIPS = 7;
    private static final int MOST_HANDLES = 16;
    /** A hostile server may tell more than fits on a screen. */
    private static final int MOST_EXTENSIONS = 100;
    private static final int LONGEST_LIST = 4000;
    private static final int RENAMED = 3;
    private static final int STRIPED = 2;

    private final SftpSession session;
    private final List<RemotePath> names;
    /** Two names that differ in case, then two that differ in Unicode form. */
    private final List<RemotePath> folded;
    private final ProcessClock clock;

    /**
     * @param stem begins the names of the files that the probe makes and removes; nobody else uses names that begin so
     */
    DestinationProbe(SftpSession session, RemotePath stem, ProcessClock clock) {
        this.session = session;
        this.names = IntStream.rangeClosed(1, RENAMED + MOST_HANDLES + STRIPED)
                .mapToObj(number -> stem.sibling(stem.name() + number))
                .toList();
        this.folded = Stream.of("a", "A", "\u00e9", "e\u0301")
                .map(letter -> stem.sibling(stem.name() + letter))
                .toList();
        this.clock = clock;
    }

    /**
     * Runs all trials.
     *
     * @throws TransferException if the connection broke
     */
    ServerReport run(Connections connections) throws TransferException {
        ClientSession connection = session.connection();
        return new ServerReport(
                SftpFailures.clean(String.valueOf(connection.getServerVersion())),
                session.hostKey(),
                algorithms(connection),
                session.sftp().getVersion(),
                session.sftp().getServerExtensions().keySet().stream()
                        .limit(MOST_EXTENSIONS)
                        .map(SftpFailures::clean)
                        .sorted()
                        .toList(),
                session.limits()
                        .map(told -> new Limits(
                                told.maxPacketLength, told.maxReadLength, told.maxWriteLength, told.maxOpenHandles)),
                roundTrip(),
                connections,
                trial());
    }

    private static Map<String, Algorithm> algorithms(ClientSession connection) {
        var algorithms = new LinkedHashMap<String, Algorithm>();
        for (Purpose purpose : Purpose.values()) {
            String used = connection.getNegotiatedKexParameter(purpose.option);
            String offered = connection.getServerKexProposals().get(purpose.option);
            algorithms.put(
                    purpose.text,
                    new Algorithm(
                            used == null ? "" : used, offered == null ? List.of()
                                    : List.of(SftpFailures.clean(offered, LONGEST_LIST).split(","))));
        }
        return algorithms;
    }

    private enum Purpose {
        KEY_EXCHANGE("key exchange", KexProposalOption.ALGORITHMS),
        HOST_KEY("host key", KexProposalOption.SERVERKEYS),
        CIPHER("cipher", KexProposalOption.C2SENC),
        MAC("mac", KexProposalOption.C2SMAC),
        COMPRESSION("compression", KexProposalOption.C2SCOMP);

        private final String text;
        private final KexProposalOption option;

        Purpose(String text, KexProposalOption option) {
            this.text = text;
            this.option = option;
        }
    }

    private Duration roundTrip() throws TransferException {
        var times = new ArrayList<Duration>();
        for (int i = 0; i < ROUND_TRIPS; i++) {
            long began = clock.nanos();
            session.ping();
            times.add(clock.since(began));
        }
        times.sort(null);
        return times.get(ROUND_TRIPS / 2);
    }

    private Optional<Trial> trial() throws TransferException {
        return session.ask("try out the server beside", names.getFirst(), requests -> {
            List<byte[]> renamed = encoded(names.subList(0, RENAMED));
            Optional<ServerProbe.Result> found = new ServerProbe(requests, session.offered(), renamed).run();
            if (found.isEmpty() || !found.get().tried()) {
                return Optional.empty();
            }
            List<String> left = leftBehind(requests, names.subList(0, RENAMED));
            var keeps = EnumSet.noneOf(Capability.class);
            keeps.addAll(session.offered());
            keeps.addAll(found.get().kept());
            keeps.removeAll(found.get().broken());
            // If the server removes no files, the probe makes only the files that it needs to find out how to deliver.
            Optional<HandleTrial.Result> handles = left.isEmpty()
                    ? Optional.of(
                            new HandleTrial(requests, encoded(names.subList(RENAMED, RENAMED + MOST_HANDLES))).run())
                    : Optional.empty();
            Optional<SftpRequests> second = session.channels().get(1);
            // The probe tries a second channel even if the configuration allows only one.
            int channels = Math.max(session.channels().count(), second.isPresent() ? 2 : 1);
            if (!session.isOpen()) {
                throw new IOException("the connection was lost while channels were counted");
            }
            Optional<Boolean> anyOrder = Optional.empty();
            if (left.isEmpty() && second.isPresent()) {
                anyOrder = anyOrder(requests, second.get());
                left = leftBehind(requests, names.subList(names.size() - STRIPED, names.size()));
            }
            if (anyOrder.orElse(false)) {
                keeps.add(Capability.STRIPES);
            }
            Optional<NameFolding> folding = left.isEmpty() ? folding(requests) : Optional.empty();
            if (left.isEmpty()) {
                left = leftBehind(requests, folded);
            }
            if (!syncsDirectory()) {
                keeps.remove(Capability.SYNC_DIRECTORY);
            }
            return Optional.of(new Trial(
                    keeps,
                    EnumSet.complementOf(keeps),
                    handles.map(result -> OptionalInt.of(result.open())).orElseGet(OptionalInt::empty),
                    handles.filter(HandleTrial.Result::refused).isEmpty(),
                    channels,
                    anyOrder,
                    handles.filter(result -> result.told().size().isPresent()).isPresent(),
                    handles.filter(result -> result.told().modified().isPresent()).isPresent(),
                    folding,
                    left));
        });
    }

    private Optional<Boolean> anyOrder(SftpRequests first, SftpRequests second) throws IOException {
        try {
            return Optional.of(new StripeProbe(first, second, session.encoded(names.getLast())).run());
        } catch (SftpException e) {
            RemotePath other = names.get(names.size() - STRIPED);
            return new OrderTrial(first, session.encoded(other)).refusesGap() ? Optional.of(false) : Optional.empty();
        }
    }

    /** Which names the server takes for one; empty if the probe cannot find out. */
    private Optional<NameFolding> folding(SftpRequests requests) throws IOException {
        var trial = new FoldTrial(requests);
        Optional<Boolean> letterCase = trial.meet(session.encoded(folded.get(0)), session.encoded(folded.get(1)));
        if (letterCase.isEmpty()) {
            return Optional.empty();
        }
        boolean unicode;
        try {
            byte[] composed = session.encoded(folded.get(2));
            byte[] decomposed = session.encoded(folded.get(3));
            // If the server refuses such names, no two of them can meet.
            unicode = trial.meet(composed, decomposed).orElse(false);
        } catch (UnwritableNameException e) {
            // In this character set a letter has only one form.
            unicode = false;
        }
        return Optional.of(NameFolding.of(letterCase.get(), unicode));
    }

    private List<byte[]> encoded(List<RemotePath> paths) throws UnwritableNameException {
        var all = new ArrayList<byte[]>();
        for (RemotePath path : paths) {
            all.add(session.encoded(path));
        }
        return all;
    }

    /**
     * Removes the files that are still there. Returns the names that may be left behind: those that the server refused to
     * remove for a reason other than that there is no such file.
     */
    private List<String> leftBehind(SftpRequests requests, List<RemotePath> made) throws IOException {
        var left = new ArrayList<String>();
        for (RemotePath name : made) {
            try {
                requests.awaitOk(requests.send(SftpConstants.SSH_FXP_REMOVE, session.encoded(name)));
            } catch (UnwritableNameException e) {
                // No file was made under this name.
            } catch (SftpException e) {
                if (!SftpFailures.nothingThere(e)) {
                    left.add(name.value());
                }
            }
        }
        return List.copyOf(left);
    }

    private boolean syncsDirectory() throws IOException {
        session.syncNameOf(names.getFirst());
        return session.capabilities(names.getFirst()).contains(Capability.SYNC_DIRECTORY);
    }
}
