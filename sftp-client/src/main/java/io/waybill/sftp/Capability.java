package io.waybill.sftp;

import io.waybill.domain.DestinationClass;
import java.util.Set;

/** What a destination's server can do beyond plain reading and writing. */
public enum Capability {
    /** {@link RemoteFiles#rename}: gives a file a name that is free. Assumed until a server says otherwise. */
    RENAME,
    /** {@link RemoteFiles#replace}: gives a file a name, taken or not, in one step. */
    REPLACE,
    /** {@link RemoteFiles#rename} refuses a name that is taken. Never assumed: no server reports this about itself. */
    RENAME_REFUSES,
    /** {@link RemoteFiles#truncate} works. Never assumed. */
    TRUNCATE,
    /** {@link RemoteFile#finish} leaves the bytes on the server's disk. */
    SYNC,
    /** {@link RemoteFiles#syncDirectoryOf} leaves a name on the server's disk. */
    SYNC_DIRECTORY,
    /** The server takes the bytes of one file over several channels, in any order. Never assumed. */
    STRIPES,
    /** The server reports its free space, so that a full disk can be distinguished from other refusals. */
    FREE_SPACE;

    /** The class that Waybill can promise at a server with these capabilities. */
    public static DestinationClass classOf(Set<Capability> capabilities) {
        if (capabilities.contains(REPLACE)) {
            // A rename is durable when its directory is on the disk. Otherwise the bytes alone would be there, without a
            // name.
            return capabilities.contains(SYNC) && capabilities.contains(SYNC_DIRECTORY)
                    ? DestinationClass.ATOMIC_DURABLE
                    : DestinationClass.ATOMIC;
        }
        return capabilities.contains(RENAME) ? DestinationClass.NON_ATOMIC : DestinationClass.DIRECT;
    }
}
