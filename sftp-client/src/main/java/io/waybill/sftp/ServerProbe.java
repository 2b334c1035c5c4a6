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
 * Tests what a server does, with files of one byte. A trial is needed because servers offer requests that they do not do,
 * and because no server says whether a plain rename overwrites. It takes about eight round trips. The trial neither looks
 * at files nor lists them. If the server forbids removing too, the trial leaves one or two files behind.
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
    private final Set<Capability> unknown = EnumSet.noneOf(Capability.class);

    /**
     * @param offered what the server says that it can do
     * @param names   three names in one directory that nobody else uses
     */
    ServerProbe(SftpRequests requests, Set<Capability> offered, List<byte[]> names) {
        this.requests = requests;
        this.offered = offered;
        this.first = names.get(0);
        this.second = names.get(1);
        this.third = names.get(2);
    }

    /**
     * What the server does, and what it does not do.
     *
     * @param unknown what the server has no request for, in any directory; all of it is also in {@code broken}
     */
    record Result(Set<Capability> kept, Set<Capability> broken, Set<Capability> unknown) {
        /** The directory does not exist yet, so nothing could be tested. */
        static final Result UNTRIED = new Result(Set.of(), Set.of(), Set.of());

        /** Whether anything was tested. */
        boolean tried() {
            return !kept.isEmpty() || !broken.isEmpty();
        }

        /** Whether the server renames no file in the directory of this trial. */
        boolean renamesNothing() {
            return broken.contains(Capability.RENAME) && !kept.contains(Capability.REPLACE);
        }

        /** Whether the result may be better in another directory, or in this one at another time. */
        boolean speaksOfDirectory() {
            return replacing() == Evidence.DISPROVED || renamesNothing() && !unknown.contains(Capability.RENAME);
        }

        /** Whether the server replaces files in one step in the directory of this trial. */
        Evidence replacing() {
            if (kept.contains(Capability.REPLACE)) {
                return Evidence.PROVEN;
            }
            // If no rename worked at all, the cause may be something else.
            return broken.contains(Capability.REPLACE) && kept.contains(Capability.RENAME)
                    ? Evidence.DISPROVED
                    : Evidence.UNPROVEN;
        }
    }

    /**
     * Runs all tests and removes the files.
     *
     * @return empty if the trial was disturbed, for example by a partner that takes files at once
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
            return Optional.of(new Result(kept, broken, unknown));
        } catch (SftpException e) {
            return Optional.empty();
        } finally {
            clearUp();
        }
    }

    private void tryRenames() throws IOException {
        boolean overwrites = succeeds(renaming(first, second), Capability.RENAME);
        if (overwrites && offered.contains(Capability.REPLACE)) {
            make(first, false);
        }
        boolean replaces = offered.contains(Capability.REPLACE)
                && succeeds(requests.sendExtended(SftpSession.REPLACE, first, second), Capability.REPLACE);
        if (offered.contains(Capability.REPLACE)) {
            note(Capability.REPLACE, replaces);
        }
        boolean renames = overwrites || succeeds(renaming(replaces ? second : first, third), Capability.RENAME);
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

    /** Whether the server did the request. Any refusal counts as no. */
    private boolean succeeds(int request) throws IOException {
        return refusal(request).isEmpty();
    }

    private boolean succeeds(int request, Capability capability) throws IOException {
        Optional<SftpException> refusal = refusal(request);
        if (refusal.isPresent() && refusal.get().getStatus() == SftpConstants.SSH_FX_OP_UNSUPPORTED) {
            unknown.add(capability);
        }
        return refusal.isEmpty();
    }

    private Optional<SftpException> refusal(int request) throws IOException {
        try {
            requests.awaitOk(request);
            return Optional.empty();
        } catch (SftpException e) {
            if (SftpFailures.nothingThere(e)) {
                // The file exists, unless somebody took it. In that case the answer says nothing about the server.
                throw e;
            }
            return Optional.of(e);
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

    /**
     * The file no longer exists, or the server does not let us remove it. The worker's cleaner of staging directories knows
     * its name.
     */
    private void awaitAnything(int removal) throws IOException {
        try {
            requests.awaitOk(removal);
        } catch (SftpException e) {
            return;
        }
    }
}
