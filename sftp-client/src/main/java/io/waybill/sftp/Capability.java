package io.waybill.sftp;

import io.waybill.domain.DestinationClass;
import java.util.Set;

/** What a destination's server can do beyond plain reading and writing. */
public enum Capability {
    /** {@link RemoteFiles#rename}: gives a file a name that is free. Assumed until a server says otherwise. */
    RENAME,
    /** {@link RemoteFiles#replace}: gives a file a name, taken or not, in one step. */
    REPLACE,
    /** {@link RemoteFiles#rename} refuses a name that is taken. Never assumed: no server says it of itself. */
    RENAME_REFUSES,
    /** {@link RemoteFiles#truncate} works. Never assumed. */
    TRUNCATE,
    /** {@link RemoteFile#finish} leaves the bytes on the server's disk. */
    SYNC,
    /** {@link RemoteFiles#syncDirectoryOf} leaves a name on the server's disk. */
    SYNC_DIRECTORY,
    /** The bytes of one file may come over several channels, in any order. Never assumed. */
    STRIPES,
    /** The server tells how much room is left, so that a full disk is told from other refusals. */
    FREE_SPACE;

    /** What a server with these capabilities lets Waybill promise. */
    public static DestinationClass classOf(Set<Capability> capabilities) {
        if (capabilities.contains(REPLACE)) {
            // Durable is a rename that has come to its directory's disk; the bytes alone would lie there without a name.
            return capabilities.contains(SYNC) && capabilities.contains(SYNC_DIRECTORY)
                    ? DestinationClass.ATOMIC_DURABLE
                    : DestinationClass.ATOMIC;
        }
        return capabilities.contains(RENAME) ? DestinationClass.NON_ATOMIC : DestinationClass.DIRECT;
    }
}
