package io.waybill.sftp;

import io.waybill.sftp.RemoteFiles.Evidence;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Tries out what a server does, with files of one byte: servers offer what they do not keep, and nothing tells whether a
 * plain rename overwrites. About eight round trips. It neither looks at files nor lists them, and where removing is
 * forbidden too it leaves one or two behind.
 */
final class ServerProbe {
    private static final int NEW_FILE =
            SftpConstants.SSH_FXF_WRITE | SftpConstants.SSH_FXF_CREAT | SftpConstants.SSH_FXF_EXCL;

    private final SftpRequests requests;
    private final Set<Capability> offered;
    private final byte[] first;
    private final byte[] second;
    private final byte[] third;
    private final Set<Capability> kept = EnumSet.noneOf(Capability.class);
    private final Set<Capability> broken = EnumSet.noneOf(Capability.class);

    /**
     * @param offered what the server says of itself
     * @param names   three, in one directory, which nobody else has
     */
    ServerProbe(SftpRequests requests, Set<Capability> offered, List<byte[]> names) {
        this.requests = requests;
        this.offered = offered;
        this.first = names.get(0);
        this.second = names.get(1);
        this.third = names.get(2);
    }

    /** What the server does, and what it does not. */
    record Result(Set<Capability> kept, Set<Capability> broken) {
        /** There is no directory yet, so nothing could be tried. */
        static final Result UNTRIED = new Result(Set.of(), Set.of());

        /** Whether anything was tried. */
        boolean tried() {
            return !kept.isEmpty() || !broken.isEmpty();
        }

        /** Whether files can be replaced in one step in the directory where this was tried. */
        Evidence replacing() {
            if (kept.contains(Capability.REPLACE)) {
                return Evidence.PROVEN;
            }
            // Where nothing could be renamed at all, something else may be the matter.
            return broken.contains(Capability.REPLACE) && kept.contains(Capability.RENAME)
                    ? Evidence.DISPROVED
                    : Evidence.UNPROVEN;
        }
    }

    /**
     * Tries everything, and clears up.
     *
     * @return empty if something came between, such as a partner who takes files at once
     * @throws IOException if the connection broke
     */
    Optional<Result> run() throws IOException {
        try {
            make(first, true);
        } catch (SftpException e) {
            return SftpFailures.nothingThere(e) ? Optional.of(Result.UNTRIED) : Optional.empty();
        }
        try {
            make(second, false);
            note(Capability.TRUNCATE, succeeds(truncating(first)));
            tryRenames();
            return Optional.of(new Result(kept, broken));
        } catch (SftpException e) {
            return Optional.empty();
        } finally {
            clearUp();
        }
    }

    private void tryRenames() throws IOException {
        boolean overwrites = succeeds(renaming(first, second));
        if (overwrites && offered.contains(Capability.REPLACE)) {
            make(first, false);
        }
        boolean replaces = offered.contains(Capability.REPLACE)
                && succeeds(requests.sendExtended(SftpSession.REPLACE, first, second));
        if (offered.contains(Capability.REPLACE)) {
            note(Capability.REPLACE, replaces);
        }
        boolean renames = overwrites || succeeds(renaming(replaces ? second : first, third));
        note(Capability.RENAME, renames);
        note(Capability.RENAME_REFUSES, renames && !overwrites);
    }

    private void note(Capability capability, boolean works) {
        (works ? kept : broken).add(capability);
    }

    private void make(byte[] name, boolean syncs) throws IOException {
        byte[] handle = requests.awaitHandle(requests.open(name, NEW_FILE));
        int written = requests.send(SftpConstants.SSH_FXP_WRITE, oneByte(handle));
        boolean sync = syncs && offered.contains(Capability.SYNC);
        int synced = sync ? requests.sendExtended(SftpSession.SYNC, handle) : 0;
        int closed = requests.send(SftpConstants.SSH_FXP_CLOSE, handle);
        boolean whole = succeeds(written);
        if (sync) {
            note(Capability.SYNC, succeeds(synced));
        }
        if (!succeeds(closed) || !whole) {
            throw new SftpException(SftpConstants.SSH_FX_FAILURE, "one byte could not be written");
        }
    }

    private static Buffer oneByte(byte[] handle) {
        Buffer request = new ByteArrayBuffer(handle.length + 3 * Integer.BYTES + Long.BYTES, false);
        request.putBytes(handle);
        request.putLong(0);
        request.putBytes(new byte[] {'\n'});
        return request;
    }

    private int truncating(byte[] name) throws IOException {
        return requests.truncate(name, 1);
    }

    private int renaming(byte[] from, byte[] to) throws IOException {
        return requests.rename(from, to);
    }

    /** Whether the server did it; whatever it refuses with, it does not do it. */
    private boolean succeeds(int request) throws IOException {
        try {
            requests.awaitOk(request);
            return true;
        } catch (SftpException e) {
            if (SftpFailures.nothingThere(e)) {
                // It is there, unless somebody took it, and then the answer tells nothing of the server.
                throw e;
            }
            return false;
        }
    }

    private void clearUp() throws IOException {
        int[] removals = {
                requests.send(SftpConstants.SSH_FXP_REMOVE, first),
                requests.send(SftpConstants.SSH_FXP_REMOVE, second),
                requests.send(SftpConstants.SSH_FXP_REMOVE, third)
        };
        for (int removal : removals) {
            awaitAnything(removal);
        }
    }

    /** The file is not there any more, or not ours to remove: the worker's cleaner of staging directories knows its name. */
    private void awaitAnything(int removal) throws IOException {
        try {
            requests.awaitOk(removal);
        } catch (SftpException e) {
            return;
        }
    }
}
