package io.waybill.sftp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** Reads directories of any size. */
final class DirectoryListing {
    /** A list without names means nothing. A server that sends such lists for ever must not block a lane. */
    private static final int MOST_EMPTY = 100;

    private DirectoryListing() {}

    /**
     * Returns the first names that the server sends, at most {@code most}. It sends no more requests than that either,
     * apart from a few.
     *
     * @param late whether the listing has taken long enough; then what came is returned
     */
    static List<RemoteEntry> read(SftpRequests requests, byte[] directory, int most, BooleanSupplier late)
            throws IOException {
        byte[] handle = requests.awaitHandle(requests.send(SftpConstants.SSH_FXP_OPENDIR, directory));
        var entries = new ArrayList<RemoteEntry>();
        Optional<SftpException> refusal = Optional.empty();
        try {
            for (int empty = 0; entries.size() < most && empty < MOST_EMPTY && !late.getAsBoolean();) {
                List<RemoteEntry> next =
                        requests.awaitEntries(requests.send(SftpConstants.SSH_FXP_READDIR, handle));
                entries.addAll(next.subList(0, Math.min(next.size(), most - entries.size())));
                empty = next.isEmpty() ? empty + 1 : 0;
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
