package io.waybill.worker.upload;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Delivery;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Milestone;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.domain.TransferWork;
import io.waybill.sftp.RemoteFile;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.sftp.RemoteStat;
import io.waybill.sftp.UnsupportedRequestException;
import io.waybill.worker.partition.OwnershipLostException;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first step of an attempt: it brings the whole file, proven as requested, to the destination under a name that no
 * reader looks at. One thread.
 */
public final class Stager {
    private static final Logger LOG = LoggerFactory.getLogger(Stager.class);

    private static final int OWNER_MAY_WRITE = 0200;
    /** So often directories are made again that vanish as soon as they are made. */
    private static final int MOST_TRIES = 5;

    private final TransferWork work;
    private final RemoteFiles files;
    private final Consumer<Milestone> reached;

    /**
     * @param reached called at each milestone
     */
    public Stager(TransferWork work, RemoteFiles files, Consumer<Milestone> reached) {
        this.work = work;
        this.files = files;
        this.reached = reached;
    }

    /**
     * Refuses a name that has too many bytes for the server, before anything is sent. Some servers say only that there is no
     * such file if such a name is looked up. So this makes an empty file whose name has as many bytes, and removes it.
     *
     * @param beside a name of this execution, in whose directory the file is made
     * @throws TransferException BAD_NAME; or any kind, if the directory cannot be made or the connection breaks
     */
    public void refuseTooLong(RemotePath name, RemotePath beside) throws TransferException {
        if (!StagingNames.isLongName(name)) {
            return;
        }
        var obstacle = new Obstacle(files);
        if (!obstacle.triedLength(name, beside)) {
            var _ = makeDirectories(beside);
            var _ = obstacle.triedLength(name, beside);
        }
    }

    /** Uploads and proves the file. After a failure the staging file may exist, whole or in part. */
    public Staged stage(RemotePath name, InputStream content, Upload upload)
            throws TransferException, OwnershipLostException {
        // Without truncation. A late writer of an earlier execution, which is cut off but not dead yet, sends the same
        // bytes to the same places. It does no harm as long as nobody empties the file meanwhile.
        return write(name, Existing.KEEP, content, upload, () -> {});
    }

    /**
     * Writes under the final name, for servers that cannot rename.
     *
     * @param opened called when the old bytes under the name are gone, before the first byte is written
     */
    public Staged writeDirectly(RemotePath target, InputStream content, Upload upload, Runnable opened)
            throws TransferException, OwnershipLostException {
        return write(target, Existing.TRUNCATE, content, upload, opened);
    }

    private Staged write(RemotePath name, Existing existing, InputStream content, Upload upload, Runnable opened)
            throws TransferException, OwnershipLostException {
        Upload.Sent sent;
        try (RemoteFile file = open(name, existing, upload.from())) {
            // With keep-both the file gets another name.
            if (work.onConflict() != ConflictPolicy.KEEP_BOTH) {
                Obstacle.refuseDirectory(work.target().path(), file.target());
            }
            opened.run();
            sent = upload.send(content, file);
        }
        reached.accept(Milestone.SENT);
        setAttributes(name);
        RemoteStat remote = confirmed(name, sent);
        Proof proof = prove(name, sent, remote);
        if (proof != Proof.NONE) {
            reached.accept(Milestone.VERIFIED);
        }
        // The time of the object distinguishes this file from no other version that the store got in the same second.
        OptionalLong evidence = work.attributes().preserveModified() ? OptionalLong.empty() : remote.modified();
        return new Staged(name, sent.bytes(), sent.sha256(), proof, evidence);
    }

    /** Sets the permissions and the time that the route asks for; if the server refuses that, this only logs it. */
    public void setAttributes(RemotePath file) throws TransferException {
        Delivery.Attributes attributes = work.attributes();
        set(
                file,
                attributes.fileMode(),
                attributes.preserveModified()
                        ? OptionalLong.of(work.source().lastModified().getEpochSecond())
                        : OptionalLong.empty());
    }

    /** Sets what is asked for. Many servers refuse that, and the bytes are there all the same. */
    private void set(RemotePath path, OptionalInt mode, OptionalLong modified) throws TransferException {
        if (mode.isEmpty() && modified.isEmpty()) {
            return;
        }
        try {
            files.setAttributes(path, mode, modified);
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue("destination", work.target().destination())
                    .addKeyValue("fileId", work.id())
                    .addKeyValue("path", path)
                    .addKeyValue("failure", e.failure())
                    .log("The server does not set permissions or times; the file keeps those that the server gave it");
        }
    }

    /** Opens the file without looking. Makes directories only if that fails, because they nearly always exist. */
    private RemoteFile open(RemotePath name, Existing existing, long from) throws TransferException {
        try {
            return opened(name, existing, from);
        } catch (TransferException e) {
            if (!files.isOpen() || e instanceof UnsupportedRequestException) {
                throw e;
            }
            Failure explained = new Obstacle(files).explainOpening(name, work.target().path(), e.failure());
            throw explained.equals(e.failure()) ? e : new TransferException(explained.kind(), explained.detail(), e);
        }
    }

