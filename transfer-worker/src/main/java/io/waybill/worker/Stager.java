package io.waybill.worker;

import io.waybill.domain.FailureKind;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.worker.RemoteFiles.Existing;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** The first step of an attempt: the whole file, proven as asked, under a name that nobody looks at. One thread. */
final class Stager {
    private final TransferWork work;
    private final Staging staging;
    private final RemoteFiles files;

    Stager(TransferWork work, DestinationConfig destination, RemoteFiles files) {
        this.work = work;
        this.staging = destination.staging();
        this.files = files;
    }

    /** Uploads and proves. After a failure the staging file may be there, whole or in part. */
    Staged stage(InputStream content, Upload upload) throws TransferException, MandateLostException {
        RemotePath name = StagingNames.staging(staging, work);
        // Without truncation: a late writer of the same attempt, cut off and not yet dead, sends the same bytes to the
        // same places, and so harms nobody as long as nobody empties the file under him.
        Upload.Sent sent;
        try (RemoteFile file = open(name, Existing.KEEP)) {
            sent = upload.send(content, file);
        }
        Proof proof = prove(name, sent);
        if (files.capabilities().contains(Capability.SYNC_DIRECTORY)) {
            files.syncDirectoryOf(name);
        }
        return new Staged(name, sent.bytes(), sent.sha256(), proof, false);
    }

    /**
     * Writes under the final name, for servers that cannot rename. Readers may see a part of the file, and a failure may
     * leave one behind if the connection broke; that is what the done-file is for.
     */
    Staged writeDirectly(RemotePath target, InputStream content, Upload upload)
            throws TransferException, MandateLostException {
        Upload.Sent sent;
        try (RemoteFile file = open(target, Existing.TRUNCATE)) {
            sent = upload.send(content, file);
        }
        return new Staged(target, sent.bytes(), sent.sha256(), prove(target, sent), true);
    }

    /** Opens blindly, and makes directories only when that fails: the directories are nearly always there. */
    private RemoteFile open(RemotePath name, Existing existing) throws TransferException {
        try {
            return files.write(name, existing);
        } catch (TransferException missing) {
            if (missing.kind() != FailureKind.PATH_MISSING) {
                throw missing;
            }
            makeDirectories(name);
        }
        try {
            return files.write(name, existing);
        } catch (TransferException e) {
            throw e.kind() == FailureKind.PATH_MISSING
                    ? new TransferException(
                            FailureKind.PATH_MISSING,
                            "there is no directory " + work.target().path().directory() + " at "
                                    + work.target().destination()
                                    + (work.createDirectories() ? ", and it could not be made" : "")
                                    + ": " + e.getMessage(),
                            e)
                    : e;
        }
    }

    private void makeDirectories(RemotePath name) throws TransferException {
        if (work.createDirectories()) {
            String path = work.target().path().directory();
            for (int end = path.indexOf('/', 1); end != -1; end = path.indexOf('/', end + 1)) {
                makeBlindly(new RemotePath(path.substring(0, end)));
            }
            if (!path.equals("/")) {
                makeBlindly(new RemotePath(path));
            }
        }
        if (!name.directory().equals(work.target().path().directory())) {
            makeBlindly(new RemotePath(name.directory()));
        }
    }

    private void makeBlindly(RemotePath directory) throws TransferException {
        try {
            files.makeDirectory(directory);
        } catch (TransferException e) {
            // Most servers cannot say "it is there already", and many forbid to look. If something is wrong, opening
            // the file says it better.
            if (!files.isOpen() || e.kind() == FailureKind.FORBIDDEN && !exists(directory)) {
                throw e;
            }
        }
    }

    private boolean exists(RemotePath directory) throws TransferException {
        try {
            return files.stat(directory).isPresent();
        } catch (TransferException e) {
            if (files.isOpen()) {
                return true;
            }
            throw e;
        }
    }

    private Proof prove(RemotePath name, Upload.Sent sent) throws TransferException {
        return switch (work.verify()) {
            case NONE -> Proof.NONE;
            // No common server computes a checksum over SFTP; the receipt says what was proven instead.
            case SIZE, CHECKSUM -> proveSize(name, sent);
            case READBACK -> proveContent(name, sent);
        };
    }

    private Proof proveSize(RemotePath name, Upload.Sent sent) throws TransferException {
        OptionalLong told = sent.remoteSize();
        if (told.isEmpty() || told.getAsLong() != sent.bytes()) {
            // Gateways to object stores know a file only some time after its closing was acknowledged.
            told = size(name);
        }
        if (told.isEmpty()) {
            return Proof.NONE;
        }
        if (told.getAsLong() != sent.bytes()) {
            throw new TransferException(
                    FailureKind.VERIFICATION,
                    "sent " + sent.bytes() + " bytes to '" + name + "', the server says it has " + told.getAsLong());
        }
        return Proof.SIZE;
    }

    private OptionalLong size(RemotePath name) throws TransferException {
        try {
            return files.stat(name).map(RemoteStat::size).orElse(OptionalLong.empty());
        } catch (TransferException e) {
            if (files.isOpen()) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    private Proof proveContent(RemotePath name, Upload.Sent sent) throws TransferException {
        try (InputStream back = files.read(name)) {
            String sha256 = Upload.digestOf(back);
            if (sha256.equals(sent.sha256())) {
                return Proof.READBACK;
            }
            throw new TransferException(
                    FailureKind.VERIFICATION,
                    "what '" + name + "' holds has SHA-256 " + sha256 + ", what was sent has " + sent.sha256());
        } catch (IOException e) {
            throw new TransferException(
                    files.isOpen() ? FailureKind.VERIFICATION : FailureKind.CONNECTION_LOST,
                    "'" + name + "' cannot be read back: " + e.getMessage(),
                    e);
        }
    }
}
