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
 * The older file that is in the way of a staged one, at a server that cannot replace a file in one step. It is set aside
 * and never removed; whoever resolves the intent finds it, gives it its name back if the newer one is not published, and
 * reports where it lies if it is. One thread.
 *
 * <p>It is set aside into a directory, the <em>room</em>, which the execution that staged makes before the intent is
 * committed, and which nobody makes again. Before anything is reported, the room is closed: what lies in it gets the aside
 * name, and the directory is removed, which a server refuses while there is a file in it. From then on a late request of a
 * former owner, or one whose answer was lost, finds no room, so that it moves neither the delivered file nor what a partner
 * puts there. Before the room is closed such a request may move the new file; then the one who closes puts it back. Where
 * the server lets an empty directory be neither removed nor renamed, the room stays open, and this does not hold.
 */
final class OlderFile {
    private static final Logger LOG = LoggerFactory.getLogger(OlderFile.class);

    /** A former owner fills the room once at most, and one rarely has more than one former owner. */
    private static final int MOST_CLEARINGS = 4;

    private final RemoteFiles files;
    private final Prepared intent;

    OlderFile(RemoteFiles files, Prepared intent) {
        this.files = files;
        this.intent = intent;
    }

    /**
     * Removes the room of an execution that died before its intent was committed. One with a file in it stays: whose name
     * that is, nothing tells any more.
     *
     * @return whether it was removed
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

    /** Where it lies once the room is closed, if there is one. */
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
     * @throws TransferException if that is refused, mostly because there is no room: the name was free when the file was
     *                           staged, or the intent is of a version that made none
     */
    void setAside(RemotePath name) throws TransferException {
        if (!isFree(inRoom())) {
            throw new TransferException(
                    FailureKind.REMOTE_ERROR, "a file was set aside before for '" + name + "'");
        }
        files.rename(name, inRoom());
    }

    /**
     * Sees to it that nothing is set aside for this intent any more, and says what was; a new file that was is put back.
     *
     * @param name    the final name
     * @param certain whether what was set aside cannot be the new file: that one is withdrawn, or was never anybody else's
     *                to set aside
     * @throws TransferException if something lies in the room, and can be moved neither to the aside name nor back
     */
    Found find(RemotePath name, boolean certain) throws TransferException {
        close(name);
        if (!isThere(aside())) {
            return Found.NOTHING;
        }
        // Looked at after the room is closed: before, a late request may take it away right after the look.
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
        /** It lies under the aside name. */
        OLDER,
        /** The new file has its name again. */
        NEWER_PUT_BACK,
        /** Either of both; it lies under the aside name. */
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

    /** The first that is found in the room is what was in the way; a second was set aside by a late request. */
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
            // Where empty directories cannot be removed, another name does as well.
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
     * Gives what was set aside its name back, if that is free. Only after {@link #find}, and if the staging file
     * is withdrawn or is itself what was set aside.
     */
    boolean putBack(RemotePath name) throws TransferException {
        // Looked at first, since some servers rename over what is there.
        boolean back = isFree(name) && renamed(aside(), name);
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
     * Whether what was set aside is the intent's own file, which a late request took for the older one; a file of the same
     * second and size is read. Empty if that cannot be told.
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
            // Without a time the older file may have the same bytes.
            boolean same = Upload.digestOf(content).equals(intent.sha256());
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