    private RemoteFile opened(RemotePath name, Existing existing, long from) throws TransferException {
        try {
            return write(name, existing, from);
        } catch (TransferException missing) {
            if (missing.kind() == FailureKind.FORBIDDEN && existing == Existing.TRUNCATE && isReadOnly()) {
                // The version before has this name, and nobody may write to it, as the route wants.
                set(name, OptionalInt.of(work.attributes().fileMode().orElseThrow() | OWNER_MAY_WRITE),
                        OptionalLong.empty());
                return write(name, existing, from);
            }
            if (missing.kind() != FailureKind.PATH_MISSING) {
                throw missing;
            }
            if (from > 0) {
                // The file existed a moment ago. The next attempt sends it from the beginning.
                throw new TransferException(
                        FailureKind.REMOTE_ERROR,
                        "'" + name + "' is gone, of which " + from + " bytes were there a moment ago; the next attempt"
                                + " sends the whole file: " + missing.getMessage(),
                        missing);
            }
        }
        return inNewDirectories(name, existing, from);
    }

    /** A program of the partner that removes empty directories may be faster than this, once or twice. */
    private RemoteFile inNewDirectories(RemotePath name, Existing existing, long from) throws TransferException {
        boolean made = false;
        for (int tries = 1;; tries++) {
            made |= makeDirectories(name);
            try {
                return write(name, existing, from);
            } catch (TransferException e) {
                if (e.kind() != FailureKind.PATH_MISSING) {
                    throw e;
                }
                if (tries == (made ? MOST_TRIES : 2)) {
                    throw made ? vanishing(name, e) : missing(e);
                }
            }
        }
    }

    private boolean isReadOnly() {
        OptionalInt mode = work.attributes().fileMode();
        return files.isOpen() && mode.isPresent() && (mode.getAsInt() & OWNER_MAY_WRITE) == 0;
    }

    private static TransferException vanishing(RemotePath name, TransferException refusal) {
        return new TransferException(
                FailureKind.REMOTE_ERROR,
                "the server made the directory " + name.directory()
                        + ", and then said that there is none; does a program"
                        + " there remove empty directories? " + refusal.getMessage(),
                refusal);
    }

    private TransferException missing(TransferException refusal) {
        return new TransferException(
                FailureKind.PATH_MISSING,
                "there is no directory " + work.target().path().directory() + " at " + work.target().destination()
                        + (work.createDirectories() ? ", and it could not be made" : "") + ": " + refusal.getMessage(),
                refusal);
    }

    private RemoteFile write(RemotePath name, Existing existing, long from) throws TransferException {
        return existing == Existing.KEEP
                ? files.stage(name, from, work.target().path())
                : files.write(name, existing, from);
    }

    /**
     * @return whether the server made the directory of the file, as far as it says
     */
    private boolean makeDirectories(RemotePath name) throws TransferException {
        boolean made = false;
        if (work.createDirectories()) {
            String path = work.target().path().directory();
            for (int end = path.indexOf('/', 1); end != -1; end = path.indexOf('/', end + 1)) {
                var _ = makeBlindly(new RemotePath(path.substring(0, end)), true);
            }
            made = !path.equals("/") && makeBlindly(new RemotePath(path), true);
        }
        if (!name.directory().equals(work.target().path().directory())) {
            made = makeBlindly(new RemotePath(name.directory()), false);
        }
        return made;
    }

    /**
     * @param onTheWay whether the directory is the partner's, and not one for files that are not whole yet
     * @return false if the server refused, perhaps because the directory exists
     */
    private boolean makeBlindly(RemotePath directory, boolean onTheWay) throws TransferException {
        try {
            files.makeDirectory(directory);
            if (onTheWay) {
                set(directory, work.attributes().directoryMode(), OptionalLong.empty());
            }
            return true;
        } catch (TransferException e) {
            // Most servers cannot say that a directory already exists, and many forbid looking. If something is wrong,
            // opening the file gives a better reason.
            if (!files.isOpen() || e.kind() == FailureKind.FORBIDDEN && !exists(directory)) {
                throw e;
            }
            return false;
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

    /** What the server says about the file. Asks again if the size is missing or wrong. */
    private RemoteStat confirmed(RemotePath name, Upload.Sent sent) throws TransferException {
        OptionalLong size = sent.remote().size();
        if (size.isPresent() && size.getAsLong() == sent.bytes()) {
            return sent.remote();
        }
        // Gateways to object stores know a file only some time after they acknowledged its closing.
        try {
            return files.stat(name).orElse(sent.remote());
        } catch (TransferException e) {
            if (files.isOpen()) {
                return sent.remote();
            }
            throw e;
        }
    }

    private Proof prove(RemotePath name, Upload.Sent sent, RemoteStat remote) throws TransferException {
        return switch (work.verify()) {
            case NONE -> Proof.NONE;
            case SIZE -> proveSize(name, sent, remote.size());
            // No common server computes a checksum over SFTP, and a size proves no content. So the worker reads the file
            // back and computes the checksum itself, and the receipt says so.
            case CHECKSUM, READBACK -> proveContent(name, sent);
        };
    }

    private static Proof proveSize(RemotePath name, Upload.Sent sent, OptionalLong told) throws TransferException {
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

    private Proof proveContent(RemotePath name, Upload.Sent sent) throws TransferException {
        try (InputStream back = files.read(name)) {
            String sha256 = Upload.digestOf(back, sent.bytes());
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
