package io.waybill.worker.delivery;

import io.waybill.domain.FailureKind;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.RemoteStat;
import io.waybill.worker.upload.StagingNames;
import io.waybill.worker.upload.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The older file that has the final name of a staged file, at a server that cannot replace a file in one step. This class
 * sets it aside and never removes it. The resolver of the intent finds it: it gives the older file its name back if the
 * newer one is not published, and reports where the older file is if the newer one is published. One thread.
 *
 * <p>The older file is set aside into a directory, the <em>room</em>. The execution that staged makes the room before the
 * intent is committed, and nobody makes it again. Before anything is reported, the room is closed: a file in it gets the
 * aside name, and the directory is removed. A server refuses to remove a directory that holds a file. From then on a late
 * request of a former owner, or one whose answer was lost, finds no room. So it moves neither the delivered file nor a file
 * that a partner puts there. Before the room is closed, such a request may move the new file; then the worker that closes
 * the room puts it back. If the server lets an empty directory be neither removed nor renamed, the room stays open, and
 * none of this holds.
 */
final class OlderFile {
    private static final Logger LOG = LoggerFactory.getLogger(OlderFile.class);

    /** Each former owner fills the room at most once, and there is rarely more than one. */
    private static final int MOST_CLEARINGS = 4;

    private final RemoteFiles files;
    private final Prepared intent;

    OlderFile(RemoteFiles files, Prepared intent) {
        this.files = files;
        this.intent = intent;
    }

    /**
     * Removes the room of an execution that died before its intent was committed. A room with a file in it stays, because
     * nothing shows any more which name that file had.
     *
     * @return whether the room was removed
     */
    static boolean removeRoom(RemoteFiles files, RemotePath room) throws TransferException {
        if (files.lookUp(StagingNames.inRoom(room)).isPresent()) {
            LOG.atInfo().addKeyValue("directory", room)
                    .log("An older file is in a directory that no intent names; it stays there");
            return false;
        }
        try {
            files.removeDirectory(room);
            return true;
        } catch (TransferException e) {
            if (files.isOpen()) {
                return false;
            }
            throw e;
        }
    }

    /** The name of the file that was set aside, after the room is closed, if there is one. */
    RemotePath aside() {
        return StagingNames.aside(intent.staging());
    }

    private RemotePath room() {
        return StagingNames.room(intent.staging());
    }

    private RemotePath inRoom() {
        return StagingNames.inRoom(room());
    }

    /**
     * Frees a name.
     *
     * @throws TransferException if the server refuses, mostly because there is no room: the name was free when the file was
     *                           staged, or the intent is from a version that made no room
     */
    void setAside(RemotePath name) throws TransferException {
        if (!isFree(inRoom())) {
            throw new TransferException(
                    FailureKind.REMOTE_ERROR, "a file was set aside before for '" + name + "'");
        }
        files.rename(name, inRoom());
    }

    /**
     * Makes sure that no further file is set aside for this intent, and says what was set aside. If that is the new file,
     * this puts it back.
     *
     * @param name    the final name
     * @param certain whether the file that was set aside cannot be the new one: the new one is withdrawn, or nobody else
     *                could ever set it aside
     * @throws TransferException if there is a file in the room that can be moved neither to the aside name nor back
     */
    Found find(RemotePath name, boolean certain) throws TransferException {
        close(name);
        if (!isThere(aside())) {
            return Found.NOTHING;
        }
        // Looked up after the room is closed. Before that, a late request may take the file away right after the look.
        boolean elsewhere = certain
                || files.lookUp(name).filter(stat -> stat.tells(intent.bytes(), intent.modified())).isPresent();
        Optional<Boolean> newer = elsewhere ? Optional.of(false) : isNewer();
        if (newer.isEmpty()) {
            return Found.UNCERTAIN;
        }
        if (!newer.get()) {
            return Found.OLDER;
        }
        return putBack(name) ? Found.NEWER_PUT_BACK : Found.UNCERTAIN;
    }

