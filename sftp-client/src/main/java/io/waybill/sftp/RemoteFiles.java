package io.waybill.sftp;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The few things a transfer does at a destination, over one connection. Any number of threads may share it; every
 * method waits for the server's answer. Paths lie below the destination's root. A method that throws CONNECTION_LOST or
 * STALLED leaves the connection closed, and the outcome of what it was doing unknown. Nothing that a delivery does may
 * depend on {@link #list}: many destinations forbid to list.
 */
public interface RemoteFiles extends AutoCloseable {
    /**
     * What the server offered, less what it was found not to keep, and with what it was found to do. The first write with
     * {@link Existing#KEEP} to a destination tries out what can be tried, with small files beside the one that is written;
     * after that it only shrinks.
     */
    Set<Capability> capabilities();

    /**
     * The same, as far as it holds for files in the directory of this path: a server may sync one directory and not another,
     * and replace files in one and not in another.
     */
    default Set<Capability> capabilities(RemotePath path) {
        return capabilities();
    }

    /** What is known of replacing a file in one step in the directory of this name. */
    default Evidence replacing(RemotePath staging) {
        return Evidence.UNPROVEN;
    }

    /** What was found out with files of one's own. */
    enum Evidence {
        /** It was seen. */
        PROVEN,
        /** It was refused, and a plain rename in the same directory was not. */
        DISPROVED,
        /** Neither. */
        UNPROVEN
    }

    /** What tells this server from another at the same address: its host key, and what it says of its software. */
    default String server() {
        return hostKey();
    }

    /**
     * Tries out what can be tried, with small files beside this name, unless enough is known of the server: what
     * {@link #write} began to try may have come to nothing, as in a directory that was not there yet.
     */
    default void tryOut(RemotePath staging) throws TransferException {}

    /**
     * Whether the server gives no file another name in the directory of this one: tried now, with small files beside it,
     * and never seen otherwise over any connection to the destination.
     *
     * @return false if that cannot be told
     */
    default boolean renamesNothing(RemotePath staging) throws TransferException {
        return false;
    }

    /** Takes note that the server does not keep what it offered; for all connections to the destination. */
    void disprove(Capability capability);

    /** Whether the connection is not known to be broken; costs nothing. */
    boolean isOpen();

    /** The fingerprint of the host key that this connection's server showed, as "SHA256:…". */
    String hostKey();

    /** Asks the server for a sign of life. */
    void ping() throws TransferException;

    /**
     * Opens a file for writing, made if it is not there. The caller closes it.
     *
     * @param existing what becomes of the bytes of a file that has the name already
     * @param from     the offset of the first byte to write, 0 or more
     * @throws TransferException           PATH_MISSING if the directory does not exist
     * @throws UnsupportedRequestException with {@link Existing#KEEP}, if nothing can be renamed here: what is staged could
     *                                     never be published
     */
    RemoteFile write(RemotePath path, Existing existing, long from) throws TransferException;

    /** Opens a file for writing from its beginning. */
    default RemoteFile write(RemotePath path, Existing existing) throws TransferException {
        return write(path, existing, 0);
    }

    /** What {@link #write} does with bytes that are there. */
    enum Existing {
        /** They stay until they are overwritten: a late writer of the same bytes does no harm. */
        KEEP,
        /** They are gone at once. */
        TRUNCATE
    }

    /** The bytes of a file; a read that fails throws {@link java.io.IOException}. The caller closes it. */
    InputStream read(RemotePath path) throws TransferException;

    /** What the server says of a path; empty if nothing is there. */
    Optional<RemoteStat> stat(RemotePath path) throws TransferException;

    /** As {@link #stat}, of a symbolic link itself and not of what it leads to. */
    default Optional<RemoteStat> statLink(RemotePath path) throws TransferException {
        return stat(path);
    }

    /**
     * As {@link #stat}; empty too if the server does not let the path be looked at.
     *
     * @throws TransferException BAD_NAME if the path cannot be written there, or if the connection is lost
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

    /** Makes one directory. A server's way to say that it is there already is mostly a plain REMOTE_ERROR. */
    void makeDirectory(RemotePath directory) throws TransferException;

    /**
     * Removes a directory that has nothing in it; one with something in it is refused.
     *
     * @throws UnsupportedRequestException if the server does not do that
     */
    default void removeDirectory(RemotePath directory) throws TransferException {
        throw new UnsupportedRequestException("directories cannot be removed here: '" + directory + "'");
    }

    /**
     * Removes a file.
     *
     * @return whether there was one
     */
    boolean remove(RemotePath path) throws TransferException;

    /**
     * Cuts a file to a size, by name. Some servers refuse everything of this kind, so a caller takes a refusal for a
     * warning.
     *
     * @throws TransferException PATH_MISSING if there is no file of this name
     */
    void truncate(RemotePath path, long size) throws TransferException;

    /**
     * Some of the names in a directory, in no order; for clearing up only.
     *
     * @param most how many names at most
     * @throws TransferException PATH_MISSING if there is no such directory
     */
    List<RemoteEntry> list(RemotePath directory, int most) throws TransferException;

    /**
     * Renames in one step, whether the new name is taken or not.
     *
     * @throws TransferException PATH_MISSING if there is no file of the old name, or no directory for the new one
     */
    void replace(RemotePath from, RemotePath to) throws TransferException;

    /**
     * Renames; most servers refuse a new name that is taken, with REMOTE_ERROR, and some overwrite it.
     *
     * @throws TransferException PATH_MISSING if there is no file of the old name, or no directory for the new one
     */
    void rename(RemotePath from, RemotePath to) throws TransferException;

    /**
     * Gives a file a name that nobody else uses: by {@link #rename}, or by {@link #replace} where plain renames are refused
     * and replacing is offered.
     *
     * @throws TransferException what the last request was refused with; where the file is then, only {@link #stat} tells
     */
    default void move(RemotePath from, RemotePath to) throws TransferException {
        boolean replaces = capabilities().contains(Capability.REPLACE);
        if (!replaces || capabilities().contains(Capability.RENAME)) {
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

    /** Breaks the connection; whoever waits for an answer gets CONNECTION_LOST. */
    @Override
    void close();
}
