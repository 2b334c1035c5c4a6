package io.waybill.sftp;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The few things that a transfer does at a destination, over one connection. Any number of threads may share it. Every
 * method waits for the server's answer. Paths are relative to the destination's root. A method that throws CONNECTION_LOST
 * or STALLED leaves the connection closed; the outcome of its request is unknown. No step of a delivery may depend on
 * {@link #list}: many destinations forbid listing.
 */
public interface RemoteFiles extends AutoCloseable {
    /**
     * What the server offers, without what it was found not to do, and with what it was found to do. The first write with
     * {@link Existing#KEEP} to a destination tests what can be tested, with small files beside the file that is written.
     * After that the set only shrinks.
     */
    Set<Capability> capabilities();

    /**
     * The same, for files in the directory of this path. A server may sync one directory and not another, and may
     * rename or replace files in one and not in another.
     */
    default Set<Capability> capabilities(RemotePath path) {
        return capabilities();
    }

    /** What is known about replacing a file in one step in the directory of this name. */
    default Evidence replacing(RemotePath staging) {
        return Evidence.UNPROVEN;
    }

    /** What trials with Waybill's own files showed. */
    enum Evidence {
        /** A trial saw it work. */
        PROVEN,
        /** The server refused it, although a plain rename worked in the same directory. */
        DISPROVED,
        /** No trial has shown either. */
        UNPROVEN
    }

    /** Distinguishes this server from another one at the same address: its host key and the name of its software. */
    default String server() {
        return hostKey();
    }

    /**
     * Tests what can be tested, with small files beside this name, unless enough is known about the server. The trial
     * that {@link #write} starts may have had no result, for example because the directory did not exist yet. If
     * nothing could be renamed, every connection tries once more.
     */
    default void tryOut(RemotePath staging) throws TransferException {}

    /**
     * Whether the server renames no file at all in the directory of this name. Tested now, with small files beside it.
     * False if any connection to the destination ever saw a file renamed.
     *
     * @return false also if that cannot be found out
     */
    default boolean renamesNothing(RemotePath staging) throws TransferException {
        return false;
    }

    /**
     * Whether the server may copy a file instead of renaming it: the names are on different file systems, and the
     * server is not known to refuse that. During the copy the new name has only a part of the file. If the new name is
     * a link, the copy overwrites the file that the link leads to.
     *
     * @return false also if that cannot be found out
     */
    default boolean mayCopy(RemotePath from, RemotePath to) throws TransferException {
        return false;
    }

    /** Records that the server does not do what it offered. Holds for all connections to the server. */
    void disprove(Capability capability);

    /** Whether the connection is not known to be broken. Sends nothing. */
    boolean isOpen();

    /** The fingerprint of the host key that the server of this connection showed, as "SHA256:…". */
    String hostKey();

    /** Asks the server for a sign of life. */
    void ping() throws TransferException;

    /**
     * Opens a file for writing. The caller closes it. A file that is written from its beginning is made if it is not there.
     * A file that is resumed is not made: there would be zeros before the bytes that are sent.
     *
     * @param existing what happens to the bytes of a file that already has the name
     * @param from     the offset of the first byte to write, 0 or more
     * @throws TransferException           PATH_MISSING if the directory or a resumed file does not exist
     * @throws UnsupportedRequestException with {@link Existing#KEEP}, if nothing can be renamed here: a staged file could
     *                                     never be published
     */
    RemoteFile write(RemotePath path, Existing existing, long from) throws TransferException;

    /**
     * Like {@link #write} with {@link Existing#KEEP}, for a file that is to be renamed later. Also asks what has that name
     * now, in the same round trip; {@link RemoteFile#target} tells it.
     */
    default RemoteFile stage(RemotePath path, long from, RemotePath target) throws TransferException {
        return write(path, Existing.KEEP, from);
    }

    /** Opens a file for writing from its beginning. */
    default RemoteFile write(RemotePath path, Existing existing) throws TransferException {
        return write(path, existing, 0);
    }

    /** What {@link #write} does with existing bytes. */
    enum Existing {
        /** The bytes stay until they are overwritten. A late writer of the same bytes does no harm. */
        KEEP,
        /** The bytes are removed at once. */
        TRUNCATE
    }

    /** The bytes of a file. A read that fails throws {@link java.io.IOException}. The caller closes the stream. */
    InputStream read(RemotePath path) throws TransferException;

    /** What the server says about a path; empty if there is nothing. */
    Optional<RemoteStat> stat(RemotePath path) throws TransferException;

    /** Like {@link #stat}, but about a symbolic link itself, not about its target. */
    default Optional<RemoteStat> statLink(RemotePath path) throws TransferException {
        return stat(path);
    }

    /**
     * Like {@link #stat}, but also empty if the server does not let the path be looked up.
     *
     * @throws TransferException BAD_NAME if the destination cannot write the path; any kind if the connection is lost
     */
    default Optional<RemoteStat> lookUp(RemotePath path) throws TransferException {
        try {
            return stat(path);
        } catch (TransferException e) {
            if (isOpen() && e.kind() != FailureKind.BAD_NAME) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Makes one directory. If the directory already exists, most servers answer with a plain REMOTE_ERROR. */
    void makeDirectory(RemotePath directory) throws TransferException;

    /**
     * Removes an empty directory. The server refuses if the directory is not empty.
     *
     * @throws UnsupportedRequestException if the server does not do that
     */
    default void removeDirectory(RemotePath directory) throws TransferException {
        throw new UnsupportedRequestException("directories cannot be removed here: '" + directory + "'");
    }

    /**
     * Removes a file.
     *
     * @return whether there was a file
     */
    boolean remove(RemotePath path) throws TransferException;

    /**
     * Cuts a file to a size, by name. Some servers refuse every request of this kind, so a caller must treat a refusal as a
     * warning.
     *
     * @throws TransferException PATH_MISSING if there is no file with this name
     */
    void truncate(RemotePath path, long size) throws TransferException;

    /**
     * Sets permissions, or the time of the last change, of a file or directory. Some servers refuse every request of this
     * kind, so a caller must treat a refusal as a warning.
     *
     * @param mode     POSIX bits, 0 to 0777
     * @param modified seconds since 1970
     * @throws UnsupportedRequestException if the server does not do that
     */
    default void setAttributes(RemotePath path, OptionalInt mode, OptionalLong modified) throws TransferException {
        throw new UnsupportedRequestException("no attributes can be set here: '" + path + "'");
    }

    /**
     * Some of the names in a directory, in no order, and no name that no path can have. Only for cleaning up: a server that
     * lists slowly, or for ever, is asked for no longer than a minute.
     *
     * @param directory an absolute path; "/" for the destination's root
     * @param wanted    which names to return; the others count for nothing
     * @param most      the most names to return
     * @throws TransferException PATH_MISSING if there is no such directory
     */
    List<RemoteEntry> list(String directory, Predicate<String> wanted, int most) throws TransferException;

    /** The same, whatever the names are. */
    default List<RemoteEntry> list(String directory, int most) throws TransferException {
        return list(directory, _ -> true, most);
    }

    /**
     * Renames in one step, whether the new name is taken or not.
     *
     * @throws TransferException PATH_MISSING if there is no file with the old name, or no directory for the new one
     */
    void replace(RemotePath from, RemotePath to) throws TransferException;

    /**
     * Renames. Most servers refuse a new name that is taken, with REMOTE_ERROR; some overwrite the file.
     *
     * @throws TransferException PATH_MISSING if there is no file with the old name, or no directory for the new one
     */
    void rename(RemotePath from, RemotePath to) throws TransferException;

    /**
     * Gives a file a name that nobody else uses. Uses {@link #rename}; uses {@link #replace} if the server refuses plain
     * renames and offers replacing.
     *
     * @throws TransferException the refusal of the last request; then only {@link #stat} shows where the file is
     */
    default void move(RemotePath from, RemotePath to) throws TransferException {
        Set<Capability> can = capabilities(from);
        boolean replaces = can.contains(Capability.REPLACE);
        if (!replaces || can.contains(Capability.RENAME)) {
            try {
                rename(from, to);
                return;
            } catch (TransferException e) {
                if (!replaces || !isOpen()) {
                    throw e;
                }
            }
        }
        replace(from, to);
    }

    /** Returns when the entry of this name in its directory is on the server's disk. */
    void syncDirectoryOf(RemotePath path) throws TransferException;

    /** Breaks the connection. Threads that wait for an answer get CONNECTION_LOST. */
    @Override
    void close();
}
