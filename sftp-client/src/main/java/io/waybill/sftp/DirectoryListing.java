package io.waybill.sftp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** Reads directories of any size. */
final class DirectoryListing {
    /** A list without names means nothing. A server that sends such lists for ever must not block a lane. */
    private static final int MOST_EMPTY = 100;

    /** No directory that a server lists in the time that there is has more. */
    private static final int MOST_NAMES = 1_000_000;

    private DirectoryListing() {}

    /**
     * Returns the first names that are wanted, at most {@code most}. If all names are wanted, it sends no more requests than
     * that either, apart from a few.
     *
     * @param late whether the listing has taken long enough; then what came is returned
     */
    static List<RemoteEntry> read(
            SftpRequests requests, byte[] directory, Predicate<String> wanted, int most, BooleanSupplier late)
            throws IOException {
        byte[] handle = requests.awaitHandle(requests.send(SftpConstants.SSH_FXP_OPENDIR, directory));
        var entries = new ArrayList<RemoteEntry>();
        Optional<SftpException> refusal = Optional.empty();
        try {
            int empty = 0;
            int seen = 0;
            while (entries.size() < most && empty < MOST_EMPTY && seen < MOST_NAMES && !late.getAsBoolean()) {
                List<RemoteEntry> next =
                        requests.awaitEntries(requests.send(SftpConstants.SSH_FXP_READDIR, handle));
                next.stream()
                        .filter(entry -> wanted.test(entry.name()))
                        .limit(most - entries.size())
                        .forEach(entries::add);
                empty = next.isEmpty() ? empty + 1 : 0;
                seen += next.size();
            }
        } catch (SftpException e) {
            refusal = Optional.of(e).filter(told -> told.getStatus() != SftpConstants.SSH_FX_EOF);
        }
        requests.awaitAnything(requests.send(SftpConstants.SSH_FXP_CLOSE, handle));
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return List.copyOf(entries);
    }
}