    /** What was set aside. */
    enum Found {
        NOTHING,
        /** The older file; it has the aside name. */
        OLDER,
        /** The new file; it has its final name again. */
        NEWER_PUT_BACK,
        /** One of the two; it has the aside name. */
        UNCERTAIN
    }

    private void close(RemotePath name) throws TransferException {
        for (int tries = 0; tries < MOST_CLEARINGS; tries++) {
            if (!isThere(room())) {
                return;
            }
            if (isThere(inRoom())) {
                clear(name);
            }
            if (isShut()) {
                return;
            }
        }
        LOG.atWarn()
                .addKeyValue("fileId", intent.id())
                .addKeyValue("destination", intent.target().destination())
                .addKeyValue("directory", room())
                .log("The server neither removes nor renames a directory for older files; late requests may use it");
    }

    /** The first file found in the room is the one that had the name. A late request set a second one aside. */
    private void clear(RemotePath name) throws TransferException {
        boolean cleared = isFree(aside()) ? renamed(inRoom(), aside()) : isFree(name) && renamed(inRoom(), name);
        if (!cleared) {
            throw new TransferException(
                    FailureKind.REMOTE_ERROR,
                    "'" + inRoom() + "' was set aside for '" + name + "', and can be moved neither there nor back");
        }
    }

    private boolean isShut() throws TransferException {
        try {
            files.removeDirectory(room());
            return true;
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
            // If the server cannot remove empty directories, another name for the room serves as well.
            return !isThere(inRoom()) && renamed(room(), room().sibling(room().name() + ".closed"));
        }
    }

    private boolean renamed(RemotePath from, RemotePath to) throws TransferException {
        try {
            files.rename(from, to);
            return true;
        } catch (TransferException e) {
            if (files.isOpen()) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Gives the file that was set aside its name back, if the name is free. Only after {@link #find}, and only if the
     * staging file is withdrawn or was itself set aside.
     *
     * @return false if the name is taken, or may be taken
     * @throws TransferException if the name is free, and the file cannot get it back yet
     */
    boolean putBack(RemotePath name) throws TransferException {
        // Looked up first, because some servers rename over an existing file.
        boolean back = isFree(name) && renamed(aside(), name);
        if (!back && isFree(name)) {
            throw new TransferException(
                    FailureKind.REMOTE_ERROR,
                    "'" + aside() + "' was set aside for '" + name + "', and cannot be put back yet");
        }
        if (!back) {
            LOG.atWarn()
                    .addKeyValue("fileId", intent.id())
                    .addKeyValue("destination", intent.target().destination())
                    .addKeyValue("aside", aside())
                    .log("The worker cannot give a file that was set aside its name back; the file stays set aside");
        }
        return back;
    }

    /**
     * Whether the file that was set aside is the intent's own file, which a late request took for the older one. A file
     * with the same time and size is read. Empty if that cannot be found out.
     */
    private Optional<Boolean> isNewer() throws TransferException {
        RemoteStat stat = files.lookUp(aside()).orElse(RemoteStat.UNTOLD);
        if (stat.size().isPresent() && stat.size().getAsLong() != intent.bytes()) {
            return Optional.of(false);
        }
        boolean timed = stat.modified().isPresent() && intent.modified().isPresent();
        if (timed && stat.modified().getAsLong() != intent.modified().getAsLong()) {
            return Optional.of(false);
        }
        try (InputStream content = files.read(aside())) {
            // Without a time, the older file may have the same bytes.
            boolean same = Upload.digestOf(content, intent.bytes()).equals(intent.sha256());
            return same && !timed ? Optional.empty() : Optional.of(same);
        } catch (TransferException | IOException e) {
            LOG.atDebug().addKeyValue("aside", aside()).setCause(e).log("A file that was set aside cannot be read");
            return Optional.empty();
        }
    }

    private boolean isThere(RemotePath path) throws TransferException {
        return files.lookUp(path).isPresent();
    }

    private boolean isFree(RemotePath path) throws TransferException {
        try {
            return files.stat(path).isEmpty();
        } catch (TransferException e) {
            if (files.isOpen()) {
                return false;
            }
            throw e;
        }
    }
}
